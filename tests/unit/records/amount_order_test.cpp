#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "unit/desk.h"

namespace crm {
namespace {

std::vector<std::string> names_by(Session& session, const std::string& key,
                                  const std::vector<std::string>& terms = {}) {
  ListQuery query;
  query.kind = Kind::lead;
  query.selection.terms = terms;
  query.sort = {key};
  test::CollectedRows rows;
  list(session, query, rows);
  std::vector<std::string> names;
  for (const auto& row : rows.rows) names.push_back(row.at("name"));
  return names;
}

using Names = std::vector<std::string>;

TEST_SUITE("records/amount_order") {
  TEST_CASE("amounts of several currencies are sorted by their units, not by minor ones") {
    test::Desk desk;
    desk.lead("yen", {{"amount", "JPY 1000"}});
    desk.lead("yuan", {{"amount", "CNY 20.50"}});
    desk.lead("dinar", {{"amount", "KWD 15.125"}});
    desk.lead("none");
    CHECK(names_by(desk.session(), "amount") == Names{"dinar", "yuan", "yen", "none"});
    CHECK(names_by(desk.session(), "-amount") == Names{"yen", "yuan", "dinar", "none"});
    CHECK(names_by(desk.session(), "-amount", {"amount>=20"}) == Names{"yen", "yuan"});
  }

  TEST_CASE("a currency that comes in by an edit counts, in later sessions too") {
    test::Desk desk;
    const RecordId first = desk.lead("a", {{"amount", "20"}});
    desk.lead("b", {{"amount", "30"}});
    CHECK(names_by(desk.session(), "amount") == Names{"a", "b"});
    const FieldText yen[] = {{"amount", "JPY 100"}};
    edit(desk.session(), first, yen);
    CHECK(names_by(desk.session(), "amount") == Names{"b", "a"});
    desk.at("2026-03-03T10:00");
    CHECK(names_by(desk.session(), "amount") == Names{"b", "a"});
  }

  TEST_CASE("a currency that was rolled back is noted when it comes again") {
    test::Desk desk;
    desk.lead("a", {{"amount", "20"}});
    {
      const Write undone(desk.session());
      desk.lead("b", {{"amount", "JPY 100"}});
    }
    {
      Write write(desk.session());
      {
        const Step undone(desk.session());
        desk.lead("b", {{"amount", "JPY 100"}});
      }
      desk.lead("c", {{"amount", "JPY 15"}});
      write.commit();
    }
    CHECK(names_by(desk.session(), "amount") == Names{"c", "a"});
  }
}

}  // namespace
}  // namespace crm
