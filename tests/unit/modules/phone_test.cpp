#include "modules/phone.h"

#include <doctest/doctest.h>

#include "base/phone.h"
#include "crm/error.h"
#include "modules/module.h"
#include "modules/phone/interface.h"
#include "unit/random.h"

using namespace crm;

TEST_CASE("a module that is not there is named") {
  try {
    load_module("no-such-module");
    FAIL("it was loaded");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::failed);
    CHECK(error.message().find("'no-such-module'") != std::string::npos);
  }
}

TEST_CASE("phone keys of all shapes") {
  CHECK(phone_key("138 0013 8000", "CN") == "+8613800138000");
  CHECK(phone_key("(010) 8888 9999", "CN") == "+861088889999");
  CHECK(phone_key("+86 10 8888 9999", "") == "+861088889999");
  CHECK(phone_key("020 7946 0000", "GB") == "+442079460000");
  CHECK(phone_key("+44 (0)20 7946 0000", "CN") == "+442079460000");
  CHECK(phone_key("0044 20 7946 0000", "DE") == "+442079460000");
  CHECK(phone_key("0044 20 7946 0000", "US") == "+442079460000");  // though one dials 011 there
  CHECK(phone_key("011 44 20 7946 0000", "US") == "+442079460000");
  CHECK(phone_key("06 12 34 56 78", "FR") == "+33612345678");
  CHECK(phone_key("1-800-FLOWERS", "US") == "+18003569377");
  CHECK(phone_key("+1 212 555 0123 ext. 45", "") == "+12125550123");
  CHECK(phone_key("０１０－８８８８－９９９９", "CN") == "+861088889999");

  for (const std::string none : {"", "n/a", "无", "abc", "1", "12", "+999 123456", "\xFF\xFE", "没有 电话"}) {
    CAPTURE(none);
    CHECK_FALSE(phone_key(none, "CN"));
  }
  CHECK_FALSE(phone_key("555 0123", "US"));  // without its area code
  CHECK_FALSE(phone_key("010 8888 9999", ""));
  CHECK_FALSE(phone_key("010 8888 9999", "XX"));
  CHECK_FALSE(phone_key(std::string(100'000, '1'), "CN"));
}

TEST_CASE("an extension, however it is written, is left out") {
  for (const char* text :
       {"010-88886666转12", "010-88886666 转 12", "010-88886666 轉12", "(010)88886666 分机：12",
        "010 88886666分机号12", "010-88886666（转12）", "010-88886666 (分機 12)", "010-88886666转分机12",
        "０１０－８８８８６６６６转１２", "010-88886666*12", "010-88886666-12", "010-88886666 内线8001",
        "+86 10 88886666-8001", "010-88886666 ext 12"}) {
    CAPTURE(text);
    CHECK(phone_key(text, "CN") == "+861088886666");
  }
  CHECK(phone_key("400 820 8820转8", "CN") == "+864008208820");
  CHECK(phone_key("13800138000-2", "CN") == "+8613800138000");
  CHECK(phone_key("0571-8888-1234", "CN") == "+8657188881234");
  for (const char* wrong : {"010-88886666转", "转12", "010-88886666转1234567", "010-88886666转王芳",
                            "138-0013-80001", "138-0013-800", "010-8888-99991", "13800138000转13900139000",
                            "13800138000-13900139000", "010-88886666转12转13"}) {
    CAPTURE(wrong);
    CHECK_FALSE(phone_key(wrong, "CN"));
  }
}

TEST_CASE("a digit too many or too few is no other number, and a spreadsheet's fraction is none") {
  for (const char* wrong : {"1380013800", "138001380001", "+86 1380013800", "0086 138001380001"}) {
    CAPTURE(wrong);
    CHECK_FALSE(phone_key(wrong, "CN"));
  }
  CHECK(phone_key("13800138000.0", "CN") == "+8613800138000");
  CHECK(phone_key("+442079460000.0", "CN") == "+442079460000");
  CHECK(phone_key("01088889999.0", "CN") == "+861088889999");
  CHECK(phone_key("010.8888.9999", "CN") == "+861088889999");
  CHECK(phone_key("+1 9999999999", "CN") ==
        "+19999999999");  // of the usual shape, though given out to nobody
}

TEST_CASE("the fast path agrees with libphonenumber") {
  const auto* module = static_cast<const PhoneModule*>(load_module("phone"));
  Random random(5);
  int usual_count = 0;
  for (int i = 0; i < 5'000; ++i) {
    const char* const prefixes[] = {"", "1", "+1 ", "+86", "86", "011"};
    std::string text = prefixes[random.below(6)];
    if (random.one_in(2)) text += "1";
    for (unsigned digits = 9 + random.below(3); digits > 0; --digits) {
      text += static_cast<char>('0' + random.below(10));
      if (random.one_in(8)) text += random.one_in(2) ? "-" : " ";
    }
    const char* const countries[] = {"CN", "US", "CA", ""};
    const std::string country = countries[random.below(4)];
    const std::optional<std::string> usual = usual_phone(text, country);
    if (!usual) continue;
    ++usual_count;
    std::string key;
    bool valid = false;
    module->e164(text, country, key, valid);
    CAPTURE(text);
    CAPTURE(country);
    CHECK(*usual == key);
  }
  CHECK(usual_count > 300);
}
