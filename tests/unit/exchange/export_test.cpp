// An export reads back: into an empty database the same records, into its own no change.
#include <doctest/doctest.h>

#include "unit/exchange/import_desk.h"

namespace {

using crm::Kind;
using crm::cmd::Format;
using crm::test::ImportDesk;

constexpr Kind kKinds[] = {Kind::user, Kind::team,     Kind::customer,    Kind::contact,
                           Kind::lead, Kind::followup, Kind::stage_change};

void fill(ImportDesk& desk) {
  desk.at("2026-01-05T10:00");
  desk.import(Kind::user,
              "name,login,email,team,manager,active\nli,l1,li@x.com,east,zhao,yes\nzhao,,,west,,no\n");
  desk.import(Kind::customer,
              "customer_id,name,phone,note,tags,parent\n1,\"A, \"\"B\"\" Ltd\",13800138000,\"line 1\r\nline "
              "2\",x;y,2\n"
              "2,=cmd|' /C calc'!A0,see card,'=1+1,,\n3, spaced ,+86 138 0000 0000,\xf0\x9f\x98\x80,,\n");
  desk.import(Kind::contact, "contact_id,name,customer_id,role,birthday\n1,王芳,1,决策人,1990-02-28\n");
  desk.import(Kind::lead,
              "lead_id,name,owner,amount,currency,created_at\nA,x,li,100,JPY,2025-01-01\nB,y,,12.34,,2025-01-"
              "02\nC,z,zhao,,,"
              "2025-01-02\n");
  desk.import(Kind::stage_change,
              "lead_id,to,at,by\nA,contacted,2025-01-03 10:00,li\nA,won,2025-02-03 10:00,\n");
  desk.import(
      Kind::followup,
      "lead_id,at,type,note,next_at\nB,2025-01-03,call,hi,2025-01-09\nB,2025-01-03,call,again,2025-01-10\n");
  desk.at("2026-01-06T10:00");
  desk.lead("made by hand", {{"owner", "li"}, {"tags", "z"}});
}

void check_round_trip(Format format, const std::string& name) {
  ImportDesk first;
  fill(first);
  ImportDesk second;
  second.at("2026-02-01T10:00");
  for (const Kind kind : kKinds) {
    const std::string text = first.exported(kind, format);
    CAPTURE(text);
    const std::string path = second.file(name, text);
    const auto into_own = crm::import_records(first.session(), kind, path);
    CHECK_MESSAGE(into_own.unchanged == into_own.rows, ImportDesk::counts(into_own), " of ",
                  crm::entity(kind).name);
    crm::import_records(second.session(), kind, path);
  }
  for (const Kind kind : kKinds) CHECK(second.exported(kind, format) == first.exported(kind, format));
  CHECK(crm::verify(second.session()).problems.empty());
}

}  // namespace

TEST_CASE("an export as CSV reads back") {
  check_round_trip(Format::csv, "rows.csv");
}
TEST_CASE("an export as JSON lines reads back") {
  check_round_trip(Format::jsonl, "rows.jsonl");
}
TEST_CASE("an export as one JSON array reads back") {
  check_round_trip(Format::json, "rows.json");
}
