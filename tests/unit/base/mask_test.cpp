#include "base/mask.h"

#include <doctest/doctest.h>

#include "base/value_check.h"

using crm::masked;
using crm::passes_value_check;

TEST_CASE("masks keep what tells values apart, and hide what they do not know") {
  CHECK(masked("110101199003070011", "cn-id-card") == "110101********0011");
  CHECK(masked("13800138000", "phone") == "138****8000");
  CHECK(masked("+86 138 0013 8000", "phone") == "+86 138 **** 8000");
  CHECK(masked("12345", "phone") == "***");
  CHECK(masked("wang@example.com", "email") == "w***@example.com");
  CHECK(masked("no address", "email") == "***");
  CHECK(masked("王小明", "name") == "王**");
  CHECK(masked("6222 0212 3456 7890", "bank-card") == "**** **** **** 7890");
  CHECK(masked("anything", "all") == "***");
  CHECK(masked("anything", "") == "***");
}

TEST_CASE("values with a check digit") {
  CHECK(passes_value_check("11010519491231002X", "cn-id-card"));  // the example of GB 11643
  CHECK(passes_value_check("11010519491231002x", "cn-id-card"));
  CHECK_FALSE(passes_value_check("110105194912310020", "cn-id-card"));
  CHECK_FALSE(passes_value_check("11010519490231002X", "cn-id-card"));  // no 31 February
  CHECK_FALSE(passes_value_check("1101051949123100", "cn-id-card"));
  CHECK(passes_value_check("91350100M000100Y43", "cn-uscc"));  // the example of GB 32100
  CHECK_FALSE(passes_value_check("91350100M000100Y44", "cn-uscc"));
  CHECK_FALSE(passes_value_check("91350100I000100Y43", "cn-uscc"));
  CHECK(passes_value_check("4111 1111 1111 1111", "bank-card"));
  CHECK_FALSE(passes_value_check("4111111111111112", "bank-card"));
  CHECK(passes_value_check("https://example.com/a", "url"));
  CHECK_FALSE(passes_value_check("example.com", "url"));
  CHECK(passes_value_check("anything", ""));
}
