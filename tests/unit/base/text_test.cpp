#include "base/text.h"

#include <doctest/doctest.h>

#include "unit/random.h"

using namespace crm;
using namespace std::string_literals;

TEST_CASE("invalid UTF-8 is found where it begins") {
  CHECK(is_valid_utf8(""));
  CHECK(is_valid_utf8("plain text of more than eight bytes"));
  CHECK(is_valid_utf8("张伟 é 😀 \xF4\x8F\xBF\xBF"));
  CHECK(is_valid_utf8("a\0b"s));
  CHECK(find_invalid_utf8("12345678\x80") == 8);
  CHECK(find_invalid_utf8("张\xFF") == 3);
  CHECK(find_invalid_utf8("ab\xE5\xBC") == 2);        // cut short
  CHECK(find_invalid_utf8("\xC0\xAF") == 0);          // overlong
  CHECK(find_invalid_utf8("\xE0\x80\xAF") == 0);      // overlong
  CHECK(find_invalid_utf8("\xED\xA0\x80") == 0);      // surrogate
  CHECK(find_invalid_utf8("\xF4\x90\x80\x80") == 0);  // over U+10FFFF
  CHECK(find_invalid_utf8("\xF0\x8F\xBF\xBF") == 0);  // overlong
  CHECK(with_replacements("a\xFF\xE5\xBC!") == "a\uFFFD\uFFFD\uFFFD!");
}

TEST_CASE("every code point is written and read back") {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text;
    append_utf8(text, c);
    std::string_view rest = text;
    const bool whole = first_character_size(text) == text.size();
    if (!whole || next_character(rest) != c || !rest.empty()) FAIL("code point " << std::uint32_t{c});
  }
}

TEST_CASE("characters are counted, whatever the bytes") {
  CHECK(character_count("") == 0);
  CHECK(character_count("张伟ab") == 4);
  CHECK(character_count("0123456789é😀") == 12);
  CHECK(character_count("a\xFF\xFE") == 3);
}

TEST_CASE("white space of every script is trimmed") {
  CHECK(trimmed(" \t\r\n a b \v\f") == "a b");
  CHECK(trimmed("\u3000\u00A0张伟\u2003\u3000") == "张伟");
  CHECK(trimmed("\u3000 \u00A0").empty());
  CHECK(trimmed("").empty());
  CHECK(trimmed("\xA0x\x80") == "\xA0x\x80");  // not UTF-8: nothing to take off
}

TEST_CASE("folding joins spellings of the same text") {
  CHECK(folded("  Hello   WORLD ") == "hello world");
  CHECK(folded("ＡＢＣ　１２３") == "abc 123");
  CHECK(folded("Café") == "cafe");
  CHECK(folded("Cafe\u0301") == "cafe");
  CHECK(folded("STRASSE") == folded("Straße"));
  CHECK(folded("ﬁle") == "file");
  CHECK(folded("İstanbul") == "istanbul");
  CHECK(folded("ΣΊΣΥΦΟΣ") == folded("σίσυφος"));
  CHECK(folded("й") == "й");  // a mark that makes another letter stays
  CHECK(folded("ｶﾞ") == "ガ");
  CHECK(folded("か\u3099") == "が");
  CHECK(folded("张\u00AD伟\u200B") == "张伟");  // soft hyphen, zero width space
  CHECK(folded("张 伟，Ｌｔｄ") == "张 伟,ltd");
  CHECK(folded("a\xFF") == "a\uFFFD");
  CHECK(folded("").empty());
}

TEST_CASE("folding twice is folding once, and the fast path folds as the full one does") {
  Random random(7);
  const char32_t ranges[][2] = {{0x20, 0x7E},     {0xA0, 0x24F},    {0x300, 0x36F},
                                {0x370, 0x52F},   {0x3000, 0x30FF}, {0x4E00, 0x4E80},
                                {0x1E00, 0x1FFF}, {0xFF01, 0xFF9F}, {0x1F300, 0x1F64F}};
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    const auto& range = ranges[random.below(static_cast<unsigned>(std::size(ranges)))];
    for (unsigned length = random.below(8); length > 0; --length) {
      append_utf8(text, random.one_in(3) ? random.between(U' ', U'~') : random.between(range[0], range[1]));
    }
    CAPTURE(text);
    const std::string once = folded(text);
    REQUIRE(is_valid_utf8(once));
    REQUIRE(folded(once) == once);
    // U+200B folds to nothing but is no character of the fast path.
    REQUIRE(folded(text + "\u200B") == once);
    REQUIRE(search_text(text + "\u200B") == search_text(text));
  }
}

TEST_CASE("search text sets words and Chinese characters apart") {
  CHECK(search_text("张伟 Acme-Ltd.") == "张 伟 acme ltd");
  CHECK(search_text("ACME张伟Ltd") == "acme 张 伟 ltd");
  CHECK(search_text("１３８-0013").compare("138 0013") == 0);
  CHECK(search_text("Zoë's Café") == "zoe s cafe");
  CHECK(search_text("カタカナ 한국") == "カ タ カ ナ 한 국");
  CHECK(search_text("𠀀x") == "𠀀 x");
  CHECK(search_text("!!! ---").empty());
  CHECK(search_text("привет, Мир") == "привет мир");
  std::string joined;
  append_search_text(joined, "Acme");
  append_search_text(joined, "...");
  append_search_text(joined, "张");
  append_search_text(joined, "é");
  CHECK(joined == "acme 张 e");
}

TEST_CASE("e-mail keys and shapes") {
  CHECK(email_key(" Li@Example.COM\u3000") == "li@example.com");
  CHECK(email_key("ｌｉ＠example.com") == "li@example.com");
  CHECK(email_key("").empty());
  for (const std::string good :
       {"a@b", "li.wei+crm@mail.example.com", "王芳@例子.中国", "o'brien@example.ie"}) {
    CAPTURE(good);
    CHECK(is_email(good));
  }
  for (const std::string bad : {"", "a", "@b", "a@", "a@b@c", "a b@c", "a@b..c", "a@.b", "a@b.", "a@b\n",
                                "a\u00A0@b", "a@b,c", "<a@b>", "a@b;c", "\"a\"@b", "a@b\xFF", "a\x7F@b"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_email(bad));
  }
}

TEST_CASE("the nearest name") {
  const std::vector<std::string> stages = {"new",         "contacted", "qualified", "proposal",
                                           "negotiation", "won",       "lost"};
  CHECK(nearest("contcated", stages) == "contacted");
  CHECK(nearest("QUALIFED", stages) == "qualified");
  CHECK(nearest("nwe", stages) == "new");
  CHECK(nearest("neg", stages) == "negotiation");
  CHECK(nearest("lots", stages) == "lost");
  CHECK_FALSE(nearest("x", stages));
  CHECK_FALSE(nearest("", stages));
  CHECK_FALSE(nearest("invoice", stages));
  CHECK_FALSE(nearest(std::string(100'000, 'a'), stages));
  CHECK(nearest("电活", {"电话", "微信"}) == "电话");
}

TEST_CASE("names in messages") {
  CHECK(quoted("a\nb") == "'a\\nb'");
  CHECK(quoted(std::string(100, 'x')) == "'" + std::string(59, 'x') + "…'");
  CHECK(listed({}).empty());
  CHECK(listed({"a"}) == "'a'");
  CHECK(listed({"a", "b"}) == "'a' and 'b'");
  CHECK(listed({"a", "b", "c"}) == "'a', 'b' and 'c'");
}
