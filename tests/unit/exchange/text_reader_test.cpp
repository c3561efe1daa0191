#include "exchange/text_reader.h"

#include <doctest/doctest.h>
#include <iconv.h>

#include <string>
#include <vector>

#include "crm/error.h"
#include "exchange/encoding.h"
#include "unit/exchange/memory_bytes.h"
#include "unit/exchange/told.h"

namespace {

// The whole text and the encoding, or the error's message.
std::string read_text(const std::string& bytes, std::string_view encoding = {}, std::size_t block = 1 << 16,
                      bool can_go_back = true, std::size_t room = 4096) {
  try {
    crm::TextReader reader(crm::test::memory_bytes(bytes, block, can_go_back), "a.csv", encoding);
    std::string out = reader.encoding().name + ' ';
    std::string buffer(room, '\0');
    for (std::size_t count = reader.read(buffer.data(), room); count > 0;
         count = reader.read(buffer.data(), room)) {
      out.append(buffer, 0, count);
    }
    return out;
  } catch (const crm::Error& error) {
    return crm::test::told(error);
  }
}

std::string encoded(const std::string& text, const char* encoding) {
  const iconv_t converter = iconv_open(encoding, "UTF-8");
  REQUIRE(converter != iconv_t(-1));
  std::string out(text.size() * 4 + 16, '\0');
  std::string in = text;
  char* from = in.data();
  char* to = out.data();
  std::size_t left = in.size();
  std::size_t room = out.size();
  REQUIRE(iconv(converter, &from, &left, &to, &room) != static_cast<std::size_t>(-1));
  iconv_close(converter);
  out.resize(out.size() - room);
  return out;
}

const std::string kTable = "姓名,电话,备注\n王芳,13800138000,下周再联系,需要报价\n张伟,13900139000,喆\n";

}  // namespace

TEST_CASE("UTF-8 with and without a mark") {
  CHECK(read_text(kTable) == "UTF-8 " + kTable);
  CHECK(read_text("\xEF\xBB\xBF" + kTable) == "UTF-8 " + kTable);
  CHECK(read_text("") == "UTF-8 ");
  CHECK(read_text("\xEF\xBB\xBF") == "UTF-8 ");
}

TEST_CASE("a ^Z at the end, as old programs write it, is no part of the text; elsewhere it is") {
  for (const std::size_t block : {std::size_t{1}, std::size_t{7}, std::size_t{1} << 16}) {
    CHECK(read_text(kTable + "\x1A", {}, block) == "UTF-8 " + kTable);
    CHECK(read_text("a\x1A"
                    "b\n\x1A",
                    {}, block) ==
          "UTF-8 a\x1A"
          "b\n");
    CHECK(read_text("\x1A", {}, block) == "UTF-8 ");
    CHECK(read_text(encoded(kTable, "GB18030") + "\x1A", "gb18030", block) == "GB18030 " + kTable);
    CHECK(read_text(encoded("甲\x1A"
                            "乙",
                            "GB18030") +
                        "\x1A",
                    "gb18030", block, true, 8) ==
          "GB18030 甲\x1A"
          "乙");
  }
}

TEST_CASE("encodings with a byte order mark") {
  using namespace std::string_literals;
  CHECK(read_text("\xFF\xFE"s + encoded(kTable, "UTF-16LE")) == "UTF-16LE " + kTable);
  CHECK(read_text("\xFE\xFF"s + encoded(kTable, "UTF-16BE")) == "UTF-16BE " + kTable);
  CHECK(read_text("\xFF\xFE\0\0"s + encoded(kTable, "UTF-32LE")) == "UTF-32LE " + kTable);
  CHECK(read_text("\0\0\xFE\xFF"s + encoded(kTable, "UTF-32BE")) == "UTF-32BE " + kTable);
  CHECK(read_text("\xFF\xFE"s + encoded(kTable, "UTF-16LE"), "utf-16") == "UTF-16LE " + kTable);
  CHECK(read_text("\xEF\xBB\xBF" + kTable, "gb18030") ==
        "'a.csv' begins with the mark of UTF-8, not GB18030");
}

TEST_CASE("encodings that are told from the bytes") {
  CHECK(read_text(encoded(kTable, "UTF-16LE")) == "UTF-16LE " + kTable);
  CHECK(read_text(encoded(kTable, "UTF-16BE")) == "UTF-16BE " + kTable);
  CHECK(read_text(encoded(kTable, "GB18030")) == "GB18030 " + kTable);
  CHECK(read_text(encoded("姓名,电话\n", "GB18030")) == "GB18030 姓名,电话\n");
  CHECK(read_text(encoded(kTable + "😀,1,𠮷\n", "GB18030")) == "GB18030 " + kTable + "😀,1,𠮷\n");
}

TEST_CASE("encodings that are likely from the bytes") {
  const auto is_read = [](const std::string& text, const char* encoding, const std::string& name) {
    CAPTURE(text);
    CHECK(read_text(encoded(text, encoding)) == name + ' ' + text);
  };
  is_read("Name,Ort\nJérôme,Köln\nRené,Müßig\n", "WINDOWS-1252", "WINDOWS-1252");
  is_read("name,email\nJosé,a@b.example\n", "WINDOWS-1252", "WINDOWS-1252");
  is_read("name,note\nA,it’s 5 € – ok\n", "WINDOWS-1252", "WINDOWS-1252");
  is_read("姓名,電話,備註\n王小明,02,臺北市信義區\n", "BIG5", "CP950");
  is_read("客戶名稱,電話\n大同股份有限公司,0223456789\n華碩電腦,0228943447\n", "BIG5", "CP950");
  is_read("客戶名稱,電話\n大同股份有限公司,0223456789\n華碩電腦,0228943447\n", "GBK", "GB18030");
  is_read("名前,電話,会社\n田中さん,03,株式会社テスト\n", "CP932", "CP932");
  is_read("名前,電話,会社\n山田太郎,03-1234,山田商事\n鈴木花子,06,鈴木工業\n", "CP932", "CP932");
  is_read("이름,전화,메모\n김철수,010,서울 강남구\n", "CP949", "CP949");
  is_read("Имя,Телефон\nИван Петров,1\nМосква\n", "CP1251", "CP1251");
}

TEST_CASE("Western names are read, few as they may be") {
  for (const char* name :
       {"Peña", "Müller", "José", "Niccolò", "Søren Åse", "Groß", "ÉLODIE BÉNÉ", "Zoë", "Àngels i Cia",
        "Mª José, 2º", "‘O’Neil’ – Señor", "£5 ± 3 §4", "¿Qué? ¡Olé!", "Acme® 20 °C"}) {
    CAPTURE(name);
    const std::string text = std::string("name,phone\n") + name + ",13800138000\nAcme,13900139000\n";
    CHECK(read_text(encoded(text, "WINDOWS-1252")) == "WINDOWS-1252 " + text);
  }
}

TEST_CASE("a few bytes that make no words are not taken for an encoding") {
  using namespace std::string_literals;
  const std::string refused = "a.csv:2: invalid UTF-8 at byte offset ";
  for (const std::string& name : {"ab\xFF"s
                                  "cd"s,
                                  "x\xFE"s,
                                  "ab\x80"s
                                  "cd"s,
                                  "\xB9\xB9"s,
                                  "K\xA3"s
                                  "ab"s,
                                  "a\xC9"s
                                  "b"s,
                                  "\xD6\xD0"s, "Wa\xB3\xEAsa"s, "\xB1\xB2"s, "\x81\x40"s, "\xE9\xFF"s}) {
    CAPTURE(name);
    const std::string text = "name,note\n" + name + ",13800138000\nAcme,ok\n";
    const std::size_t first = text.find_first_of("\x80\x81\xA3\xB1\xB3\xB9\xC9\xD6\xE9\xFE\xFF");
    CHECK(read_text(text) == refused + std::to_string(first));
  }
  // Central European: the Western code page has other letters for it.
  CHECK(read_text(encoded("name,city\nNovák,Brno\nDvořák,Plzeň\n", "CP1250")).find("invalid UTF-8") !=
        std::string::npos);
  CHECK(read_text(encoded("name\nИв\n", "CP1251")).find("invalid UTF-8") != std::string::npos);
  CHECK(read_text(encoded("name,city\nDvořák,Plzeň\n", "CP1250"), "windows-1250") ==
        "WINDOWS-1250 name,city\nDvořák,Plzeň\n");
}

TEST_CASE("a line of Japanese is enough where it has kana or some usual characters") {
  for (const char* name :
       {"トヨタ", "やまだ", "山田太郎", "株式会社山田", "（株）サンプル", "東京都千代田区１２"}) {
    CAPTURE(name);
    const std::string text = std::string("name,phone\n") + name + ",0312345678\n";
    CHECK(read_text(encoded(text, "CP932")) == "CP932 " + text);
  }
  // Not what only could be: these are as likely Chinese, Western or Korean.
  for (const auto& written :
       {std::pair("張國榮", "GBK"), std::pair("田中", "CP932"), std::pair("Łódź", "CP1250")}) {
    CAPTURE(written.first);
    CHECK(read_text(encoded(std::string("name\n") + written.first + "\n", written.second))
              .find("invalid UTF-8") != std::string::npos);
  }
}

TEST_CASE("where nobody knows the encoding, the message shows what each makes of the bytes") {
  try {
    crm::TextReader text(crm::test::memory_bytes("name\n" + encoded("田中", "CP932") + ",1\n"), "a.csv");
    std::string buffer(4096, '\0');
    while (text.read(buffer.data(), buffer.size()) > 0) continue;
    FAIL("it was read");
  } catch (const crm::Error& error) {
    CHECK(error.hint().find("shift-jis reads '田中'") != std::string::npos);
  }
}

TEST_CASE("damaged UTF-8 stays UTF-8") {
  CHECK(read_text("姓名,电话\n张伟,1\n王\xE8,2\n") == "a.csv:3: invalid UTF-8 at byte offset 26");
}

TEST_CASE("named encodings are read as named") {
  CHECK(read_text(encoded("Jérôme €", "WINDOWS-1252"), "Windows-1252") == "WINDOWS-1252 Jérôme €");
  CHECK(read_text(encoded("臺北市", "BIG5"), "big5") == "CP950 臺北市");
  CHECK(read_text(encoded("株式会社テスト", "SHIFT-JIS"), "shift-jis") == "CP932 株式会社テスト");
  CHECK(read_text(encoded("王芳", "GBK"), "gbk") == "GB18030 王芳");
  CHECK(read_text("x", "no-such") == "unknown encoding 'no-such'");
  CHECK(read_text("x", "gbk//IGNORE") == "unknown encoding 'gbk//IGNORE'");
  CHECK(read_text("a\n\xFF\xFF", "gb18030") == "a.csv:2: invalid GB18030 at byte offset 2");
  CHECK(read_text(encoded("王", "GBK").substr(0, 1), "gbk") == "a.csv:1: invalid GB18030 at byte offset 0");
}

TEST_CASE("wrong bytes and NUL are named with line and byte") {
  using namespace std::string_literals;
  CHECK(read_text("a\nb\n\xC0\xAF") == "a.csv:3: invalid UTF-8 at byte offset 4");
  CHECK(read_text("a\rb\r\xF0\xAF") == "a.csv:3: invalid UTF-8 at byte offset 4");
  CHECK(read_text("王芳\n\xE7\x8E") == "a.csv:2: invalid UTF-8 at byte offset 7");
  CHECK(read_text("a,b\nc\0d\n"s) == "a.csv:2: a NUL character at byte offset 5");
}

TEST_CASE("damage late in a file is found, and Chinese late in a file is read") {
  std::string ascii;
  while (ascii.size() < 5 * 1024 * 1024) ascii += "L000001,somebody,17300008919\n";
  const std::size_t lines = ascii.size() / 29;
  const std::string place =
      "a.csv:" + std::to_string(lines + 1) + ": invalid UTF-8 at byte offset " + std::to_string(ascii.size());
  CHECK(read_text(ascii + "\xE9t\xE9 au sud\n") == "WINDOWS-1252 " + ascii + "été au sud\n");
  CHECK(read_text(ascii + "\xFF\xFF\n") == place);
  CHECK(read_text(ascii + encoded(kTable, "GB18030")) == "GB18030 " + ascii + kTable);
  CHECK(read_text(ascii + kTable) == "UTF-8 " + ascii + kTable);
  // A pipe cannot be read twice: what comes after its first 4 MiB must be UTF-8.
  CHECK(read_text(ascii + encoded(kTable, "GB18030"), {}, 1 << 16, false) == place);
  CHECK(read_text(kTable + ascii + "\xD5\xC5\n").ends_with(std::to_string(kTable.size() + ascii.size())));
}

TEST_CASE("blocks may end inside a character") {
  for (std::size_t block = 1; block < 12; ++block) {
    for (const bool can_go_back : {true, false}) {
      CAPTURE(block);
      CHECK(read_text(kTable, {}, block, can_go_back, 8) == "UTF-8 " + kTable);
      CHECK(read_text(encoded(kTable, "GB18030"), {}, block, can_go_back, 8) == "GB18030 " + kTable);
      CHECK(read_text(encoded(kTable, "UTF-16BE"), {}, block, can_go_back, 8) == "UTF-16BE " + kTable);
      CHECK(read_text("\xFF\xFE" + encoded(kTable, "UTF-16LE"), {}, block, can_go_back, 8) ==
            "UTF-16LE " + kTable);
      CHECK(read_text("\xEF\xBB\xBF" + kTable, {}, block, can_go_back, 8) == "UTF-8 " + kTable);
    }
  }
}

TEST_CASE("files that are no text are named") {
  CHECK(read_text("PK\x03\x04xxxx") == "'a.csv' is a ZIP archive (such as XLSX), not a text file");
}

TEST_CASE("peeking takes nothing away") {
  crm::TextReader reader(crm::test::memory_bytes(kTable, 3), "-");
  CHECK(std::string(reader.peek()) == kTable);
  std::string buffer(1000, '\0');
  std::string out;
  for (std::size_t count = reader.read(buffer.data(), 10); count > 0;
       count = reader.read(buffer.data(), 10)) {
    out.append(buffer, 0, count);
  }
  CHECK(out == kTable);
}
