#include "base/domain_name.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "base/text.h"

using crm::ascii_domain;
using crm::email_key;

TEST_CASE("a domain in any letters has one form in ASCII") {
  const std::pair<const char*, const char*> domains[] = {
      {"example.com", "example.com"},
      {"例子.中国", "xn--fsqu00a.xn--fiqs8s"},
      {"例子。中国", "xn--fsqu00a.xn--fiqs8s"},
      {"mail.例子.中國", "mail.xn--fsqu00a.xn--fiqz9s"},
      {"München.example", "xn--mnchen-3ya.example"},
      {"MU\xCC\x88NCHEN.example", "xn--mnchen-3ya.example"},  // u and its dots apart
      {"straße.de", "xn--strae-oqa.de"},
      {"ｅｘａｍｐｌｅ.公司", "example.xn--55qx5d"},
      {"правда.рф", "xn--80aafi6cg.xn--p1ai"},
      {"παράδειγμα.δοκιμή", "xn--hxajbheg2az3al.xn--jxalpdlp"},
      {"スタック・オーバーフロー.jp", "xn--kckj3ayu4f9ayoselbc.jp"},
      {"xn--fsqu00a.中国", "xn--fsqu00a.xn--fiqs8s"},
  };
  for (const auto& [domain, ascii] : domains) {
    CAPTURE(domain);
    CHECK(ascii_domain(domain) == ascii);
  }
}

TEST_CASE("the samples of RFC 3492, 7.1") {
  const std::pair<const char*, const char*> labels[] = {
      {"他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye"},
      {"他們爲什麽不說中文", "xn--ihqwctvzc91f659drss3x8bo0yb"},
      {"почемужеонинеговорятпорусски", "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l"},
      {"3年b組金八先生", "xn--3b-ww4c5e180e575a65lsy2b"},
  };
  for (const auto& [label, ascii] : labels) CHECK(ascii_domain(label) == ascii);
}

TEST_CASE("what can be no domain name") {
  std::string long_label;
  for (int i = 0; i < 60; ++i) long_label += "例";
  for (const std::string& bad :
       {std::string("例子..中国"), std::string(".例子"), std::string("例-.中国"), std::string("-例.中国"),
        std::string("例 子.中国"), std::string("例_子.中国"), std::string("😀.example"),
        std::string("\u202e例.中国"), std::string("\u0301例.中国"), std::string("ab--例.com"),
        std::string("例\xff.com"), long_label + long_label}) {
    CAPTURE(bad);
    CHECK(ascii_domain(bad).empty());
  }
}

TEST_CASE("an address is the same in both forms of its domain") {
  CHECK(email_key("Wang@例子.中国") == "wang@xn--fsqu00a.xn--fiqs8s");
  CHECK(email_key("wang@XN--FSQU00A.xn--fiqs8s") == "wang@xn--fsqu00a.xn--fiqs8s");
  CHECK(email_key("王@Example.com") == "王@example.com");
  CHECK(email_key("wang@😀.com") == "wang@😀.com");
}
