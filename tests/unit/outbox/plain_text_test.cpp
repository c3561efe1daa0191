#include "outbox/plain_text.h"

#include <doctest/doctest.h>

using namespace crm;

TEST_CASE("a text of a record as one line") {
  CHECK(one_line("") == "");
  CHECK(one_line(" two\r\nlines\t\xe2\x80\xa8 and\xe3\x80\x80more ") == "two lines and more");
  CHECK(one_line("red \033[31m") == "red \\x1b[31m");
  CHECK(one_line("王芳") == "王芳");
}

TEST_CASE("a text keeps its lines and no control characters") {
  CHECK(plain_lines("") == "");
  CHECK(plain_lines("a\r\n\n  b\tc\x07") == "a\n\n  b c\\x07\n");
}
