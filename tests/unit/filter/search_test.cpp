#include "filter/search.h"

#include <doctest/doctest.h>

#include "base/phone.h"
#include "base/text.h"

using namespace crm;

TEST_CASE("searches as FTS5 queries") {
  CHECK(fts5_query("acme") == "\"acme\"*");
  CHECK(fts5_query("Acme-Ltd 138") == "\"acme\"* AND \"ltd\"* AND \"138\"*");
  CHECK(fts5_query("张伟") == "\"张 伟\"");
  CHECK(fts5_query("张伟 汽车") == "\"张 伟\" AND \"汽 车\"");
  CHECK(fts5_query("张伟　汽车 ") == "\"张 伟\" AND \"汽 车\"");
  CHECK(fts5_query("张伟 ACME 王") == "\"张 伟\" AND \"acme\"* AND \"王\"");
  CHECK(fts5_query("\" OR text : NEAR(a b) *") ==
        "\"or\"* AND \"text\"* AND \"near\"* AND \"a\"* AND \"b\"*");
  CHECK(fts5_query("8001") == "(\"8001\"* OR \"·8001\")");
  CHECK(fts5_query("80013") == "(\"80013\"* OR \"·8001 ·0013\")");
  CHECK(fts5_query("acme 001380") == "\"acme\"* AND (\"001380\"* OR \"·0013 ·0138 ·1380\")");
  CHECK(fts5_query("13800138000") == "\"13800138000\"*");
  CHECK(fts5_query("!!! --") == "");
  CHECK(fts5_query("acme 41 55") ==
        "\"acme\"* AND (\"41\"* OR (\"4155\"* OR \"·4155\")) AND (\"55\"* OR (\"4155\"* OR \"·4155\"))");
}

TEST_CASE("nothing to look for finds nothing") {
  CHECK(fts5_condition(Kind::lead, "!!!", 1).sql == "1 = 0");
  CHECK_FALSE(search_matches("!!!", "a b"));
}

TEST_CASE("any part of a phone number is found") {
  const std::string number = "13857149260";
  std::string text = "li " + number;
  append_number_parts(text, number);
  CHECK(text == "li 13857149260 ·3857 ·8571 ·5714 ·7149 ·1492 ·4926 ·9260");
  for (std::size_t at = 0; at < number.size(); ++at) {
    for (std::size_t count = 4; at + count <= number.size(); ++count) {
      CAPTURE(number.substr(at, count));
      CHECK(search_matches(number.substr(at, count), text));
    }
  }
  CHECK_FALSE(search_matches("857", text));
  CHECK_FALSE(search_matches("38579", text));
  CHECK_FALSE(search_matches("57147", text));
  CHECK_FALSE(search_matches("571492600", text));
  CHECK_FALSE(search_matches("2601", text));
}

TEST_CASE("a phone number is found by its groups too, however they are set apart") {
  const std::string number = "4155552671";
  std::string text = "li 1" + number + ' ' + number;
  append_number_parts(text, number);
  for (std::size_t at = 0; at < number.size(); ++at) {
    for (std::size_t count = 4; at + count <= number.size(); ++count) {
      for (std::size_t cut = 1; cut < count; ++cut) {
        for (const char* space : {" ", "-", ") "}) {
          const std::string words = number.substr(at, cut) + space + number.substr(at + cut, count - cut);
          CAPTURE(words);
          CHECK(search_matches(words, text));
        }
      }
    }
  }
  for (const char* words :
       {"+1 415 555", "(415) 555-26 71", "4 1 5 5 5 5 2 6 7 1", "li 155 55", "155-55 li"}) {
    CAPTURE(words);
    CHECK(search_matches(words, text));
  }
  for (const char* words : {"415 556", "55 15", "415 555 26712", "155 55 li 99", "155 li 55"}) {
    CAPTURE(words);
    CHECK_FALSE(search_matches(words, text));
  }
}

TEST_CASE("the 0 that is dialled before a number need not stand in it") {
  std::string text = "861088881234 1088881234";
  append_number_parts(text, "1088881234");
  for (const char* words : {"010 8888", "010-8888 1234", "01088881234", "0108888", "8888 1234"}) {
    CAPTURE(words);
    CHECK(search_matches(words, text));
  }
  CHECK_FALSE(search_matches("010 8889", text));
  CHECK_FALSE(search_matches("0010 8888", text));
}

TEST_CASE("searches answered from a record's text") {
  const std::string text = search_text("张伟 Acme-Ltd. 13800138000");
  CHECK(search_matches("acm", text));
  CHECK(search_matches("LTD 张伟", text));
  CHECK(search_matches("伟", text));
  CHECK(search_matches("138", text));
  CHECK_FALSE(search_matches("伟张", text));
  CHECK_FALSE(search_matches("cme", text));
  CHECK_FALSE(search_matches("acme wang", text));
}
