// Rows of a very long file whose reference is known already wait for each other: what comes out is as if none
// did.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "unit/exchange/import_desk.h"
#include "unit/random.h"

namespace {

using crm::Kind;
using crm::test::ImportDesk;

constexpr const char* kHeadings = "ref,name,phone,amount,note,tags\n";
constexpr unsigned kRows = 12'000;
constexpr unsigned kRefs = 7'000;

// Most rows have a reference of their own, some that of a row before them, some two, some none.
std::vector<std::string> make_rows(std::uint64_t seed) {
  crm::Random random(seed);
  std::vector<std::string> rows, second;
  const auto ref = [&] { return "erp/" + std::to_string(random.below(kRefs)); };
  for (unsigned i = 0; i < kRows; ++i) {
    std::string refs = random.one_in(50) ? "" : random.one_in(3) ? ref() : "erp/" + std::to_string(kRefs + i);
    if (!refs.empty() && random.one_in(40)) {
      second.push_back("old/" + std::to_string(i));
      refs += ';' + second.back();
    } else if (!second.empty() && random.one_in(40)) {
      refs = second[random.below(static_cast<unsigned>(second.size()))];
    }
    const auto given = [&](const std::string& value) { return random.one_in(4) ? std::string() : value; };
    rows.push_back(refs + ",N" + std::to_string(random.below(900)) + ',' +
                   given("1380013" + std::to_string(1000 + random.below(9000))) + ',' +
                   given(std::to_string(random.below(1000))) + ',' + given("n" + std::to_string(i)) + ',' +
                   given("t" + std::to_string(random.below(5))) + '\n');
  }
  return rows;
}

std::string joined(const std::vector<std::string>& rows, std::size_t first, std::size_t count) {
  std::string text = kHeadings;
  for (std::size_t i = first; i < std::min(first + count, rows.size()); ++i) text += rows[i];
  return text;
}

std::string row_of(const std::string& ref, const std::string& name, const std::string& email) {
  return ref + ',' + name + ',' + email + '\n';
}

}  // namespace

TEST_CASE("a long file with repeated references makes what it makes in small pieces") {
  for (const std::uint64_t seed : {1U, 2U}) {
    const std::vector<std::string> rows = make_rows(seed);
    ImportDesk whole, pieces;
    crm::ImportOptions options;
    options.on_match = seed == 1 ? crm::OnMatch::update : crm::OnMatch::fill;
    const crm::ImportResult result = whole.import(Kind::lead, joined(rows, 0, rows.size()), options);
    crm::ImportResult sum;
    for (std::size_t first = 0; first < rows.size(); first += 1000) {
      const crm::ImportResult part = pieces.import(Kind::lead, joined(rows, first, 1000), options);
      sum.added += part.added;
      sum.updated += part.updated;
      sum.unchanged += part.unchanged;
    }
    CHECK(ImportDesk::counts(result) == ImportDesk::counts(sum));
    CHECK(result.updated > 300);
    const bool same = whole.exported(Kind::lead) == pieces.exported(Kind::lead);
    CHECK(same);
  }
}

TEST_CASE("of two faults of a long file the one that stands first is told, though its row waits") {
  std::string text = "ref,name,email\n";
  for (int i = 0; i < 4000; ++i) text += row_of("erp/" + std::to_string(i), "N", "");
  ImportDesk desk;
  crm::ImportOptions fail;
  fail.on_match = crm::OnMatch::fail;
  const std::string repeated = row_of("erp/7", "Again", "");
  const std::string faulty = row_of("erp/9000", "M", "no address");
  CHECK(crm::test::error_message([&] {
          desk.import(Kind::lead, text + repeated + faulty, fail);
        }).starts_with("rows.csv:4002:1: lead/8 is there already"));
  CHECK(crm::test::error_message([&] {
          desk.import(Kind::lead, text + faulty + repeated, fail);
        }).starts_with("rows.csv:4002:12: "));
  CHECK(crm::test::error_message([&] {
          desk.import(Kind::lead, text + repeated, fail);
        }).starts_with("rows.csv:4002:1: lead/8 is there already"));
  CHECK(desk.exported(Kind::lead).find("erp/7") == std::string::npos);
}
