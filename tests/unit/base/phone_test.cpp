#include "base/phone.h"

#include <doctest/doctest.h>

using namespace crm;

TEST_CASE("digits of a phone number") {
  CHECK(phone_digits("+86 138-0013-8000") == "+8613800138000");
  CHECK(phone_digits("0086 138 0013 8000") == "+8613800138000");
  CHECK(phone_digits("（０１０）８８８８－９９９９") == "01088889999");
  CHECK(phone_digits("＋１ (212) 555.0123") == "+12125550123");
  CHECK(phone_digits("\u202A+86\u00A0138\u30000013\u20118000\u202C") == "+8613800138000");
  for (const std::string none :
       {"", " ", "+", "n/a", "138x", "138 ext 5", "13800138000/13900139000", "1+2", "00", "\xFF"}) {
    CAPTURE(none);
    CHECK_FALSE(phone_digits(none));
  }
}

TEST_CASE("shapes that need no table") {
  const char* const kMobile = "+8613800138000";
  CHECK(usual_phone("13800138000", "CN") == kMobile);
  CHECK(usual_phone("138 0013 8000", "CN") == kMobile);
  CHECK(usual_phone("8613800138000", "CN") == kMobile);
  CHECK(usual_phone("0086-138-0013-8000", "CN") == kMobile);
  CHECK(usual_phone("+86 138 0013 8000", "") == kMobile);
  CHECK(usual_phone("+8613800138000", "US") == kMobile);
  CHECK(usual_phone("(212) 555-0123", "US") == "+12125550123");
  CHECK(usual_phone("1-212-555-0123", "CA") == "+12125550123");
  CHECK(usual_phone("+1 212 555 0123", "CN") == "+12125550123");

  CHECK_FALSE(usual_phone("13800138000", "US"));
  CHECK_FALSE(usual_phone("13800138000", ""));
  CHECK_FALSE(usual_phone("12800138000", "CN"));
  CHECK_FALSE(usual_phone("1380013800", "CN"));
  CHECK_FALSE(usual_phone("138001380001", "CN"));
  CHECK_FALSE(usual_phone("010 8888 9999", "CN"));
  CHECK_FALSE(usual_phone("2125550123", "CN"));
  CHECK_FALSE(usual_phone("112 555 0123", "US"));
  CHECK_FALSE(usual_phone("212 155 0123", "US"));
  CHECK_FALSE(usual_phone("+44 20 7946 0000", "GB"));
  CHECK_FALSE(usual_phone("", "CN"));
}
