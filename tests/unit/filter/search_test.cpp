#include "filter/search.h"

#include <doctest/doctest.h>

#include "base/text.h"

using namespace crm;

TEST_CASE("searches as FTS5 queries") {
  CHECK(fts5_query("acme") == "\"acme\"*");
  CHECK(fts5_query("Acme-Ltd 138") == "\"acme\"* AND \"ltd\"* AND \"138\"*");
  CHECK(fts5_query("张伟") == "\"张 伟\"");
  CHECK(fts5_query("张伟 ACME 王") == "\"张 伟\" AND \"acme\"* AND \"王\"");
  CHECK(fts5_query("\" OR text : NEAR(a b) *") ==
        "\"or\"* AND \"text\"* AND \"near\"* AND \"a\"* AND \"b\"*");
  CHECK(fts5_query("!!! --") == "");
}

TEST_CASE("nothing to look for finds nothing") {
  CHECK(fts5_condition(Kind::lead, "!!!", 1).sql == "1 = 0");
  CHECK_FALSE(search_matches("!!!", "a b"));
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
