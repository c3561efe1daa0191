#include "filter/search.h"

#include <doctest/doctest.h>

#include "base/phone.h"
#include "base/text.h"

using namespace crm;

TEST_CASE("searches as FTS5 queries") {
  CHECK(fts5_query("acme") == "\"acme\"*");
  CHECK(fts5_query("Acme-Ltd 138") == "\"acme\"* AND \"ltd\"* AND \"138\"*");
  CHECK(fts5_query("张伟") == "\"张 伟\"");
  CHECK(fts5_query("张伟 ACME 王") == "\"张 伟\" AND \"acme\"* AND \"王\"");
  CHECK(fts5_query("\" OR text : NEAR(a b) *") ==
        "\"or\"* AND \"text\"* AND \"near\"* AND \"a\"* AND \"b\"*");
  CHECK(fts5_query("8001") == "(\"8001\"* OR \"·8001\")");
  CHECK(fts5_query("80013") == "(\"80013\"* OR \"·8001 ·0013\")");
  CHECK(fts5_query("acme 001380") == "\"acme\"* AND (\"001380\"* OR \"·0013 ·0138 ·1380\")");
  CHECK(fts5_query("13800138000") == "\"13800138000\"*");
  CHECK(fts5_query("!!! --") == "");
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
