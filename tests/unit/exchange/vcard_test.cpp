#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "crm/error.h"
#include "exchange/row_source.h"
#include "unit/exchange/memory_bytes.h"
#include "unit/exchange/told.h"
#include "unit/source_directory.h"

namespace {

using Lines = std::vector<std::string>;

// "heading=text" of each card, or its fault.
Lines cards(const std::string& bytes, const std::string& encoding = {}, std::size_t block = 1 << 16) {
  crm::RowSourceOptions options;
  options.encoding = encoding;
  Lines lines;
  try {
    const auto source = crm::open_rows(crm::test::memory_bytes(bytes, block, false), "a.vcf", options);
    crm::InputRow row;
    while (source->next(row)) {
      std::string& line = lines.emplace_back(std::to_string(row.line) + ":");
      if (row.fault) line += ' ' + row.fault->message;
      for (std::size_t i = 0; i < row.fields.size(); ++i) {
        if (row.fields[i].given) line += ' ' + source->headings()[i] + '=' + std::string(row.fields[i].text);
        for (const std::string_view item : row.fields[i].items) line += '[' + std::string(item) + ']';
      }
    }
    for (const std::string& warning : source->warnings()) lines.push_back(warning);
  } catch (const crm::Error& error) {
    CHECK(error.code() == crm::ErrorCode::invalid);
    lines.push_back(crm::test::told(error));
  }
  return lines;
}

std::string card(const std::string& inside, const std::string& version = "3.0") {
  return "BEGIN:VCARD\r\nVERSION:" + version + "\r\n" + inside + "END:VCARD\r\n";
}

}  // namespace

TEST_CASE("a card's properties become the fields of a contact") {
  CHECK(cards(card(
            "N:Li;Ming;;;\r\nFN:Ming Li\r\nORG:Acme\\, Ltd;Sales\r\nTITLE:Buyer\r\n"
            "TEL;TYPE=WORK,FAX:1\r\nTEL;TYPE=work:2\r\nitem1.TEL;TYPE=CELL,pref:3\r\nEMAIL:a@b.example\r\n"
            "EMAIL;TYPE=home:c@d.example\r\nBDAY:19800405\r\nNOTE:one\\ntwo\r\nCATEGORIES:a,b c\r\n"
            "CATEGORIES:d\\,e\r\n"
            "UID:urn:uuid:x-1\r\nADR;TYPE=work:;;1 Main St;Anytown;CA;91921;USA\r\nPHOTO;ENCODING=b:AAAA\r\n"
            "X-CRM-LOST-REASON:price\r\n")) ==
        Lines{"1: name=Ming Li fax=1 phone=3 ::: 2 email=a@b.example ::: c@d.example company=Acme, Ltd "
              "department=Sales "
              "title=Buyer birthday=1980-04-05 note=one\ntwo tags=[a][b c][d,e] ref=vcard/x-1 "
              "address=1 Main St, Anytown, CA, 91921, USA lost_reason=price"});
}

TEST_CASE("a name is put together where the card has none") {
  CHECK(cards(card("N:张;伟\r\n")) == Lines{"1: name=张伟"});
  CHECK(cards(card("N:Doe;John;Q.,Public\r\n")) == Lines{"1: name=John Q.,Public Doe"});
  CHECK(cards(card("ORG:Acme;X\r\n")) == Lines{"1: name=Acme company=Acme department=X"});
  CHECK(cards(card("EMAIL:a@b.example\r\n")) == Lines{"1: name=a@b.example email=a@b.example"});
}

TEST_CASE("the preferred name is the record's; another one is told of") {
  CHECK(cards(card("FN;LANGUAGE=zh:李雷\r\nFN;PREF=1:Li Lei\r\n", "4.0")) ==
        Lines{"1: name=Li Lei name 2=李雷"});
}

TEST_CASE("phones as addresses, dates without a year, and messengers") {
  CHECK(cards(card("FN:A\r\nTEL;VALUE=uri:tel:+86-10-8888-6666;ext=12;phone-context=x\r\n"
                   "TEL;VALUE=uri:tel:+8613800138000\r\n",
                   "4.0")) == Lines{"1: name=A phone=+86-10-8888-6666 ext. 12 ::: +8613800138000"});
  CHECK(cards(card("FN:A\r\nBDAY;X-APPLE-OMIT-YEAR=1604:1604-03-05\r\n")) ==
        Lines{"1: name=A birthday=--03-05"});
  CHECK(cards(card("FN:A\r\nBDAY;X-APPLE-OMIT-YEAR=1604:16040305\r\n")) ==
        Lines{"1: name=A birthday=--0305"});
  CHECK(cards(card("FN:A\r\nBDAY;X-APPLE-OMIT-YEAR=1604:1980-03-05\r\n")) ==
        Lines{"1: name=A birthday=1980-03-05"});
  CHECK(cards(card(
            "FN:A\r\nIMPP;X-SERVICE-TYPE=WeChat:x-apple:zhang\r\nIMPP;X-SERVICE-TYPE=Skype:skype:li\r\n")) ==
        Lines{"1: name=A wechat=zhang messenger=li"});
}

TEST_CASE("folding, quoted-printable and character sets") {
  CHECK(cards(card("FN:John\r\n  Doe\r\nNOTE:a\r\n\tb\r\n")) == Lines{"1: name=John Doe note=ab"});
  CHECK(cards(card("FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E5=BC=A0=\r\n=E4=BC=9F\r\nNOTE;QUOTED-"
                   "PRINTABLE:a=3D=\r\n b\r\n",
                   "2.1")) == Lines{"1: name=张伟 note=a=b"});
  CHECK(cards(card("FN:a\r\nNOTE;ENCODING=QUOTED-PRINTABLE:one=0D=0A=\r\ntwo=0Athree\r\n", "2.1")) ==
        Lines{"1: name=a note=one\ntwo\nthree"});
  CHECK(cards(card("FN;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:=D5=C5=CE=B0\r\n", "2.1")) ==
        Lines{"1: name=张伟"});
  CHECK(cards(card("FN;CHARSET=GB2312:\xD5\xC5\xCE\xB0\r\n", "2.1")) == Lines{"1: name=张伟"});
  CHECK(cards(card("FN:Ren\xE9\r\n", "2.1"), "windows-1252") == Lines{"1: name=René"});
  CHECK(cards(card("FN:a\x81\x8D\r\n")) == Lines{"1: a value that is not in UTF-8"});
  CHECK(cards("\xEF\xBB\xBF" + card("FN:张伟\r\n")) == Lines{"1: name=张伟"});
  std::string wide = "\xFF\xFE";
  for (const char c : card("FN:Al\r\n")) (wide += c) += '\0';
  CHECK(cards(wide) == Lines{"1: name=Al"});
  CHECK(cards("\x84\x31\x95\x33" + card("FN:\xD5\xC5\xCE\xB0\r\n")) == Lines{"1: name=张伟"});
  std::string wider;
  for (const char c : card("FN:Al\r\n")) wider.append(1, c).append(3, '\0');
  CHECK(cards(wider, "utf-32le") == Lines{"1: name=Al"});
}

TEST_CASE("in version 2.1 a backslash is one") {
  CHECK(cards(card("FN:C:\\new;x\\;y\r\n", "2.1")) == Lines{"1: name=C:\\new;x;y"});
}

TEST_CASE("several cards, cards within cards, and lines that are none") {
  CHECK(cards(card("FN:a\r\n") + "\r\n" +
              card("FN:b\r\nAGENT:\r\nBEGIN:VCARD\r\nFN:c\r\nEND:VCARD\r\nNOTE:d\r\n")) ==
        Lines{"1: name=a", "6: name=b note=d"});
  CHECK(cards("begin:vcard\nfn:a\nend:vcard\n") == Lines{"1: name=a"});
  CHECK(cards(card("FN:a\r\nstray\r\n")) == Lines{"1: name=a", "passed over 1 line that is no property"});
  CHECK(cards("BEGIN:VCARD\nFN:a\n") == Lines{"1: the card that begins here has no END:VCARD name=a"});
  CHECK(cards("hello\n") == Lines{"'a.vcf' holds no vCard"});
  CHECK(cards("") == Lines{"'a.vcf' holds no vCard"});
}

TEST_CASE("a card without its end takes no other with it, and is kept as far as it was read") {
  const std::string fault = ": the card that begins here has no END:VCARD";
  CHECK(cards("BEGIN:VCARD\nFN:a\nTEL:1\n" + card("FN:b\r\n") + card("FN:c\r\n")) ==
        Lines{"1" + fault + " name=a phone=1", "4: name=b", "8: name=c"});
  CHECK(cards("BEGIN:VCARD\nBEGIN:VCARD\nFN:b\n") == Lines{"1" + fault, "2" + fault + " name=b"});
  CHECK(cards("BEGIN:VCARD\nFN:a\nAGENT:\nBEGIN:VCARD\nFN:x\nEND:VCARD\n" + card("FN:b\r\n")) ==
        Lines{"1" + fault + " name=a", "7: name=b"});
  CHECK(cards("BEGIN:VCARD\nFN:a\nAGENT:\nBEGIN:VCARD\nFN:x\n" + card("FN:b\r\n")) ==
        Lines{"1" + fault + " name=a", "6: name=b"});

  const auto source =
      crm::open_rows(crm::test::memory_bytes("BEGIN:VCARD\nFN:a\nTEL:1\n", 1 << 16, false), "a.vcf", {});
  crm::InputRow row;
  REQUIRE(source->next(row));
  CHECK(row.text == R"({"name": "a", "phone": "1"})");
}

TEST_CASE("a Chinese name is written together, the family name first") {
  CHECK(cards(card("N:张;三\r\nFN:三 张\r\n")) == Lines{"1: name=张三"});
  CHECK(cards(card("N:欧阳;娜娜\r\nFN:欧阳 娜娜\r\n")) == Lines{"1: name=欧阳娜娜"});
  CHECK(cards(card("N:欧阳;娜娜\r\nFN:娜娜欧阳\r\n")) == Lines{"1: name=欧阳娜娜"});
  CHECK(cards(card("N:张;三\r\nFN:张三 经理\r\n")) == Lines{"1: name=张三 经理"});
  CHECK(cards(card("N:Doe;John\r\nFN:John Doe\r\n")) == Lines{"1: name=John Doe"});
}

TEST_CASE("the preferred address stands first, and groups are no people") {
  CHECK(cards(card("FN:a\r\nEMAIL;PREF=2:two@x.example\r\nEMAIL;PREF=1:one@x.example\r\n", "4.0")) ==
        Lines{"1: name=a email=one@x.example ::: two@x.example"});
  CHECK(cards(card("KIND:group\r\nFN:Team\r\nMEMBER:urn:uuid:1\r\n", "4.0") + card("FN:a\r\n") +
              card("FN:List\r\nX-ADDRESSBOOKSERVER-KIND:group\r\n")) ==
        Lines{"7: name=a", "passed over 2 cards of groups"});
  CHECK(cards(card("KIND:group\r\nFN:Team\r\n", "4.0")) == Lines{"passed over 1 card of a group"});
}

TEST_CASE("bombs are refused") {
  std::string nested;
  for (int i = 0; i < 10'000; ++i) nested += "BEGIN:VCARD\nAGENT:\n";
  CHECK(cards(nested) == Lines{"a.vcf:65: cards within cards, more than 32 levels deep"});
  std::string groups = "BEGIN:VCARD\nFN:a\n";
  for (int i = 0; i < 10'000; ++i) groups += "g.";
  CHECK(cards(groups + "TEL:1\nEND:VCARD\n") == Lines{"1: name=a", "passed over 1 line that is no property"});
  CHECK(cards("BEGIN:VCARD\nNOTE:" + std::string(2 << 20, 'x') + "\nEND:VCARD\n") ==
        Lines{"a.vcf:2: a property of more than 1 MiB"});
  std::string many = "BEGIN:VCARD\n";
  for (int i = 0; i < 3'000; ++i) many += "TEL:1\n";
  CHECK(cards(many) == Lines{"a.vcf:2002: more than 2,000 properties in a card"});
}

TEST_CASE("blocks may end anywhere in a card") {
  const std::string text =
      card("FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E5=BC=A0=\r\n=E4=BC=9F\r\nNOTE:a\r\n b\r\n", "2.1");
  for (std::size_t block = 1; block < 9; ++block)
    CHECK(cards(text, {}, block) == Lines{"1: name=张伟 note=ab"});
}

TEST_CASE("empty lines say nothing, but count") {
  const std::string text =
      "\n\r\n\r\r\n\nBEGIN:VCARD\n\r\n\n\nFN:x\r\n\r\nNOTE:a\n b\n\nEND:VCARD\n\n\n" + card("FN:y\r\n");
  for (std::size_t block = 1; block < 9; ++block) {
    CAPTURE(block);
    CHECK(cards(text, {}, block) == Lines{"6: name=x note=ab", "18: name=y"});
  }
}

TEST_CASE("a last line without its end is a line") {
  CHECK(cards("BEGIN:VCARD") == Lines{"1: the card that begins here has no END:VCARD"});
  CHECK(cards(card("FN:x\n") + "BEGIN:VCARD") ==
        Lines{"1: name=x", "5: the card that begins here has no END:VCARD"});
}

TEST_CASE("cards that phones and mail programs wrote are read whole") {
  const auto root = crm::test::shared_data("vcards");
  if (!root) return;
  int count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(*root)) {
    if (entry.path().extension() != ".vcf") continue;
    CAPTURE(entry.path().filename().string());
    const auto source = crm::open_rows(entry.path().string());
    crm::InputRow row;
    while (source->next(row)) {
      // One of Android's cards was cut inside a character.
      CHECK((!row.fault || entry.path().filename() == "John_Doe_ANDROID.vcf"));
      ++count;
    }
  }
  CHECK(count == 29);
}
