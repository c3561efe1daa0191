#include "records/standing.h"

#include <doctest/doctest.h>

#include "crm/merge.h"
#include "crm/records.h"
#include "crm/users.h"
#include "records/session_state.h"
#include "unit/desk.h"

namespace crm {
namespace {

using test::Desk;
using test::error_code;

RecordId customer(Desk& desk, const std::string& name) {
  return desk.add(Kind::customer, {{"name", name}});
}

void put_under(Desk& desk, RecordId record, const std::string& parent) {
  const std::vector<FieldText> fields = {{"parent", parent}};
  edit(desk.session(), record, fields);
}

TEST_SUITE("records/standing") {
  TEST_CASE("nothing stands above itself") {
    Desk desk;
    const RecordId a = customer(desk, "A"), b = customer(desk, "B"), c = customer(desk, "C");
    CHECK(error_code([&] { put_under(desk, a, "1"); }) == 4);
    put_under(desk, a, "2");
    put_under(desk, b, "3");
    CHECK(error_code([&] { put_under(desk, c, "1"); }) == 4);
    CHECK(error_code([&] { put_under(desk, b, "1"); }) == 4);
    put_under(desk, a, "3");
    desk.add(Kind::user, {{"name", "li"}});
    desk.add(Kind::user, {{"name", "wang"}, {"manager", "li"}});
    const std::vector<FieldText> fields = {{"manager", "wang"}};
    CHECK(error_code([&] { edit(desk.session(), {Kind::user, 2}, fields); }) == 4);
  }

  TEST_CASE("an undo makes no circle either") {
    Desk desk;
    const RecordId a = customer(desk, "A"), b = customer(desk, "B");
    put_under(desk, a, "2");
    put_under(desk, a, "");
    const std::int64_t freed =
        desk.session().state().connection->query_integer("SELECT max(id) FROM change").value_or(0);
    put_under(desk, b, "1");
    CHECK(error_code([&] { undo(desk.session(), freed); }) == 4);
  }

  TEST_CASE("who takes over from their manager's manager's manager is not managed by those they manage") {
    Desk desk;
    const RecordId boss = desk.user("boss");
    desk.add(Kind::user, {{"name", "li"}, {"manager", "boss"}});
    desk.add(Kind::user, {{"name", "wang"}, {"manager", "li"}});
    transfer_holdings(desk.session(), boss, "wang");
    CHECK(desk.text({Kind::user, 3}, "manager").empty());
    CHECK(desk.text({Kind::user, 4}, "manager") == "li");
  }

  TEST_CASE("a merge leaves no circle") {
    Desk desk;
    const RecordId winner = customer(desk, "W"), between = customer(desk, "X"), loser = customer(desk, "L");
    put_under(desk, winner, "2");
    put_under(desk, between, "3");
    merge(desk.session(), winner, std::vector<RecordId>{loser});
    CHECK(desk.text(winner, "parent") == "customer/2");
    CHECK(desk.text(between, "parent").empty());
    const RecordId under = customer(desk, "Y"), other = customer(desk, "M");
    put_under(desk, under, "2");
    put_under(desk, other, "4");
    merge(desk.session(), between, std::vector<RecordId>{other});
    CHECK(desk.text(between, "parent").empty());
  }
}

}  // namespace
}  // namespace crm
