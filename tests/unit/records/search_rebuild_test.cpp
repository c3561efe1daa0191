// The search index follows whatever changes the words of records, and is checked and made anew.
#include <doctest/doctest.h>

#include "crm/import_runs.h"
#include "crm/records.h"
#include "crm/search.h"
#include "crm/workflow.h"
#include "records/session_state.h"
#include "records/write_record.h"
#include "unit/exchange/import_desk.h"

namespace {

using crm::Kind;
using crm::test::ImportDesk;

std::size_t hits(ImportDesk& desk, const std::string& words) {
  return crm::search(desk.session(), words, 10).hits.size();
}

std::vector<std::string> problems(ImportDesk& desk) {
  std::vector<std::string> found = crm::doctor(desk.session());
  std::erase_if(found,
                [](const std::string& problem) { return problem.find("search") == std::string::npos; });
  return found;
}

// Behind the program's back.
void reindex(ImportDesk& desk, std::int64_t id, const std::string& former, const std::string& words) {
  crm::Connection& connection = *desk.session().state().connection;
  connection.begin(crm::AccessMode::write);
  connection.reindex(crm::search_key({Kind::lead, id}), former, words);
  connection.commit();
}

}  // namespace

TEST_SUITE("records/search_rebuild") {
  TEST_CASE("a workflow that changes what is searched finds records by it from then on") {
    ImportDesk desk;
    const std::string fields = "workflow: w\nfields:\n  lead:\n    plate: {type: text";
    apply_workflow(desk.session(), fields + "}\n", "w.yaml");
    desk.lead("Ann", {{"plate", "沪A12345"}, {"phone", "(650) 253-0000"}});
    desk.lead("Ben", {{"plate", "京B777"}});
    CHECK(hits(desk, "12345") == 0);
    CHECK(hits(desk, "+16502530000") == 0);

    apply_workflow(desk.session(), "country: US\n" + fields + ", searchable: true}\n", "w.yaml");
    CHECK(hits(desk, "12345") == 0);  // digits within a word that is no phone number
    CHECK(hits(desk, "沪a12345") == 1);
    CHECK(hits(desk, "ann") == 1);
    CHECK(hits(desk, "+16502530000") == 1);
    CHECK(problems(desk).empty());
    const crm::FieldText plate[] = {{"plate", "苏C9"}};
    edit(desk.session(), {Kind::lead, 1}, plate);
    CHECK(hits(desk, "沪a12345") == 0);
    CHECK(hits(desk, "苏c9") == 1);

    roll_back_workflow(desk.session(), 2);
    CHECK(hits(desk, "苏c9") == 0);
    CHECK(hits(desk, "京b777") == 0);
    CHECK(hits(desk, "ben") == 1);
    CHECK(problems(desk).empty());
  }

  TEST_CASE(
      "records that the index lacks or holds too much of are told, and found again after it is made anew") {
    ImportDesk desk;
    for (const char* name : {"王芳", "Ben", "Cleo"}) desk.lead(name);
    CHECK(problems(desk).empty());
    reindex(desk, 1, "王 芳", "");
    reindex(desk, 2, "ben", "ben hur");
    reindex(desk, 77, "", "ghost");
    CHECK(hits(desk, "芳") == 0);
    CHECK(problems(desk) ==
          std::vector<std::string>{
              "2 leads cannot be found by a search: 'crm reindex' makes the search index anew",
              "the search index has words of 1 records that are gone: 'crm reindex' makes it anew"});
    rebuild_search_index(desk.session());
    CHECK(problems(desk).empty());
    CHECK(hits(desk, "芳") == 1);
    CHECK(hits(desk, "hur") == 0);
  }

  TEST_CASE("a word that is longer than the index keeps is no problem") {
    ImportDesk desk;
    desk.lead("Ann", {{"note", "begin " + std::string(40'000, 'w') + " end"}});
    CHECK(hits(desk, "begin") == 1);
    CHECK(problems(desk).empty());
  }

  TEST_CASE("an import of many that is taken back leaves the others to be found") {
    ImportDesk desk;
    desk.lead("Ann", {{"ref", "erp/1"}});
    desk.lead("Ben");
    std::string rows = "ref,name\nerp/1,Anna\n";
    for (int i = 2; i < 6000; ++i) rows += "erp/" + std::to_string(i) + ",Lead " + std::to_string(i) + '\n';
    desk.import(Kind::lead, rows);
    CHECK(hits(desk, "anna") == 1);
    CHECK(hits(desk, "5999") == 1);
    CHECK(problems(desk).empty());
    undo_import(desk.session(), 1);
    CHECK(hits(desk, "lead") == 0);
    CHECK(hits(desk, "ann") == 1);
    CHECK(hits(desk, "anna") == 0);
    CHECK(hits(desk, "ben") == 1);
    CHECK(problems(desk).empty());
  }
}
