#include <doctest/doctest.h>

#include <string>

#include "unit/desk.h"

using namespace crm;
using crm::test::Desk;
using crm::test::error_code;

TEST_CASE("an address with a control character is refused, also at its ends; spaces around it are a slip") {
  Desk desk;
  const auto code = [&](const std::string& email) {
    return error_code([&] { desk.lead("A", {{"email", email}}); });
  };
  for (const std::string bad : {"a@x.org\r\n", "a@x.org\n", "\ta@x.org", "a@x.org\v", "a@x.org\xC2\x85",
                                "a@x.org\xE2\x80\xA8", "a@x.org\nBcc: b@x.org", "-oQ@x.org", "a@x.org\x01"}) {
    CAPTURE(bad);
    CHECK(code(bad) == 4);
  }
  CHECK(code(std::string(250, 'a') + "@x.org") == 4);
  CHECK(desk.text(desk.lead("A", {{"email", "  a@x.org "}}), "email") == "a@x.org");
}

TEST_CASE("an address that no mail can go to is kept, and that is said once") {
  Desk desk;
  desk.lead("A", {{"email", "a@😀.example"}});
  desk.lead("B", {{"email", "a@例_子.example"}});
  CHECK(desk.session().take_notices().size() == 1);
}

TEST_CASE("an address in other letters is kept; that some servers do not know it is said once") {
  Desk desk;
  const RecordId lead = desk.lead("A", {{"email", "wang@例子.中国"}});
  CHECK(desk.text(lead, "email") == "wang@例子.中国");
  CHECK(desk.session().take_notices().empty());
  desk.lead("B", {{"email", "李@例子.中国"}});
  desk.lead("C", {{"email", "李@example.com"}});
  CHECK(desk.session().take_notices().size() == 1);
}
