#include <doctest/doctest.h>

#include "unit/desk.h"

using namespace crm;
using crm::test::Desk;
using crm::test::error_code;

TEST_CASE("a name that a user or team has is taken until that one is deleted") {
  Desk desk;
  const RecordId li = desk.user("li", "east");
  CHECK(error_code([&] { desk.user("li"); }) == 6);
  CHECK(error_code([&] { desk.add(Kind::team, {{"name", "east"}}); }) == 6);
  remove(desk.session(), li);
  desk.user("li");
  CHECK(error_code([&] { restore(desk.session(), li); }) == 6);
}
