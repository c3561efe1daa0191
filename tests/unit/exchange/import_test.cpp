#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "crm/users.h"
#include "crm/workflow.h"
#include "unit/exchange/import_desk.h"

namespace {

using crm::ImportOptions;
using crm::ImportResult;
using crm::Kind;
using crm::OnMatch;
using crm::RecordId;
using crm::UnknownUser;
using crm::test::error_code;
using crm::test::error_message;
using crm::test::ImportDesk;

constexpr RecordId kFirstLead{Kind::lead, 1};

}  // namespace

TEST_CASE("columns are known by name, label and other words of both languages") {
  ImportDesk desk;
  desk.user("li");
  desk.import(Kind::lead,
              "线索编号,姓名,手机,Company Name,省份,负责人,创建时间,备注,Deal Stage,amount\n"
              "L1,王芳,138 0013 8000,Acme,广东省,li,2025-06-08 12:33:34,\"a\nb\",已联系,\"￥1,234.50\"\n");
  CHECK(desk.text(kFirstLead, "ref") == "import/L1");
  CHECK(desk.text(kFirstLead, "name") == "王芳");
  CHECK(desk.text(kFirstLead, "phone") == "138 0013 8000");
  CHECK(desk.text(kFirstLead, "company") == "Acme");
  CHECK(desk.text(kFirstLead, "region") == "广东省");
  CHECK(desk.text(kFirstLead, "owner") == "li");
  CHECK(desk.text(kFirstLead, "created_at") == "2025-06-08T12:33:34+08:00");
  CHECK(desk.text(kFirstLead, "note") == "a\nb");
  CHECK(desk.text(kFirstLead, "stage") == "contacted");
  CHECK(desk.text(kFirstLead, "amount") == "1234.50");
  CHECK(desk.list(Kind::stage_change).empty());
}

TEST_CASE(
    "a column that means nothing is named, refused by --strict, and the second of two that mean the same is "
    "one") {
  ImportDesk desk;
  const std::string text = "name,phone,mobile,shoe size\n王芳,13800138000,13900139000,38\n";
  const ImportResult result = desk.import(Kind::lead, text);
  REQUIRE(result.warnings.size() == 1);
  CHECK(result.warnings[0].find("'mobile' and 'shoe size'") != std::string::npos);
  CHECK(desk.text(kFirstLead, "phone") == "13800138000");
  ImportOptions strict;
  strict.strict = true;
  CHECK(error_code([&] { desk.import(Kind::lead, text, strict); }) == 4);
  strict.maps = {"mobile=ignore", "shoe size=score"};
  CHECK(desk.import(Kind::lead, text + "\n", strict).added == 1);
  CHECK(desk.text({Kind::lead, 2}, "score") == "38");
}

TEST_CASE("a reference makes a second run change nothing, also within one file") {
  ImportDesk desk;
  const std::string text = "lead_id,name,region\nA,x,北京\nB,y,\nA,x,上海\nA,,\n";
  CHECK(ImportDesk::counts(desk.import(Kind::lead, text)) == "2 added, 1 updated, 1 unchanged");
  CHECK(desk.text(kFirstLead, "region") == "上海");
  CHECK(ImportDesk::counts(desk.import(Kind::lead, "lead_id,name,region\nA,x,上海\nB,y,\n")) ==
        "2 unchanged");
  ImportOptions other;
  other.source = "sf";
  CHECK(ImportDesk::counts(desk.import(Kind::lead, "lead_id,name\nA,z\n", other)) == "1 added");
  CHECK(ImportDesk::counts(desk.import(Kind::lead, "ref,name\nsf/A;import/C,z\nimport/C,z\n")) ==
        "1 updated, 1 unchanged");
}

TEST_CASE(
    "the moment of the last update is the file's where the row gives one, be it the one that is there") {
  ImportDesk desk;
  const std::string moment = "2025-06-08T12:33:34+08:00";
  desk.import(Kind::lead, "lead_id,name,updated_at\nA,x," + moment + "\n");
  CHECK(ImportDesk::counts(desk.import(
            Kind::lead, "lead_id,name,region,updated_at\nA,x,北京," + moment + "\n")) == "1 updated");
  CHECK(desk.text(kFirstLead, "updated_at") == moment);
  desk.import(Kind::lead, "lead_id,name,region,updated_at\nA,x,上海,\n");
  CHECK(desk.text(kFirstLead, "updated_at") > moment);
}

TEST_CASE("what a match does is chosen") {
  ImportDesk desk;
  desk.import(Kind::lead, "lead_id,name,region\nA,x,北京\n");
  const std::string text = "lead_id,name,region,company\nA,other,上海,Acme\nB,y,,\n";
  ImportOptions options;
  options.on_match = OnMatch::skip;
  CHECK(ImportDesk::counts(desk.import(Kind::lead, text, options)) == "1 added, 1 skipped");
  options.on_match = OnMatch::fail;
  CHECK(error_code([&] { desk.import(Kind::lead, text, options); }) == 6);
  options.on_match = OnMatch::fill;
  CHECK(ImportDesk::counts(desk.import(Kind::lead, text, options)) == "1 updated, 1 unchanged");
  CHECK(desk.text(kFirstLead, "name") == "x");
  CHECK(desk.text(kFirstLead, "region") == "北京");
  CHECK(desk.text(kFirstLead, "company") == "Acme");
}

TEST_CASE("a row is matched by e-mail and phone, with what is there and with earlier rows") {
  ImportDesk desk;
  ImportOptions options;
  options.match = {"ref", "email", "phone"};
  CHECK(ImportDesk::counts(desk.import(
            Kind::customer,
            "name,email,phone\nx,A@x.com,\ny,a@X.COM ,13800138000\nz,,+86 138-0013-8000\nw,,\nw,,\n",
            options)) == "3 added, 2 updated");
  CHECK(desk.text({Kind::customer, 1}, "name") == "z");
  CHECK(desk.text({Kind::customer, 1}, "phone") == "+86 138-0013-8000");
  CHECK(ImportDesk::counts(desk.import(Kind::customer, "name,email\nz,a@X.COM\n", options)) == "1 unchanged");
  options.match = {"wechat"};
  CHECK(error_code([&] { desk.import(Kind::customer, "name\nz\n", options); }) == 2);
}

TEST_CASE("an unknown owner is refused, made, left out, or passes the row over") {
  ImportDesk desk;
  const std::string text = "name,owner\nx,li\ny,\nz,li\n";
  ImportOptions options;
  CHECK(error_message([&] { desk.import(Kind::lead, text, options); }) ==
        "rows.csv:2:3: there is no user 'li'");
  options.on_unknown_user = UnknownUser::skip;
  CHECK(ImportDesk::counts(desk.import(Kind::lead, text, options)) == "1 added, 2 skipped");
  options.on_unknown_user = UnknownUser::empty;
  CHECK(ImportDesk::counts(desk.import(Kind::lead, text + "\n", options)) == "3 added");
  CHECK(desk.text({Kind::lead, 2}, "owner").empty());
  options.on_unknown_user = UnknownUser::create;
  CHECK(ImportDesk::counts(desk.import(Kind::lead, text + "\n\n", options)) == "3 added");
  CHECK(desk.text({Kind::lead, 5}, "owner") == "li");
}

TEST_CASE("users made for rows that are refused are not counted among those that were made") {
  ImportDesk desk;
  ImportOptions options;
  options.on_unknown_user = UnknownUser::create;
  options.keep_going = true;
  desk.session().take_notices();
  const auto result = desk.import(Kind::lead, "name,owner,amount\nA,u77,abc\nB,u77,12\nC,u78,xyz\n", options);
  CHECK(ImportDesk::counts(result) == "1 added, 2 rejected");
  CHECK(desk.session().take_notices() == std::vector<std::string>{"made 1 user: 'u77'"});
}

TEST_CASE("an error names its place, and nothing is changed") {
  ImportDesk desk;
  const auto message = [&](const std::string& text) {
    return error_message([&] { desk.import(Kind::lead, text); });
  };
  CHECK(message("name,stage\nx,new\ny,contactd\n") == "rows.csv:3:3: the workflow has no stage 'contactd'");
  CHECK(message("name,amount\n\"a\nb\",\"5k\"\n") == "rows.csv:3:4: amount cannot be '5k'");
  CHECK(message("name,created_at\nx,2025-02-30\n") == "rows.csv:2:3: created_at cannot be '2025-02-30'");
  CHECK(message("phone,name\n13800138000,\n") == "rows.csv:2:13: a lead needs a name");
  CHECK(message("name,score\nx,1,2\n").substr(0, 14) == "rows.csv:2:5: ");
  CHECK(desk.list(Kind::lead).empty());
}

TEST_CASE("good rows are kept and the others written out") {
  ImportDesk desk;
  ImportOptions options;
  options.keep_going = true;
  const ImportResult result = desk.import(Kind::lead, "name,score\nx,1\ny,=cmd\n,3\nz,4\n", options);
  CHECK(ImportDesk::counts(result) == "2 added, 2 rejected");
  CHECK(result.rejects == desk.path("rows.rejects.csv"));
  CHECK((std::filesystem::status(result.rejects).permissions() & std::filesystem::perms::all) ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  std::ifstream file(result.rejects);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  CHECK(text ==
        "name,score,line,column,reason\ny,'=cmd,3,3,score cannot be '=cmd'\n,3,4,1,a lead needs a name\n");
  REQUIRE(result.faults.size() == 2);
  CHECK(desk.list(Kind::lead).size() == 2);
}

TEST_CASE("quotes at fault cost their own row, which is written out as one cell") {
  ImportDesk desk;
  ImportOptions options;
  options.keep_going = true;
  const std::string text = "name,company\nx,\"A\" B\ny,C\nz,\"D\n";
  const ImportResult result = desk.import(Kind::lead, text, options);
  CHECK(ImportDesk::counts(result) == "1 added, 2 rejected");
  std::ifstream file(result.rejects);
  CHECK(std::string{std::istreambuf_iterator<char>(file), {}} ==
        "name,company,line,column,reason\n\"x,\"\"A\"\" B\",,2,6,text after the closing quote of a field\n"
        "\"z,\"\"D\",,4,3,the quote opened here is never closed\n");
  CHECK(error_message([&] { desk.import(Kind::lead, text); }) ==
        "rows.csv:2:6: text after the closing quote of a field");
}

TEST_CASE("days and months that can be either way round are refused, unless the column or an option tells") {
  ImportDesk desk;
  const auto created = [&](const std::string& rows, ImportOptions options = {}) {
    desk.import(Kind::lead, "name,created_at\n" + rows, options);
    return desk.list(Kind::lead).back()["created_at"].substr(0, 10);
  };
  CHECK(error_message([&] { created("x,03/04/2025\n"); }) ==
        "rows.csv:2:3: created_at could be either way round: '03/04/2025'");
  CHECK(error_code([&] { created("x,03/04/2025\ny,25/12/2025\nz,12/25/2025\n"); }) == 4);
  CHECK(created("x,25/12/2025\ny,03/04/2025\n") == "2025-04-03");
  CHECK(created("x,03/04/2025\ny,12/25/2025\nz,03/04/2025\n") == "2025-03-04");
  ImportOptions options;
  options.date_order = crm::DateOrder::mdy;
  CHECK(created("x,03/04/2025\n", options) == "2025-03-04");
}

TEST_CASE("amounts whose mark could be either are read as their column tells, or refused") {
  ImportDesk desk;
  const auto amounts = [&](const std::string& rows, const ImportOptions& options = {}) {
    ImportDesk fresh;
    fresh.import(Kind::lead, "name;amount\n" + rows, options);
    std::string text;
    for (const auto& lead : fresh.list(Kind::lead)) text += (text.empty() ? "" : " ") + lead.at("amount");
    return text;
  };
  CHECK(amounts("A;1.234,56\nB;1.500\nC;25.000 EUR\n") == "1234.56 1500.00 25000.00");
  CHECK(amounts("B;1.500\nC;1,250\nA;1.234,56\n") == "1500.00 1.25 1234.56");
  CHECK(amounts("A;1234.56\nB;1.500\nC;1,250\n") == "1234.56 1.50 1250.00");
  CHECK(amounts("A;1,250\nB;1,500,000\n") == "1250.00 1500000.00");
  CHECK(error_message([&] { amounts("A;20\nB;1.500\n"); }) ==
        "rows.csv:3:3: amount could be 1.50 or 1500.00: '1.500'");
  CHECK(error_message([&] { amounts("A;1,250\nB;12,5\nC;12.5\n"); }) ==
        "rows.csv:2:3: amount could be 1250.00 or 1.25: '1,250'");
  ImportOptions options;
  options.decimal_mark = crm::DecimalMark::comma;
  CHECK(amounts("A;20\nB;1.500\nC;1,5\nD;1.5\n", options) == "20.00 1500.00 1.50 1.50");
  options.decimal_mark = crm::DecimalMark::point;
  CHECK(amounts("B;1.500\nC;1,500\n", options) == "1.50 1500.00");
  // A currency of thousandths, a number of JSON and one on the command line are sure.
  desk.import(Kind::lead, "name,amount,currency\nK,1.500,KWD\n");
  CHECK(desk.text(kFirstLead, "amount") == "1.500");
  options = {};
  options.format = crm::FileFormat::json;
  desk.import(Kind::lead, "[{\"name\": \"J\", \"amount\": 1.500}]", options);
  CHECK(desk.text({Kind::lead, 2}, "amount") == "1.50");
  options = {};
  options.set = {"amount=1.500"};
  desk.import(Kind::lead, "name\nS\n", options);
  CHECK(desk.text({Kind::lead, 3}, "amount") == "1.50");
}

TEST_CASE("an amount in another currency than its row's is refused") {
  ImportDesk desk;
  CHECK(error_message([&] { desk.import(Kind::lead, "name,amount,currency\nE,$5,EUR\n"); }) ==
        "rows.csv:2:3: amount is in USD, but the row's currency is EUR: '$5'");
  desk.import(Kind::lead, "name,amount,currency\nE,$5,CAD\nF,€7,EUR\n");
  CHECK(desk.text(kFirstLead, "currency") == "CAD");
}

TEST_CASE("a second column that takes another's place is told of, and what cannot be set is refused") {
  ImportDesk desk;
  ImportOptions options;
  options.maps = {"a=name", "b=name"};
  const ImportResult result = desk.import(Kind::lead, "a,b\nA,B\n", options);
  REQUIRE(result.warnings.size() == 1);
  CHECK(result.warnings[0] ==
        "more than one column fills 'name': 'b' takes the place of those before it; else:name or join:name "
        "keeps "
        "both");
  options = {};
  options.set = {"version=3"};
  CHECK(error_code([&] { desk.import(Kind::lead, "name\nX\n", options); }) == 4);
}

TEST_CASE("a customer or a team that is called so, semicolon and all, is the one") {
  ImportDesk desk;
  desk.import(Kind::customer, "name\nSmith; Sons\nSmith\n");
  desk.import(Kind::contact, "name,customer\nP,Smith; Sons\nQ,Smith; Other\n");
  CHECK(desk.text({Kind::contact, 1}, "customer") == "customer/1");
  CHECK(desk.text({Kind::contact, 2}, "customer") == "customer/2");
  CHECK(desk.text({Kind::contact, 2}, "note") == "customer: Other");
  desk.import(Kind::team, "name\nT;1\n");
  desk.import(Kind::lead, "name,team\nL,T;1\n");
  CHECK(desk.text(kFirstLead, "team") == "T;1");
  CHECK(desk.list(Kind::team).size() == 1);
}

TEST_CASE("phones that cannot be read are kept, choices and values are translated") {
  ImportDesk desk;
  ImportOptions options;
  options.map_values = {"stage:Won=won", "stage:Engaging=contacted"};
  options.set = {"source=fair", "tags=a;b"};
  const ImportResult result =
      desk.import(Kind::lead, "name,phone,stage,source\nx,see card,engaging,web\ny,,Won,\n", options);
  CHECK(result.added == 2);
  REQUIRE(result.warnings.size() == 1);
  CHECK(result.warnings[0].find("'see card'") != std::string::npos);
  CHECK(desk.text(kFirstLead, "phone") == "see card");
  CHECK(desk.text(kFirstLead, "stage") == "contacted");
  CHECK(desk.text(kFirstLead, "source") == "fair");
  CHECK(desk.text(kFirstLead, "tags") == "a b");
  CHECK(desk.text({Kind::lead, 2}, "stage") == "won");
}

TEST_CASE("an amount is in the row's currency, else in that of the record") {
  ImportDesk desk;
  desk.import(Kind::lead, "lead_id,name,amount,currency\nA,x,100,JPY\nB,y,$5.25,\nC,z,7.5,KWD\n");
  CHECK(desk.text(kFirstLead, "amount") == "100");
  CHECK(desk.text({Kind::lead, 2}, "currency") == "USD");
  desk.import(Kind::lead, "lead_id,amount\nA,250\nC,8\n");
  CHECK(desk.text(kFirstLead, "amount") == "250");
  CHECK(desk.text({Kind::lead, 3}, "amount") == "8.000");
}

TEST_CASE("stage changes settle the stage whatever the order of the rows") {
  ImportDesk desk;
  desk.import(Kind::lead, "lead_id,name\nA,x\nB,y\n");
  const std::string text =
      "lead_id,from_stage,to_stage,changed_at\n"
      "A,qualified,won,2025-03-01\nA,,new,2025-01-01\nB,,new,2025-01-01\nA,new,qualified,2025-02-01\n";
  CHECK(ImportDesk::counts(desk.import(Kind::stage_change, text)) == "4 added");
  CHECK(desk.text(kFirstLead, "stage") == "won");
  CHECK(desk.text(kFirstLead, "closed_at") == "2025-03-01T00:00:00+08:00");
  CHECK(desk.text({Kind::lead, 2}, "stage") == "new");
  CHECK(ImportDesk::counts(desk.import(Kind::stage_change, text)) == "4 unchanged");
  CHECK(error_message([&] { desk.import(Kind::stage_change, "lead_id,to,at\nZ,won,2025-01-01\n"); }) ==
        "rows.csv:2:1: there is no lead with the reference 'import/Z'");
  ImportOptions of_leads;
  of_leads.record_kind = Kind::lead;
  CHECK(ImportDesk::counts(desk.import(
            Kind::stage_change, "record,to,at\nlead/2,won,2025-01-02\nB,lost,2025-01-03\n", of_leads)) ==
        "2 added");
  CHECK(desk.text({Kind::lead, 2}, "stage") == "lost");
}

TEST_CASE("an imported stage change that is not the latest leaves the stage") {
  ImportDesk desk;
  desk.lead("A", {{"ref", "import/L1"}});
  desk.import(Kind::lead, "lead_id,name,stage\nL1,A,qualified\n");
  CHECK(ImportDesk::counts(desk.import(Kind::stage_change, "lead_id,to,at\nL1,contacted,2025-01-01\n")) ==
        "1 added");
  CHECK(desk.text(kFirstLead, "stage") == "qualified");
  desk.import(Kind::lead, "lead_id,name,stage,stage_entered_at\nL2,B,qualified,2025-05-01\n");
  desk.import(Kind::stage_change, "lead_id,to,at\nL2,contacted,2025-01-01\n");
  CHECK(desk.text({Kind::lead, 2}, "stage") == "qualified");
  desk.import(Kind::stage_change, "lead_id,to,at\nL2,proposal,2025-06-01\n");
  CHECK(desk.text({Kind::lead, 2}, "stage") == "proposal");
  // A change that was there and is another now counts with the new ones.
  const std::string change = "stage_change_id,lead_id,to,at\nc1,L2,negotiation,2025-07-01\n";
  desk.import(Kind::stage_change, change);
  desk.import(Kind::stage_change, "stage_change_id,lead_id,to,at\nc1,L2,won,2025-07-01\n");
  CHECK(desk.text({Kind::lead, 2}, "stage") == "won");
}

TEST_CASE("what an imported talk says anew of the next one moves its plan, unless somebody moved it") {
  ImportDesk desk;
  desk.lead("A");
  const auto import = [&](const std::string& next) {
    return ImportDesk::counts(desk.import(
        Kind::followup, "followup_id,about,at,type,next_at\na,lead/1,2025-03-01,call," + next + "\n"));
  };
  const auto due = [&] {
    const auto plans = desk.list(Kind::followup, {"at="});
    return plans.size() == 1 ? plans.front().at("due_at").substr(0, 10) : std::to_string(plans.size());
  };
  CHECK(import("") == "1 added");
  CHECK(due() == "0");
  CHECK(import("2025-03-09") == "1 updated");
  CHECK(due() == "2025-03-09");
  CHECK(import("2025-03-09") == "1 unchanged");
  CHECK(import("2025-03-19") == "1 updated");
  CHECK(due() == "2025-03-19");
  crm::edit(desk.session(), {Kind::followup, 2}, std::vector<crm::FieldText>{{"due_at", "2025-03-25"}});
  CHECK(import("2025-03-19") == "1 unchanged");
  CHECK(due() == "2025-03-25");
}

TEST_CASE("what can be read once is read once") {
  ImportDesk desk;
  const std::string pipe = desk.path("rows");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::thread writer([&] { std::ofstream(pipe) << "note,name\nimportant,A\n"; });
  const ImportResult result = crm::import_records(desk.session(), Kind::lead, pipe, {});
  writer.join();
  CHECK(ImportDesk::counts(result) == "1 added");
  CHECK(desk.text(kFirstLead, "note") == "important");
}

TEST_CASE("the next follow-ups of imported talks are planned in order of time") {
  ImportDesk desk;
  desk.import(Kind::lead, "lead_id,name,stage\nA,x,new\nB,y,won\n");
  const std::string text =
      "followup_id,lead_id,at,channel,next_at\n"
      "3,A,2025-01-20,电话,2025-02-20\n1,A,2025-01-01,call,2025-01-10\n2,A,2025-01-12,微信,2025-01-19\n4,B,"
      "2025-01-01,call,2025-01-05\n";
  CHECK(ImportDesk::counts(desk.import(Kind::followup, text)) == "4 added");
  CHECK(ImportDesk::counts(desk.import(Kind::followup, text)) == "4 unchanged");
  CHECK(desk.list(Kind::followup, {"about=lead/2"}).size() == 1);
  const auto plans = desk.list(Kind::followup, {"about=lead/1", "at="});
  REQUIRE(plans.size() == 3);
  std::map<std::string, std::string> done;
  for (const auto& plan : plans) done[plan.at("due_at").substr(0, 10)] = plan.at("done_at").substr(0, 10);
  CHECK(done == std::map<std::string, std::string>{
                    {"2025-01-10", "2025-01-12"}, {"2025-01-19", "2025-01-20"}, {"2025-02-20", ""}});
  CHECK(ImportDesk::counts(desk.import(
            Kind::followup,
            "about,at,type,due_at,done_at\nlead/1,2026-01-01,call,,\nlead/1,,call,2026-02-01,\n")) ==
        "2 added");
}

TEST_CASE("follow-ups are about records by name, e-mail or phone") {
  ImportDesk desk;
  desk.import(Kind::customer, "name,email,phone\n远航物流,a@x.example,13800138000\nTwice,,\nTwice,,\n");
  CHECK(ImportDesk::counts(desk.import(
            Kind::followup, "客户名称,跟进方式,跟进时间,跟进内容\n远航物流,电话,2026-03-01 09:00,报价\n")) ==
        "1 added");
  ImportOptions options;
  options.record_kind = Kind::customer;
  CHECK(ImportDesk::counts(desk.import(
            Kind::followup, "about,at\na@x.example,2026-03-02\n+86 138 0013 8000,2026-03-03\n", options)) ==
        "2 added");
  CHECK(desk.list(Kind::followup, {"about=customer/1"}).size() == 3);
  CHECK(error_message([&] {
          desk.import(Kind::followup, "customer,at\nTwice,2026-03-01\n");
        }).find("'Twice' is each of") != std::string::npos);
  CHECK(error_message([&] { desk.import(Kind::followup, "customer,at\nNobody,2026-03-01\n"); }) ==
        "rows.csv:2:1: there is no customer with the reference 'import/Nobody'");
}

TEST_CASE("when a lead is to be contacted next is planned, where nothing is and it is open") {
  ImportDesk desk;
  desk.user("li");
  const std::string text =
      "lead_id,name,owner,stage,下次联系时间\nA,x,li,new,2026-12-01 09:30\nB,y,,won,2026-12-02\nC,z,,new,\n";
  CHECK(ImportDesk::counts(desk.import(Kind::lead, text)) == "3 added");
  CHECK(ImportDesk::counts(desk.import(Kind::lead, text)) == "3 unchanged");
  CHECK(ImportDesk::counts(desk.import(Kind::lead, "lead_id,region,next_contact\nA,北京,2026-12-24\n")) ==
        "1 updated");
  const auto plans = desk.list(Kind::followup);
  REQUIRE(plans.size() == 1);
  CHECK(plans[0].at("about") == "lead/1");
  CHECK(plans[0].at("due_at").substr(0, 16) == "2026-12-01T09:30");
  CHECK(plans[0].at("owner") == "li");
  CHECK(desk.import(Kind::lead, "lead_id,name,next\nD,v,soon\n").warnings.size() == 1);
}

TEST_CASE("a dry run counts the same and changes nothing") {
  ImportDesk desk;
  ImportOptions options;
  options.on_unknown_user = UnknownUser::create;
  options.keep_going = true;
  const std::string text = "lead_id,name,owner,score\nA,x,li,\nA,y,,\nB,b,,high\n";
  desk.at("2026-03-02T10:00", "admin", true);
  const ImportResult dry = desk.import(Kind::lead, text, options);
  CHECK(dry.rejects.empty());
  desk.at("2026-03-02T10:00");
  CHECK(desk.list(Kind::lead).empty());
  CHECK(desk.list(Kind::user).size() == 1);
  CHECK(ImportDesk::counts(dry) == "1 added, 1 updated, 1 rejected");
  CHECK(ImportDesk::counts(desk.import(Kind::lead, text, options)) == ImportDesk::counts(dry));
}

TEST_CASE("users name managers who come further down") {
  ImportDesk desk;
  CHECK(ImportDesk::counts(desk.import(Kind::user, "name,team,manager\na,east,b\nb,east,admin\n")) ==
        "2 added");
  CHECK(desk.text({Kind::user, 2}, "manager") == "b");
  CHECK(error_message([&] { desk.import(Kind::user, "name,manager\nc,nobody\n"); }) ==
        "rows.csv:2:3: there is no user 'nobody'");
  CHECK(ImportDesk::counts(desk.import(Kind::user, "name,team,manager\na,east,b\nb,west,admin\n")) ==
        "1 updated, 1 unchanged");
}

TEST_CASE("JSON lines, lists and keys that come later") {
  ImportDesk desk;
  const std::string path =
      desk.file("rows.jsonl",
                "{\"name\":\"x\",\"ref\":[\"sf/1\",\"2\"],\"tags\":[\"a\",\"b\"],\"score\":5}\n"
                "{\"name\":\"y\",\"amount\":12.5,\"phone\":null,\"odd\":true}\n");
  const ImportResult result = crm::import_records(desk.session(), Kind::lead, path);
  CHECK(ImportDesk::counts(result) == "2 added");
  REQUIRE(result.warnings.size() == 1);
  CHECK(desk.text(kFirstLead, "ref") == "import/2 sf/1");
  CHECK(desk.text(kFirstLead, "tags") == "a b");
  CHECK(desk.text({Kind::lead, 2}, "amount") == "12.50");
}

TEST_CASE("a mapping file says what columns and values mean") {
  ImportDesk desk;
  ImportOptions options;
  options.maps = {desk.file("map.yaml",
                            "columns:\n"
                            "  Opportunity: ref\n"
                            "  engaged: {stage-change: contacted}\n"
                            "  closed: [closed_at, {stage-change: stage}]\n"
                            "  state: stage\n"
                            "  junk: ignore\n"
                            "values:\n"
                            "  stage: {Won: won, Engaging: contacted}\n"
                            "set:\n"
                            "  source: partner\n")};
  const std::string text =
      "Opportunity,name,state,engaged,closed,junk\n1,x,Won,2025-01-01,2025-02-01,z\n2,y,Engaging,2025-01-05,,"
      "\n";
  const ImportResult result = desk.import(Kind::lead, text, options);
  CHECK(ImportDesk::counts(result) == "2 added");
  CHECK(result.warnings.empty());
  CHECK(desk.text(kFirstLead, "stage") == "won");
  CHECK(desk.text(kFirstLead, "closed_at") == "2025-02-01T00:00:00+08:00");
  CHECK(desk.text(kFirstLead, "source") == "partner");
  CHECK(desk.list(Kind::stage_change).size() == 3);
  CHECK(ImportDesk::counts(desk.import(Kind::lead, text, options)) == "2 unchanged");
  options.maps = {desk.file("map.yaml", "colums: {a: b}\n")};
  CHECK(error_code([&] { desk.import(Kind::lead, text, options); }) == 4);
}

TEST_CASE("statements of consent are known by who said what of which purpose, and when") {
  ImportDesk desk;
  desk.lead("x", {{"email", "x@a.example"}});
  const std::string rows =
      "about,address,purpose,state,at\nlead/1,,news,given,2026-03-01T09:00\nlead/"
      "1,,news,withdrawn,2026-03-02T09:00\n"
      ",Y@a.example,news,given,2026-03-01T09:00\n";
  CHECK(ImportDesk::counts(desk.import(Kind::consent, rows)) == "3 added");
  CHECK(ImportDesk::counts(desk.import(Kind::consent, rows)) == "3 unchanged");
  const std::string before = desk.exported(Kind::consent);
  CHECK(ImportDesk::counts(desk.import(Kind::consent, before)) == "3 unchanged");
  CHECK(desk.exported(Kind::consent) == before);
}

TEST_CASE("a note with colons above the headings does not tell the delimiter") {
  ImportDesk desk;
  desk.import(Kind::customer,
              "客户信息（时间格式：2001-01-01 19:01:01）\n客户名称,手机,备注\nAcme,13800138000,\nBolt,,x\n");
  CHECK(desk.list(Kind::customer).size() == 2);
  CHECK(desk.text({Kind::customer, 2}, "note") == "x");
}

TEST_CASE("several companies or labels in a cell, as HubSpot and Google write them") {
  ImportDesk desk;
  desk.add(Kind::customer, {{"name", "Bolt Inc"}});
  desk.import(Kind::contact, "name,customer,tags\nAnn,Bolt Inc;Nut Inc,* myContacts ::: 客户\n");
  CHECK(desk.text({Kind::contact, 1}, "customer") == "customer/1");
  CHECK(desk.text({Kind::contact, 1}, "note") == "customer: Nut Inc");
  CHECK(desk.text({Kind::contact, 1}, "tags") == "客户");
}

TEST_CASE("a lead that an import brings out of its outcome keeps no reason of loss") {
  ImportDesk desk;
  desk.import(Kind::lead, "lead_id,name,stage,lost_reason\nA,x,lost,price\nB,y,lost,price\nC,z,lost,price\n");
  desk.import(Kind::lead, "lead_id,stage,lost_reason\nA,contacted,\nC,contacted,timing\n");
  CHECK(desk.text(kFirstLead, "lost_reason").empty());
  CHECK(desk.text(kFirstLead, "closed_at").empty());
  CHECK(desk.text({Kind::lead, 3}, "lost_reason") == "timing");
  desk.import(Kind::stage_change, "lead_id,from,to,at\nB,lost,won,2026-03-01\n");
  CHECK(desk.text({Kind::lead, 2}, "stage") == "won");
  CHECK(desk.text({Kind::lead, 2}, "lost_reason").empty());
}

TEST_CASE("an import keeps owners who have left and talks to come, and tells of them") {
  ImportDesk desk;
  const RecordId gone = desk.user("wang");
  desk.user("li");
  deactivate_user(desk.session(), gone);
  const ImportResult leads = desk.import(Kind::lead, "lead_id,name,owner\nA,x,wang\nB,y,wang\nC,z,li\n");
  CHECK(ImportDesk::counts(leads) == "3 added");
  CHECK(leads.warnings ==
        std::vector<std::string>{"the file gives leads to users who are no longer active: 'wang'; 'crm user "
                                 "transfer wang --to USER' hands them over"});
  const ImportResult talks =
      desk.import(Kind::followup, "lead_id,type,at,owner\nA,call,2026-03-01,wang\nA,call,2026-04-01,li\n");
  CHECK(ImportDesk::counts(talks) == "2 added");
  CHECK(talks.warnings == std::vector<std::string>{
                              "1 follow-up is to have happened later than now, such as followup/2: the time "
                              "of a plan is its due_at"});
}

TEST_CASE("a column whose dates stand in two orders is told of") {
  ImportDesk desk;
  const ImportResult result = desk.import(
      Kind::lead, "lead_id,name,created_at\nA,x,13/04/2025\nB,y,04/14/2025 09:00\nC,z,2025-05-01\n");
  CHECK(desk.text(kFirstLead, "created_at") == "2025-04-13T00:00:00+08:00");
  REQUIRE(result.warnings.size() == 1);
  CHECK(result.warnings[0].find("'13/04/2025', and with the month first, such as '04/14/2025 09:00'") !=
        std::string::npos);
  CHECK(
      desk.import(Kind::lead, "lead_id,name,created_at\nD,x,13/04/2025\nE,y,05/04/2025\n").warnings.empty());
}

TEST_CASE("faults of headings and mappings are named for what they are") {
  ImportDesk desk;
  CHECK(desk.import(Kind::lead, "name,name\nx,y\n").warnings ==
        std::vector<std::string>{"left out the second column 'name': give it a heading of its own"});
  ImportOptions options;
  options.map_values = {"stage:X=zzz"};
  CHECK(error_message([&] { desk.import(Kind::lead, "name,stage\nx,X\n", options); }) ==
        "the mapping makes 'X' the stage 'zzz', which the workflow does not have");
  options.map_values = {"stage:X=Won"};
  CHECK(ImportDesk::counts(desk.import(Kind::lead, "name,stage\nx,X\n", options)) == "1 added");
  desk.import(Kind::lead, "lead_id,name\nA,x\n");
  CHECK(error_message([&] { desk.import(Kind::stage_change, "lead_id,to\nA,won\n"); }) ==
        "rows.csv:2:1: a stage change needs 'at'");
}

namespace {

constexpr const char* kRepsAndAdmin =
    "workflow: w\nroles:\n  rep: {see: own, edit: own}\n  admin: {see: all, edit: all, reveal: all}\n";

// A lead of li's, and wang who has nothing to do with it.
struct TwoReps : ImportDesk {
  TwoReps() {
    for (const char* name : {"li", "wang"}) add(Kind::user, {{"name", name}, {"role", "rep"}});
    crm::apply_workflow(session(), kRepsAndAdmin, "w.yaml");
    lead("L", {{"owner", "li"}, {"email", "l@l.cn"}});
  }
};

}  // namespace

TEST_CASE("nobody states a consent or a stage by a file for somebody else's record") {
  TwoReps desk;
  const std::string consent = "about,purpose,state,at\nlead/1,contact,given,2026-03-01T12:00:00\n";
  const std::string change = "record,to,at\nlead/1,won,2026-01-01\n";
  desk.at("2026-03-02T10:00", "wang");
  CHECK(error_code([&] { desk.import(Kind::consent, consent); }) == 5);
  CHECK(error_code([&] { desk.import(Kind::stage_change, change); }) == 5);
  CHECK(desk.list(Kind::stage_change).empty());
  desk.at("2026-03-02T10:00", "li");
  CHECK(desk.import(Kind::consent, consent).added == 1);
  CHECK(desk.import(Kind::stage_change, change).added == 1);
}

TEST_CASE("an imported consent cannot be of the future") {
  ImportDesk desk;
  desk.lead("L");
  const auto of_year = [](const char* year) {
    return std::string("about,purpose,state,at\nlead/1,newsletter,given,") + year + "-01-01\n";
  };
  CHECK(error_code([&] { desk.import(Kind::consent, of_year("2099")); }) == 4);
  CHECK(desk.import(Kind::consent, of_year("2026")).added == 1);
}

TEST_CASE("only an admin makes custom fields by an import") {
  TwoReps desk;
  ImportOptions keep;
  keep.keep_unknown = true;
  desk.at("2026-03-02T10:00", "wang");
  CHECK(error_code([&] { desk.import(Kind::lead, "name,shoe size\nA,38\n", keep); }) == 5);
  CHECK(desk.import(Kind::lead, "name,shoe size\nA,38\n").added == 1);
  desk.at("2026-03-02T10:00");
  CHECK(desk.import(Kind::lead, "name,shoe size\nB,38\n", keep).added == 1);
}
