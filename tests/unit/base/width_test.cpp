#include "base/width.h"

#include <doctest/doctest.h>

#include <clocale>

using namespace crm;

TEST_CASE("width in cells, by grapheme") {
  CHECK(display_width("") == 0);
  CHECK(display_width("plain") == 5);
  CHECK(display_width("张伟") == 4);
  CHECK(display_width("ＡＢ") == 4);
  CHECK(display_width("ｱ") == 1);        // half-width kana
  CHECK(display_width("e\u0301") == 1);  // combining accent
  CHECK(display_width("\u200B") == 0);   // zero width space
  CHECK(display_width("😀") == 2);
  CHECK(display_width("❤\uFE0F") == 2);        // emoji presentation
  CHECK(display_width("1\uFE0F\u20E3") == 2);  // keycap
  CHECK(display_width("🇨🇳") == 2);             // flag
  CHECK(display_width("🇨🇳🇫🇷") == 4);
  CHECK(display_width("👨‍👩‍👧‍👦") == 2);  // family, joined
  CHECK(display_width("👍🏽") == 2);                   // skin tone
  CHECK(display_width("각") == 2);
  CHECK(display_width("\u1100\u1161\u11A8") == 2);  // the same, as conjoining jamo
  CHECK(display_width("a\xFFz") == 3);
}

TEST_CASE("width does not depend on the locale") {
  const std::string before = std::setlocale(LC_ALL, nullptr);
  for (const char* locale : {"C", "C.UTF-8"}) {
    std::setlocale(LC_ALL, locale);
    CHECK(display_width("张é😀") == 5);
  }
  std::setlocale(LC_ALL, before.c_str());
}

TEST_CASE("nothing that a terminal obeys stays in visible text") {
  CHECK(visible("plain 张伟 é😀") == "plain 张伟 é😀");
  CHECK(visible("\x1b[31m") == "\\x1b[31m");
  CHECK(visible("a\nb\tc\r") == "a\\nb\\tc\\r");
  CHECK(visible(std::string_view("\0", 1)) == "\\x00");
  CHECK(visible("\x7F\u009B\u0085") == "\\x7f\\x9b\\x85");
  CHECK(visible("\u202E\u2066\u2028") == "\\u202e\\u2066\\u2028");
  CHECK(visible("a\xFF\x9B") == "a\\xff\\x9b");
}

TEST_CASE("cutting leaves whole graphemes and never exceeds the width") {
  CHECK(cut_to_width("hello", 5) == "hello");
  CHECK(cut_to_width("hello", 4) == "hel…");
  CHECK(cut_to_width("hello", 0).empty());
  CHECK(cut_to_width("hello", 1) == "…");
  CHECK(cut_to_width("张伟芳", 6) == "张伟芳");
  CHECK(cut_to_width("张伟芳", 5) == "张伟…");
  CHECK(cut_to_width("张伟芳", 4) == "张…");
  CHECK(cut_to_width("张", 1) == "…");
  CHECK(cut_to_width("ae\u0301b", 2) == "a…");
  CHECK(cut_to_width("e\u0301e\u0301", 2) == "e\u0301e\u0301");
  const std::string text = "a张👨‍👩‍👧e\u0301🇨🇳z";
  for (std::size_t cells = 0; cells <= display_width(text) + 1; ++cells) {
    CHECK(display_width(cut_to_width(text, cells)) <= cells);
  }
}

TEST_CASE("the first characters") {
  CHECK(first_characters("张伟芳", 2) == "张伟");
  CHECK(first_characters("ab", 5) == "ab");
  CHECK(first_characters("ab", 0).empty());
}
