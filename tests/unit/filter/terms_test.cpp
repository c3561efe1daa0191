#include "filter/terms.h"

#include <doctest/doctest.h>

#include <string>

using namespace crm;

namespace {

std::string read_term(std::string_view term) {
  return to_text(parse_term(term).root);
}

}  // namespace

TEST_CASE("terms as expressions") {
  CHECK(read_term("stage=new") == "stage = 'new'");
  CHECK(read_term("stage!=new") == "stage is null or stage <> 'new'");
  CHECK(read_term("amount>=5,000") == "amount >= '5,000'");
  CHECK(read_term("amount<=5") == "amount <= '5'");
  CHECK(read_term("created_at>2026-03-01") == "created_at > '2026-03-01'");
  CHECK(read_term("created-at<+3d") == "created_at < '+3d'");
  CHECK(read_term("note~50% = x") == "note contains '50% = x'");
  CHECK(read_term("owner=") == "owner is null");
  CHECK(read_term("owner!=") == "owner is not null");
  CHECK(read_term("+vip") == "tags contains 'vip'");
  CHECK(read_term("tag=vip") == "tags = 'vip'");
  CHECK(read_term("tag!=vip") == "tags <> 'vip'");
  CHECK(read_term("tag=") == "tags is null");
  CHECK(read_term("王芳") == "search '王芳'");
  CHECK(read_term("li@example.com") == "search 'li@example.com'");
  CHECK(read_term("--x=1") == "search '--x=1'");
  CHECK(read_term("a b=c") == "search 'a b=c'");
  CHECK(to_text(search_expression("stage=new").root) == "search 'stage=new'");
}

TEST_CASE("a value is text as it stands") {
  CHECK(read_term("name=' or 1=1 --") == "name = ''' or 1=1 --'");
  CHECK(read_term("name=null") == "name = 'null'");
  CHECK(read_term("name==x") == "name = '=x'");
  CHECK(read_term("name= x ") == "name = ' x '");
}

TEST_CASE("terms that are refused") {
  CHECK_THROWS_WITH(parse_term(""), "an empty term selects nothing");
  CHECK_THROWS_WITH(parse_term("  "), "an empty term selects nothing");
  CHECK_THROWS_WITH(parse_term("amount>="), "the term 'amount>=' has no value");
  CHECK_THROWS_WITH(parse_term("name~"), "the term 'name~' has no value");
  CHECK_THROWS_WITH(parse_term("name=\xff"), "the term is not valid UTF-8");
  CHECK_THROWS_WITH(parse_term(std::string_view("name=a\0b", 8)), "the term holds a NUL character");
  CHECK_THROWS_WITH(parse_term("name=" + std::string(4096, 'x')), "the term is too long");
}

TEST_CASE("what a bulk command takes for a term") {
  for (const char* term : {"stage=new", "amount>=1", "owner!=", "name~x", "+vip", "+2026-plan", "tag=x"}) {
    INFO(term);
    CHECK(looks_like_term(term));
  }
  for (const char* record : {"42", "lead/42", "ref:sf/00Q5e=", "li@example.com", "+8613800138000",
                             "+86 138-0013 8000", "王芳", "Acme Ltd", "+", "-"}) {
    INFO(record);
    CHECK_FALSE(looks_like_term(record));
  }
}
