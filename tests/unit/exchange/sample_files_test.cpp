// Files that other programs wrote. They lie outside the repository (CRM_SHARED_DATA, else shared/data beside
// it); without them these tests say so and pass.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crm/error.h"
#include "exchange/row_source.h"
#include "unit/exchange/told.h"
#include "unit/source_directory.h"

namespace {

namespace fs = std::filesystem;

std::optional<fs::path> data(const std::string& name) {
  return crm::test::shared_data(name);
}

using Table = std::vector<std::vector<std::string>>;

// The headings and the rows, absent fields as empty texts.
Table table(const fs::path& path, const crm::RowSourceOptions& options = {}) {
  const auto source = crm::open_rows(path.string(), options);
  Table rows{source->headings()};
  crm::InputRow row;
  while (source->next(row)) {
    if (row.fault) {
      rows.push_back({crm::describe(*row.fault, false)});
      continue;
    }
    auto& cells = rows.emplace_back();
    for (const crm::InputField& field : row.fields) cells.emplace_back(field.text);
  }
  return rows;
}

std::size_t rows_in(const fs::path& path, std::size_t columns, const crm::RowSourceOptions& options = {}) {
  const Table rows = table(path, options);
  CHECK(rows.front().size() == columns);
  for (const auto& row : rows) CHECK(row.size() == columns);
  return rows.size() - 1;
}

}  // namespace

TEST_CASE("csv-spectrum: each CSV file holds what its JSON file says") {
  const auto root = data("csv_torture/csv-spectrum");
  if (!root) return;
  int files = 0;
  for (const auto& entry : fs::directory_iterator(*root / "csvs")) {
    CAPTURE(entry.path().filename().string());
    // Its JSON file has another telephone number.
    if (entry.path().stem() == "location_coordinates") continue;
    const fs::path json = *root / "json" / entry.path().stem().concat(".json");
    Table expected = table(json);
    const Table actual = table(entry.path());
    CHECK(actual == expected);
    ++files;
  }
  CHECK(files == 11);
}

TEST_CASE("papaparse: its sample files are read whole") {
  const auto root = data("csv_torture/papaparse");
  if (!root) return;
  CHECK(rows_in(*root / "long-sample.csv", 7) + 1 == 8);
  CHECK(table(*root / "sample.csv") == Table{{"A", "B", "C"}, {"X", "Y", "Z"}});
  CHECK(table(*root / "utf-8-bom-sample.csv") == Table{{"A", "B", "C"}, {"X", "Y", "Z"}});
  const Table rows = table(*root / "malformed.tsv");
  CHECK(std::any_of(rows.begin(), rows.end(), [](const std::vector<std::string>& row) {
    return row.front().find("malformed.tsv:9:12: the quote opened here is never closed") != std::string::npos;
  }));
}

TEST_CASE("exports of other systems have the columns and rows that they should") {
  const auto root = data("export_samples");
  if (!root) return;
  crm::RowSourceOptions western;
  western.encoding = "windows-1252";
  CHECK(rows_in(*root / "hubspot_companies.csv", 5) == 3);
  CHECK(rows_in(*root / "hubspot_contacts.csv", 6) == 3);
  CHECK(rows_in(*root / "european_semicolon.csv", 5) == 2);
  CHECK(rows_in(*root / "google_contacts_2024.csv", 36) == 3);
  CHECK(rows_in(*root / "pipedrive_import_sample.csv", 13) == 1);
  CHECK(rows_in(*root / "duplicate_mixed_columns.csv", 8) > 0);
  CHECK(rows_in(*root / "agency_chaos.csv", 6) == 4);
  CHECK(rows_in(*root / "outlook_full_cp1252.csv", 92, western) == 2);
  CHECK(table(*root / "outlook_full_cp1252.csv") == table(*root / "outlook_full_cp1252.csv", western));
}

TEST_CASE("the same table in every byte order mark") {
  const auto root = data("salesforce_dataloader/tests");
  if (!root) return;
  const Table expected = table(*root / "csvtext_BOM_UTF8.csv");
  CHECK(expected.size() == 3);
  for (const char* name : {"csvtext.csv", "csvtext_BOM_UTF16BE.csv", "csvtext_BOM_UTF16LE.csv"}) {
    CAPTURE(name);
    CHECK(table(*root / name) == expected);
  }
  // These two have the mark of UTF-16 before units of four bytes.
  CHECK_THROWS_AS(table(*root / "csvtext_BOM_UTF32BE.csv"), crm::Error);
  CHECK_THROWS_AS(table(*root / "csvtext_BOM_UTF32LE.csv"), crm::Error);
}

TEST_CASE("the same customers in four encodings") {
  const auto root = data("generated/small");
  if (!root) return;
  const auto content = [&root](const std::string& name, const std::string& encoding) {
    const fs::path path = *root / name;
    CHECK(crm::open_rows(path.string())->encoding() == encoding);
    Table rows = table(path);
    rows.erase(rows.begin());  // the headings of the others are Chinese
    return rows;
  };
  const Table expected = content("customers.csv", "UTF-8");
  CHECK(expected.size() == 300);
  CHECK(content("customers_zh_utf8bom.csv", "UTF-8") == expected);
  CHECK(content("customers_zh_utf16le.tsv", "UTF-16LE") == expected);
  CHECK(content("customers_zh_gb18030.csv", "GB18030") == expected);
  const Table gbk = content("customers_zh_gbk_semicolon.csv", "GB18030");
  REQUIRE(gbk.size() == expected.size());
  CHECK(gbk.front().size() == expected.front().size());
}

TEST_CASE("every sample file is read to its end or refused with a place") {
  for (const char* name :
       {"csv_torture", "export_samples", "salesforce_dataloader", "generated/small", "crm_sales"}) {
    const auto root = data(name);
    if (!root) continue;
    for (const auto& entry : fs::recursive_directory_iterator(*root)) {
      const auto extension = entry.path().extension();
      if (extension != ".csv" && extension != ".tsv") continue;
      CAPTURE(entry.path().filename().string());
      std::string message;
      try {
        (void)table(entry.path());
      } catch (const crm::Error& error) {
        CHECK(error.code() == crm::ErrorCode::invalid);
        message = crm::test::told(error);
      }
      CHECK((message.empty() || message.find(entry.path().filename().string()) != std::string::npos));
    }
  }
}
