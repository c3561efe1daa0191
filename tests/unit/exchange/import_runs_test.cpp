#include "crm/import_runs.h"

#include <doctest/doctest.h>

#include "crm/leads.h"
#include "unit/exchange/import_desk.h"

namespace {

using crm::ImportOptions;
using crm::Kind;
using crm::RecordId;
using crm::UndoneImport;
using crm::test::CollectedRows;
using crm::test::error_code;
using crm::test::ImportDesk;

constexpr RecordId kLead1{Kind::lead, 1};
constexpr RecordId kLead2{Kind::lead, 2};

std::vector<CollectedRows::Texts> runs(ImportDesk& desk) {
  CollectedRows rows;
  crm::list_imports(desk.session(), std::nullopt, rows);
  return rows.rows;
}

std::vector<CollectedRows::Texts> ids(ImportDesk& desk, std::int64_t run) {
  CollectedRows rows;
  crm::import_ids(desk.session(), run, rows);
  return rows.rows;
}

bool is_whole(ImportDesk& desk) {
  return crm::verify(desk.session()).problems.empty();
}

}  // namespace

TEST_CASE("each import is a run, newest first, with the digest of its file") {
  ImportDesk desk;
  const std::string text = "lead_id,name\nA,x\nB,y\n";
  CHECK(desk.import(Kind::lead, text).run == 1);
  CHECK(desk.import(Kind::lead, text).run == 2);
  CHECK(desk.session().take_notices().empty());  // nothing is there twice
  const auto listed = runs(desk);
  REQUIRE(listed.size() == 2);
  CHECK(listed[0].at("id") == "2");
  CHECK(listed[0].at("unchanged") == "2");
  CHECK(listed[0].at("change").empty());
  CHECK(listed[1].at("added") == "2");
  CHECK(listed[1].at("state") == "done");
  // printf 'lead_id,name\nA,x\nB,y\n' | sha256sum
  CHECK(listed[1].at("digest") == "02250d2549265a235e564b729e9c24315dd3d84a43147e57009a35f2313c6499");
  CHECK(error_code([&] {
          CollectedRows rows;
          crm::show_import(desk.session(), 9, rows);
        }) == 3);
}

TEST_CASE("a dry run is no run, and a failed one says so") {
  ImportDesk desk;
  desk.at("2026-03-02T10:00", "admin", true);
  CHECK(desk.import(Kind::lead, "name\nx\n").run == 0);
  desk.at("2026-03-02T10:00");
  CHECK(runs(desk).empty());
  CHECK(error_code([&] { desk.import(Kind::lead, "name,created_at\nx,never\n"); }) == 4);
  REQUIRE(runs(desk).size() == 1);
  CHECK(runs(desk)[0].at("state") == "failed");
  CHECK(error_code([&] { crm::undo_import(desk.session(), 1); }) == 6);
}

TEST_CASE("a run can be finished once, whatever happened before") {
  ImportDesk desk;
  ImportOptions options;
  options.resume = true;
  const std::string bad = "lead_id,name,created_at\nA,x,never\n";
  CHECK(error_code([&] { desk.import(Kind::lead, bad, options); }) == 4);
  CHECK(error_code([&] { desk.import(Kind::lead, bad, options); }) == 4);
  CHECK(runs(desk).size() == 1);
  const std::string good = "lead_id,name\nA,x\n";
  CHECK(desk.import(Kind::lead, good, options).run == 2);
  const crm::ImportResult again = desk.import(Kind::lead, good, options);
  CHECK(again.run == 2);
  CHECK(again.added == 1);
  CHECK(runs(desk).size() == 2);
  crm::undo_import(desk.session(), 2);
  CHECK(desk.import(Kind::lead, good, options).run == 3);
  CHECK(desk.list(Kind::lead).size() == 1);
}

TEST_CASE("an undone import leaves the records to the byte as they were") {
  ImportDesk desk;
  desk.import(Kind::lead, "lead_id,name,region\nA,x,北京\n");
  const std::string before = desk.exported(Kind::lead);
  desk.at("2026-04-01T10:00");
  desk.import(Kind::lead, "lead_id,name,region,tags,stage\nA,z,上海,hot,contacted\nB,new,,,\nA,zz,,,\n");
  CHECK(desk.exported(Kind::lead) != before);
  desk.at("2026-05-01T10:00");
  const UndoneImport undone = crm::undo_import(desk.session(), 2);
  CHECK(undone.removed == 1);
  CHECK(undone.restored == 2);
  CHECK(undone.kept_count == 0);
  CHECK(desk.exported(Kind::lead) == before);
  CHECK(is_whole(desk));
  CHECK(runs(desk)[0].at("state") == "undone");
  CHECK(error_code([&] { crm::undo_import(desk.session(), 2); }) == 6);
  CHECK(desk.import(Kind::lead, "lead_id,name\nB,new\n").added == 1);  // its reference is free
  crm::undo_import(desk.session(), 3);
  crm::undo(desk.session(), std::stoll(runs(desk)[1].at("undone_by")));
  CHECK(runs(desk)[1].at("state") == "done");
  CHECK(desk.text(kLead1, "name") == "zz");
  CHECK(is_whole(desk));
}

TEST_CASE("what was touched since, or is built upon, stays and is named") {
  ImportDesk desk;
  ImportOptions make_users;
  make_users.on_unknown_user = crm::UnknownUser::create;
  desk.import(Kind::lead, "lead_id,name,owner,stage,contacted_at\nA,x,li,,\nB,y,wang,,\nC,z,chen,,\n",
              make_users);
  crm::edit(desk.session(), kLead1, std::vector<crm::FieldText>{{"note", "called"}});
  desk.add(Kind::followup, {{"about", "lead/2"}, {"note", "hello"}, {"at", "2026-03-02T09:00"}});
  const UndoneImport undone = crm::undo_import(desk.session(), 1);
  CHECK(undone.removed == 2);  // lead/3 and its owner
  // lead/1, its owner, lead/2, its owner.
  CHECK(undone.kept_count == 4);
  CHECK(desk.list(Kind::lead).size() == 2);
  CHECK(desk.text(kLead2, "owner") == "wang");
  bool named = false;
  for (const std::string& kept : undone.kept) named = named || kept == "lead/2: followup/1 hangs on it";
  CHECK(named);
  CHECK(is_whole(desk));
}

TEST_CASE("the numbers of a file lead to the records that they became") {
  ImportDesk desk;
  desk.lead("own");
  desk.import(Kind::lead, "id,name\n1,x\n2,y\n");
  const auto numbers = ids(desk, 1);
  REQUIRE(numbers.size() == 2);
  CHECK(numbers[0].at("old") == "import/1");
  CHECK(numbers[0].at("id") == "2");
  CHECK(numbers[1].at("old") == "import/2");
  CHECK(numbers[1].at("id") == "3");
  desk.import(Kind::customer, "customer_id,name\nC1,Acme\n");
  const auto refs = ids(desk, 2);
  REQUIRE(refs.size() == 1);
  CHECK(refs[0].at("old") == "import/C1");
  CHECK(refs[0].at("kind") == "customer");
  desk.import(Kind::contact, "name,customer_id\n王芳,C1\n");
  CHECK(desk.text({Kind::contact, 1}, "customer") == "customer/1");
}

TEST_CASE("the same file again changes nothing, keys or none") {
  ImportDesk desk;
  const std::string rows =
      "name,phone,email\nWang Wei,13800138000,\nWang Wei,13800138001,\nWang "
      "Wei,13800138000,\nLi,,li@a.example\nLi,,\n";
  CHECK(ImportDesk::counts(desk.import(Kind::contact, rows)) == "5 added");
  for (int again = 0; again < 2; ++again)
    CHECK(ImportDesk::counts(desk.import(Kind::contact, rows)) == "5 unchanged");
  CHECK(desk.list(Kind::contact).size() == 5);
  // What was edited since gets the file's values again, what was deleted comes anew.
  crm::edit(desk.session(), {Kind::contact, 2}, std::vector<crm::FieldText>{{"phone", "13900139000"}});
  CHECK(ImportDesk::counts(desk.import(Kind::contact, rows)) == "1 updated, 4 unchanged");
  crm::remove(desk.session(), {Kind::contact, 1});
  CHECK(ImportDesk::counts(desk.import(Kind::contact, rows)) == "1 added, 4 unchanged");
  CHECK(desk.list(Kind::contact).size() == 5);
}

TEST_CASE("rows that were rejected the first time do not shift the others") {
  ImportDesk desk;
  crm::ImportOptions options;
  options.keep_going = true;
  const std::string rows = "name,owner\nx,\ny,zhao\nz,\n";
  CHECK(ImportDesk::counts(desk.import(Kind::lead, rows, options)) == "2 added, 1 rejected");
  desk.user("zhao");
  CHECK(ImportDesk::counts(desk.import(Kind::lead, rows, options)) == "1 added, 2 unchanged");
  CHECK(ImportDesk::counts(desk.import(Kind::lead, rows, options)) != "3 added");
}
