// What an import takes for granted of references holds until its end.
#include <doctest/doctest.h>

#include "crm/records.h"
#include "records/session_state.h"
#include "unit/exchange/import_desk.h"

namespace {

using crm::Kind;
using crm::test::ImportDesk;

}  // namespace

TEST_CASE("a reference that another session gives after an import is taken") {
  ImportDesk desk;
  desk.import(Kind::lead, "ref,name\nerp/1,Ann\n");
  crm::Session other(desk.session().state().options);
  const crm::FieldText ben[] = {{"name", "Ben"}, {"ref", "erp/2"}};
  add(other, Kind::lead, ben);
  const crm::FieldText ref[] = {{"ref", "erp/2"}};
  CHECK(crm::test::error_message([&] {
          edit(desk.session(), {Kind::lead, 1}, ref);
        }).find("erp/2") != std::string::npos);
}
