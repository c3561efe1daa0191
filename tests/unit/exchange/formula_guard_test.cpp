#include "crm/formula_guard.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

namespace {

std::string defused(std::string_view text) {
  std::string out;
  crm::append_defused(out, text);
  return out;
}

}  // namespace

TEST_CASE("what a spreadsheet would run is defused") {
  for (const char* text : {"=1+1",     "=cmd|' /C calc'!A0",
                           "@SUM(A1)", "\t=1",
                           "\r=1",     "+cmd|x",
                           "-cmd|x",   "+1+1",
                           "-1+2",     "-2-3",
                           "-",        "＝1",
                           "＠x",      "＋1",
                           "－1",      " =1",
                           "\u00A0=1", "\u3000@x",
                           "\n=1",     "  -x",
                           "+",        "-1e5",
                           "+86x"}) {
    CAPTURE(text);
    CHECK(defused(text) == "'" + std::string(text));
  }
}

TEST_CASE("plain numbers, phones and texts stay as they are") {
  for (const char* text :
       {"", "a", "a=b", "1-2", "-5", "-1,234.50", "+3.5", "-12 %", "+86 138-0013-8000", "+1 (415) 555.0100",
        "+8613800138000", "'", "'abc", "it's", "'+86 138", "张=伟", "x@y.com", "\"=1\""}) {
    CAPTURE(text);
    CHECK(defused(text) == text);
    CHECK(crm::restore_formula_guard(text) == text);
  }
}

TEST_CASE("restoring is exact for every text, and nothing defused is formula-like") {
  CHECK(defused("'=1") == "''=1");
  CHECK(crm::restore_formula_guard("''=1") == "'=1");
  std::mt19937 random(3);
  const std::vector<std::string> pieces = {"'", "=", "+", "-", "@",  "\t", "\r",    "\n",
                                           " ", "1", ".", "x", "＝", "－", "\u3000"};
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (std::size_t i = random() % 7; i > 0; --i) text += pieces[random() % pieces.size()];
    CAPTURE(text);
    CHECK(crm::restore_formula_guard(defused(text)) == text);
    CHECK_FALSE(crm::is_formula_like(defused(text)));
  }
}
