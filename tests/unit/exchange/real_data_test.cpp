// Files that nobody made for this importer, against figures that other tools worked out.
#include <doctest/doctest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "unit/exchange/import_desk.h"
#include "unit/source_directory.h"

namespace {

using crm::import_records;
using crm::ImportOptions;
using crm::ImportResult;
using crm::Kind;
using crm::UnknownUser;
using crm::test::ImportDesk;
using crm::test::shared_data;

std::map<std::string, int> count_by(ImportDesk& desk, Kind kind, const std::string& field) {
  std::map<std::string, int> counts;
  for (const auto& row : desk.list(kind)) ++counts[row.at(field)];
  return counts;
}

}  // namespace

TEST_CASE("the generated leads, their history and their follow-ups") {
  const auto folder = shared_data("generated/small");
  if (!folder) return;
  ImportDesk desk;
  ImportOptions options;
  options.on_unknown_user = UnknownUser::create;
  const auto import = [&](Kind kind, const std::string& name) {
    const ImportResult result = import_records(desk.session(), kind, *folder + "/" + name, options);
    CHECK(result.warnings.empty());
    return ImportDesk::counts(result);
  };
  std::ifstream file(*folder + "/truth.json");
  const nlohmann::json truth = nlohmann::json::parse(file);
  CHECK(import(Kind::lead, "leads.csv") == std::to_string(truth["leads"].get<int>()) + " added");
  CHECK(import(Kind::stage_change, "stage_history.csv") == "1710 added");
  CHECK(import(Kind::followup, "followups.csv") == "1399 added");
  CHECK(import(Kind::lead, "leads.csv") == "400 unchanged");
  CHECK(import(Kind::stage_change, "stage_history.csv") == "1710 unchanged");
  CHECK(import(Kind::followup, "followups.csv") == "1399 unchanged");

  CHECK(count_by(desk, Kind::lead, "stage") == truth["lead_stage"].get<std::map<std::string, int>>());
  CHECK(count_by(desk, Kind::stage_change, "to") == truth["reached"].get<std::map<std::string, int>>());
  // Each lead that is open has one open plan, from its last talk; one that is closed has none.
  std::map<std::string, int> plans;
  for (const auto& plan : desk.list(Kind::followup, {"at=", "done_at="})) ++plans[plan.at("about")];
  std::map<std::string, int> talks = count_by(desk, Kind::followup, "about");
  for (const auto& lead : desk.list(Kind::lead)) {
    const std::string record = crm::to_string({Kind::lead, std::stoll(lead.at("id"))});
    const bool open = lead.at("stage") != "won" && lead.at("stage") != "lost";
    const int expected = open && talks[record] > 0 ? 1 : 0;
    CHECK(plans[record] == expected);
  }
}

TEST_CASE("the same customers in five encodings") {
  const auto folder = shared_data("generated/small");
  if (!folder) return;
  ImportDesk desk;
  ImportOptions options;
  options.on_unknown_user = UnknownUser::create;
  const auto import = [&](const std::string& name) {
    return ImportDesk::counts(import_records(desk.session(), Kind::customer, *folder + "/" + name, options));
  };
  CHECK(import("customers.csv") == "300 added");
  CHECK(import("customers_zh_utf8bom.csv") == "300 unchanged");
  CHECK(import("customers_zh_gb18030.csv") == "300 unchanged");
  CHECK(import("customers_zh_utf16le.tsv") == "300 unchanged");
  CHECK(import("customers_zh_gbk_semicolon.csv") == "23 updated, 277 unchanged");  // GBK has no emoji
}

TEST_CASE("the sales pipeline with a mapping file") {
  const auto file = shared_data("crm_sales/sales_pipeline.csv");
  if (!file) return;
  ImportDesk desk;
  ImportOptions options;
  options.on_unknown_user = UnknownUser::create;
  options.source = "pipeline";
  options.maps = {(crm::test::source_directory() / "examples/sales_pipeline.map.yaml").string()};
  options.map_values = {"stage:Prospecting=new", "stage:Engaging=contacted", "stage:Won=won",
                        "stage:Lost=lost"};
  options.set = {"currency=USD"};
  CHECK(ImportDesk::counts(import_records(desk.session(), Kind::lead, *file, options)) == "8800 added");
  CHECK(count_by(desk, Kind::lead, "stage") ==
        std::map<std::string, int>{{"new", 500}, {"contacted", 1589}, {"won", 4238}, {"lost", 2473}});
  CHECK(count_by(desk, Kind::stage_change, "to") ==
        std::map<std::string, int>{{"contacted", 8300}, {"won", 4238}, {"lost", 2473}});
  double revenue = 0;
  for (const auto& lead : desk.list(Kind::lead, {"stage=won"})) revenue += std::stod(lead.at("amount"));
  CHECK(revenue == 10005534);
  CHECK(count_by(desk, Kind::lead, "product").at("GTXPro") == 1480);
  CHECK(desk.list(Kind::user).size() == 31);
  CHECK(ImportDesk::counts(import_records(desk.session(), Kind::lead, *file, options)) == "8800 unchanged");
}
