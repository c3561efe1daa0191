#include "crm/import_runs.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "crm/leads.h"
#include "crm/merge.h"
#include "crm/search.h"
#include "records/session_state.h"
#include "unit/exchange/import_desk.h"

namespace {

using crm::FieldText;
using crm::ImportOptions;
using crm::ImportResult;
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

std::int64_t last_change_of(ImportDesk& desk) {
  return desk.session().state().connection->query_integer("SELECT max(id) FROM change").value_or(0);
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
  CHECK(undone.kept.empty());
  CHECK(desk.exported(Kind::lead) == before);
  CHECK(is_whole(desk));
  CHECK(runs(desk)[0].at("state") == "undone");
  const UndoneImport again = crm::undo_import(desk.session(), 2);  // nothing is left to do
  CHECK(again.removed + again.restored + again.kept_count == 0);
  CHECK(desk.exported(Kind::lead) == before);
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
  CHECK(undone.kept.size() == 4);
  CHECK(desk.list(Kind::lead).size() == 2);
  CHECK(desk.text(kLead2, "owner") == "wang");
  bool named = false;
  for (const std::string& kept : undone.kept) named = named || kept == "lead/2: followup/1 hangs on it";
  CHECK(named);
  CHECK(is_whole(desk));
}

TEST_CASE("an import that was taken back in part is taken back further, as far as it can be by then") {
  ImportDesk desk;
  desk.import(Kind::lead, "lead_id,name,region\nA,x,北京\n");
  const std::string before = desk.exported(Kind::lead);
  desk.import(Kind::lead, "lead_id,name,region\nA,x,上海\nB,y,\nC,z,\nD,w,\n");
  crm::edit(desk.session(), kLead1, std::vector<FieldText>{{"note", "called"}});
  const auto called = last_change_of(desk);
  crm::edit(desk.session(), kLead2, std::vector<FieldText>{{"note", "called"}});
  const RecordId talk =
      desk.add(Kind::followup, {{"about", "lead/3"}, {"note", "hi"}, {"at", "2026-03-02T09:00"}});
  UndoneImport undone = crm::undo_import(desk.session(), 2);
  const auto first_undo = last_change_of(desk);
  CHECK(undone.removed == 1);
  CHECK(undone.kept.size() == 3);
  // What was taken back is no reason to keep anything, and does not come up again.
  undone = crm::undo_import(desk.session(), 2);
  CHECK(undone.removed + undone.restored == 0);
  CHECK(undone.kept == std::vector<std::string>{"lead/1: changed since", "lead/2: changed since",
                                                "lead/3: " + to_string(talk) + " hangs on it"});
  crm::undo(desk.session(), called);
  crm::remove(desk.session(), talk);
  undone = crm::undo_import(desk.session(), 2);
  CHECK(undone.restored == 1);
  CHECK(undone.removed == 1);
  CHECK(undone.kept == std::vector<std::string>{"lead/2: changed since"});
  CHECK(desk.text(kLead1, "region") == "北京");
  CHECK(runs(desk)[0].at("state") == "undone");
  // All of it is put back, and taken back again.
  crm::undo(desk.session(), last_change_of(desk));
  crm::undo(desk.session(), first_undo);
  CHECK(desk.text(kLead1, "region") == "上海");
  CHECK(desk.list(Kind::lead).size() == 4);
  CHECK(runs(desk)[0].at("state") == "done");
  undone = crm::undo_import(desk.session(), 2);
  CHECK(undone.restored == 1);
  CHECK(undone.removed == 2);
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

namespace {

const std::string kSourceCustomers =
    "id,name,parent,ref,created_at,updated_at\n1,Src "
    "Co,customer/2,,2026-01-05T10:00:00+08:00,2026-01-05T10:00:"
    "00+08:00\n2,Src Group,,,2026-01-05T10:00:01+08:00,2026-01-05T10:00:01+08:00\n";
const std::string kSourceContacts =
    "id,name,customer,ref,created_at,updated_at\n1,Src "
    "P,customer/1,,2026-01-06T10:00:00+08:00,2026-01-06T10:00:"
    "00+08:00\n";
const std::string kSourceFollowups =
    "id,about,type,at,note,ref,created_at,updated_at\n1,customer/1,call,2026-01-07T10:00:00+08:00,about Src "
    "Co,,"
    "2026-01-07T10:00:00+08:00,2026-01-07T10:00:00+08:00\n";

}  // namespace

TEST_CASE("exports of another database refer to what their own records became") {
  ImportDesk desk;
  desk.add(Kind::customer, {{"name", "Dst Co"}});
  const RecordId own = desk.add(Kind::contact, {{"name", "Dst P"}, {"customer", "customer/1"}});
  desk.import(Kind::customer, kSourceCustomers);
  CHECK(desk.text({Kind::customer, 3}, "name") == "Src Group");
  CHECK(desk.text({Kind::customer, 2}, "parent") == "customer/3");
  desk.import(Kind::contact, kSourceContacts);
  CHECK(desk.text({Kind::contact, 2}, "customer") == "customer/2");
  desk.import(Kind::followup, kSourceFollowups);
  CHECK(desk.text({Kind::followup, 1}, "about") == "customer/2");
  // The same files again change nothing, nor do exports of this database.
  CHECK(ImportDesk::counts(desk.import(Kind::customer, kSourceCustomers)) == "2 unchanged");
  CHECK(ImportDesk::counts(desk.import(Kind::contact, kSourceContacts)) == "1 unchanged");
  CHECK(ImportDesk::counts(desk.import(Kind::followup, kSourceFollowups)) == "1 unchanged");
  for (const Kind kind : {Kind::customer, Kind::contact, Kind::followup}) {
    const ImportResult again = desk.import(kind, desk.exported(kind));
    CHECK(again.unchanged == again.rows);
  }
  // Nor does it move what is typed: a file that is no export names the records of this database.
  desk.import(Kind::contact, "name,customer\nTyped,customer/1\n");
  CHECK(desk.text({Kind::contact, 3}, "customer") == "customer/1");
  CHECK(desk.text(own, "customer") == "customer/1");
  CHECK(crm::verify(desk.session()).problems.empty());
}

TEST_CASE("of two databases with the same numbers, the folder or the source tells which is meant") {
  ImportDesk desk;
  desk.add(Kind::customer, {{"name", "Dst Co"}});
  const auto import = [&](Kind kind, const std::string& folder, std::string text, const std::string& source) {
    std::filesystem::create_directories(desk.path(folder));
    text.replace(text.find("Src"), 3, folder);
    ImportOptions options;
    options.source = source;
    crm::import_records(desk.session(), kind, desk.file(folder + "/" + std::string(entity(kind).name), text),
                        options);
  };
  import(Kind::customer, "a", kSourceCustomers, "");
  import(Kind::customer, "b", kSourceCustomers, "");
  import(Kind::customer, "c", kSourceCustomers, "erp");
  import(Kind::contact, "b", kSourceContacts, "");
  import(Kind::contact, "a", kSourceContacts, "");
  import(Kind::contact, "d", kSourceContacts, "erp");
  const auto company = [&](std::int64_t contact) {
    return desk.text({Kind::customer, std::stoll(desk.text({Kind::contact, contact}, "customer").substr(9))},
                     "name");
  };
  CHECK(company(1) == "b Co");
  CHECK(company(2) == "a Co");
  CHECK(company(3) == "c Co");
  CHECK(error_code([&] { import(Kind::contact, "e", kSourceContacts, ""); }) == 6);
}

TEST_CASE("names are trimmed, and matched and referred to whatever their case, width and spaces") {
  ImportDesk desk;
  desk.import(Kind::customer,
              "name\n\xE3\x80\x80"
              "Acme Ltd\xC2\xA0 \n");
  CHECK(desk.text({Kind::customer, 1}, "name") == "Acme Ltd");
  ImportOptions by_name;
  by_name.match = {"name"};
  const std::string alike = "name\nacme ltd\nACME  LTD\nＡｃｍｅ　Ｌｔｄ\n";
  CHECK(desk.import(Kind::customer, alike, by_name).added == 0);
  desk.import(Kind::contact, "name,customer\nW,acme LTD\n");
  CHECK(desk.text({Kind::contact, 1}, "customer") == "customer/1");
  CHECK(crm::resolve(desk.session(), Kind::customer, "acme  ltd").id == 1);
  CHECK(error_code([&] { crm::resolve(desk.session(), Kind::customer, "acme"); }) == 3);
}

TEST_CASE("undo after the undo of an import puts that import back") {
  ImportDesk desk;
  desk.import(Kind::lead, "ref,name\nerp/1,A\n");
  const ImportResult second = desk.import(Kind::lead, "ref,name\nerp/1,B\nerp/2,C\n");
  crm::undo_import(desk.session(), second.run);
  CHECK(desk.list(Kind::lead).size() == 1);
  crm::undo(desk.session(), std::nullopt);
  CHECK(desk.list(Kind::lead).size() == 2);
  CHECK(desk.text({Kind::lead, 1}, "name") == "B");
}

TEST_CASE("an import of very many is taken back as one of few is") {
  ImportDesk desk;
  const auto connection = [&]() -> crm::Connection& { return *desk.session().state().connection; };
  const auto texts = [&](const char* sql) {
    std::vector<std::string> found;
    connection().each(sql, {}, [&](const crm::Row& row) { found.emplace_back(row.text(0)); });
    return found;
  };
  desk.import(Kind::lead, "lead_id,name,note\nA,old,before\n");
  const auto schema = texts("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name");
  constexpr int kRows = 6000;
  std::string rows = "lead_id,name,owner,stage,tags,note\n";
  for (int i = 0; i < kRows; ++i) {
    const std::string number = std::to_string(i);
    rows += (i % 100 == 7   ? "A"
             : i % 100 == 8 ? "L" + std::to_string(i / 2)
                            : "L" + number) +
            ",lead " + number + ",user" + std::to_string(i % 3) + ",new," + (i % 5 == 0 ? "hot" : "") +
            ",note " + number + '\n';
  }
  ImportOptions options;
  options.on_unknown_user = crm::UnknownUser::create;
  const ImportResult made = desk.import(Kind::lead, rows, options);
  CHECK(made.updated > 100);
  for (const char* record : {"40", "41", "3000"}) {
    const std::string sql =
        "INSERT INTO outbox (key, rule, about_kind, about, subject, body, on_doubt, created_at, state) "
        "VALUES "
        "('k" +
        std::string(record) + "', 'r', " + std::to_string(static_cast<int>(Kind::lead)) + ", " + record +
        ", 's', 'b', 'resend', 0, 'queued')";
    connection().execute(sql, {});
  }
  crm::edit(desk.session(), {Kind::lead, 3000}, std::vector<FieldText>{{"note", "called"}});

  const UndoneImport undone = crm::undo_import(desk.session(), made.run);
  CHECK(undone.kept.size() == 2);  // lead/3000 and its owner
  CHECK(undone.removed == made.added + 3 - 2);
  CHECK(undone.restored == made.updated);
  CHECK(desk.list(Kind::lead).size() == 2);
  CHECK(desk.text(kLead1, "note") == "before");
  CHECK(texts("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name") == schema);
  CHECK(texts("SELECT about || state FROM outbox ORDER BY id") ==
        std::vector<std::string>{"40cancelled", "41cancelled", "3000queued"});
  CHECK(texts("SELECT count(*) FROM external_ref") == std::vector<std::string>{"2"});
  CHECK(crm::search(desk.session(), "lead", 10).hits.size() == 1);
  CHECK(is_whole(desk));
  CHECK(connection().integrity_problems().empty());

  crm::undo(desk.session(), std::nullopt);
  CHECK(desk.list(Kind::lead).size() == static_cast<std::size_t>(made.added) + 1);
  CHECK(texts("SELECT count(*) FROM external_ref") ==
        std::vector<std::string>{std::to_string(made.added + 1)});
  CHECK(is_whole(desk));
}

TEST_CASE("all that the undo of an import keeps is named, the winner of a merge too") {
  ImportDesk desk;
  std::string rows = "name\n";
  for (int i = 0; i < 29; ++i) rows += "c" + std::to_string(i) + '\n';
  rows += "c28\n";
  const ImportResult result = desk.import(Kind::customer, rows);
  for (int i = 1; i <= 25; ++i)
    crm::edit(desk.session(), {Kind::customer, i}, std::vector<FieldText>{{"note", "x"}});
  const RecordId loser{Kind::customer, 30};
  crm::merge(desk.session(), {Kind::customer, 29}, {&loser, 1});
  const crm::UndoneImport undone = crm::undo_import(desk.session(), result.run);
  CHECK(undone.kept.size() == 27);
  CHECK(std::count(undone.kept.begin(), undone.kept.end(), "customer/29: customer/30 is part of it") == 1);
  CHECK(undone.removed == 3);
  CHECK(crm::resolve(desk.session(), Kind::customer, "30").id == 29);
}

TEST_CASE("rows of another database's export that get new numbers are not taken for each other") {
  ImportDesk source;
  source.import(Kind::customer,
                "name,phone,parent\nSame,13800000001,\nSame,13800000002,\nLast,,\nUnder,,Last\n");
  const std::string exported = source.exported(Kind::customer);
  ImportDesk target;
  target.at("2026-04-01T10:00");
  target.add(Kind::customer, {{"name", "D1"}});
  CHECK(ImportDesk::counts(target.import(Kind::customer, exported)) == "4 added");
  CHECK(target.text({Kind::customer, 2}, "phone") == "13800000001");
  CHECK(target.text({Kind::customer, 3}, "phone") == "13800000002");
  CHECK(target.text({Kind::customer, 5}, "parent") == "customer/4");
}

TEST_CASE("each sheet of a workbook finds its own rows again") {
  ImportDesk desk;
  const std::string one = "name\nA1\nA2\n";
  desk.import(Kind::lead, one);
  desk.session().state().connection->execute("UPDATE import_run SET digest = 'same'", {});
  desk.import(Kind::lead, "name\nB1\nB2\n");
  // As if both had come from the same bytes.
  desk.session().state().connection->execute(
      "UPDATE import_run SET digest = (SELECT r.digest FROM import_run r WHERE r.id = 2)", {});
  CHECK(ImportDesk::counts(desk.import(Kind::lead, "name\nB1\nB2\n")) == "2 unchanged");
}

TEST_CASE("a plan that an undo took back is made again by the next import") {
  ImportDesk desk;
  desk.import(Kind::lead, "lead_id,name\nA,x\n");
  const std::string text = "lead_id,name,next_contact\nA,y,2026-04-01\nB,z,2026-04-01\n";
  const auto plans = [&] { return desk.list(Kind::followup).size(); };
  const auto run = desk.import(Kind::lead, text).run;
  CHECK(plans() == 2);
  crm::undo_import(desk.session(), run);
  CHECK(plans() == 0);
  desk.import(Kind::lead, text);
  CHECK(plans() == 2);
}
