#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "unit/exchange/import_desk.h"

using crm::ImportOptions;
using crm::Kind;
using crm::test::error_message;
using crm::test::ImportDesk;

namespace {

// "name=A stage=new;name=B …": these fields of all records in their order, empty ones left out.
std::string fields_of(ImportDesk& desk, Kind kind, const std::vector<std::string>& fields) {
  crm::cmd::Stream stream;
  crm::ListQuery query;
  query.kind = kind;
  query.fields = fields;
  query.sort = {"id"};
  const auto writer = crm::cmd::make_writer(stream, {.format = crm::cmd::Format::jsonl});
  crm::list(desk.session(), query, *writer);
  return stream.take();
}

bool says(const crm::ImportResult& result, const std::string& part) {
  for (const std::string& warning : result.warnings) {
    if (warning.find(part) != std::string::npos) return true;
  }
  return false;
}

const std::string kTaskHeadings =
    "Id,WhoId,WhatId,Subject,ActivityDate,Status,IsClosed,CompletedDateTime,IsDeleted\n";

}  // namespace

TEST_CASE("what took place in another system did so here, when it was ticked off or due") {
  ImportDesk desk;
  desk.import(Kind::lead, "Id,LastName,Company,LeadSource\n003A,Doe,Acme,Web\n");
  const auto result = desk.import(
      Kind::followup, kTaskHeadings +
                          "1,003A,,Call,2024-05-06,Completed,true,2024-05-07T08:00:00.000Z,false\n"
                          "2,003A,,Call,2024-05-06,Completed,true,,false\n"
                          "3,003A,,Call,2031-05-06,Not Started,false,,false\n"
                          "4,003A,,Call,,Not Started,false,,false\n"
                          "5,003A,,Call,,Completed,true,,true\n");
  CHECK(ImportDesk::counts(result) == "3 added, 2 skipped");
  CHECK(says(result, "passed over 1 row: 'IsDeleted' is 'true'"));
  CHECK(says(result, "passed over 1 row: an open task without a day cannot be planned"));
  CHECK(
      fields_of(desk, Kind::followup, {"at", "due_at", "done_at"}) ==
      R"({"at":"2024-05-07T16:00:00+08:00","due_at":"2024-05-06T23:59:59+08:00","done_at":"2024-05-07T16:00:00+08:00"}
{"at":"2024-05-06T23:59:59+08:00","due_at":"2024-05-06T23:59:59+08:00","done_at":"2024-05-06T23:59:59+08:00"}
{"at":null,"due_at":"2031-05-06T23:59:59+08:00","done_at":null}
)");
  CHECK(fields_of(desk, Kind::lead, {"followup_count"}) == "{\"followup_count\":2}\n");
}

TEST_CASE("a time of day in a column of its own goes with its day") {
  ImportDesk desk;
  desk.import(Kind::customer, "name\nAcme\n");
  ImportOptions options;
  options.record_kind = Kind::customer;
  desk.import(Kind::followup,
              "Activity - Subject,Activity - Type,Activity - Due date,Activity - Due time,Activity - Done,"
              "Activity - Marked as done time,Organization\n"
              "a,Call,2031-05-06,10:30,To do,,Acme\nb,Call,2024-05-06,,Done,,Acme\n"
              "c,Call,45631,0.4375,Done,2024-12-06 09:00:00,Acme\n",
              options);
  CHECK(fields_of(desk, Kind::followup, {"at", "due_at"}) ==
        R"({"at":null,"due_at":"2031-05-06T10:30:00+08:00"}
{"at":"2024-05-06T23:59:59+08:00","due_at":"2024-05-06T23:59:59+08:00"}
{"at":"2024-12-06T09:00:00+08:00","due_at":"2024-12-05T10:30:00+08:00"}
)");
}

TEST_CASE("what was to do in one file and is done in a later one is one follow-up") {
  for (const bool numbered : {false, true}) {
    CAPTURE(numbered);
    ImportDesk desk;
    desk.import(Kind::customer, "name\nAcme\nBeta\n");
    ImportOptions options;
    options.record_kind = Kind::customer;
    const auto file = [&](const std::vector<std::string>& rows) {
      std::string text = std::string(numbered ? "Activity - ID," : "") +
                         "Activity - Subject,Activity - Type,Activity - Due date,Activity - Done,"
                         "Activity - Marked as done time,Organization\n";
      for (std::size_t i = 0; i < rows.size(); ++i)
        text += (numbered ? std::to_string(i) + "," : std::string()) + rows[i] + '\n';
      return ImportDesk::counts(desk.import(Kind::followup, text, options));
    };
    CHECK(file({"a,Call,2031-05-06,To do,,Acme", "c,Call,2031-05-06,To do,,Acme",
                "b,Call,2031-05-06,To do,,Acme", "a,Call,2031-05-06,To do,,Beta"}) == "4 added");
    const std::vector<std::string> later = {"a,Call,2031-05-06,Done,2024-05-06 10:00,Acme",
                                            "c,Call,2031-05-06,Done,2024-05-06 11:00,Acme",
                                            "b,Call,2031-05-06,To do,,Acme", "a,Call,2031-05-06,Done,,Beta"};
    CHECK(file(later) == "3 updated, 1 unchanged");
    CHECK(file(later) == "4 unchanged");
    CHECK(fields_of(desk, Kind::followup, {"at", "outcome"}) ==
          R"({"at":"2024-05-06T10:00:00+08:00","outcome":"a"}
{"at":"2024-05-06T11:00:00+08:00","outcome":"c"}
{"at":null,"outcome":"b"}
{"at":"2026-03-02T10:00:00+08:00","outcome":"a"}
)");
  }
}

TEST_CASE("two calls of one day are two where they say different things, one where they do not") {
  ImportDesk desk;
  desk.lead("A");
  const std::string file =
      "about,type,at,note\nlead/1,call,2024-05-06,first\nlead/1,call,2024-05-06,second\n"
      "lead/1,call,2024-05-06,first\n";
  CHECK(ImportDesk::counts(desk.import(Kind::followup, file)) == "2 added, 1 unchanged");
  CHECK(ImportDesk::counts(desk.import(Kind::followup, file)) == "3 unchanged");
  CHECK(ImportDesk::counts(
            desk.import(Kind::followup,
                        "about,type,at,note\nlead/1,call,2024-05-06,second\nlead/1,call,2024-05-06,1st\n")) ==
        "1 updated, 1 unchanged");
}

TEST_CASE("what a file calls due on a day is due until that day ends, and an export of it changes nothing") {
  ImportDesk desk;
  desk.lead("A");
  desk.import(Kind::followup,
              "about,due_at\nlead/1,2031-05-06\nlead/1,6 May 2032\nlead/1,48000\nlead/1,2033-05-06 00:00\n");
  CHECK(fields_of(desk, Kind::followup, {"due_at"}) == R"({"due_at":"2031-05-06T23:59:59+08:00"}
{"due_at":"2032-05-06T23:59:59+08:00"}
{"due_at":"2031-06-01T23:59:59+08:00"}
{"due_at":"2033-05-06T00:00:00+08:00"}
)");
  const std::string before = desk.exported(Kind::followup);
  CHECK(ImportDesk::counts(desk.import(Kind::followup, before)) == "4 unchanged");
  CHECK(desk.exported(Kind::followup) == before);
}

TEST_CASE("deals of Pipedrive are won, lost and deleted by their status") {
  ImportDesk desk;
  const auto result = desk.import(
      Kind::lead,
      "Deal - Title,Deal - Stage,Deal - Status,Deal - Won time,Deal - Lost time\n"
      "a,Lead In,Open,,\nb,Lead In,Won,2024-05-06 10:00:00,\nc,Proposal Made,Lost,,2024-05-07 10:00:00\n"
      "d,Lead In,Deleted,,\n");
  CHECK(ImportDesk::counts(result) == "3 added, 1 skipped");
  CHECK(fields_of(desk, Kind::lead, {"stage", "closed_at"}) ==
        R"({"stage":"new","closed_at":null}
{"stage":"won","closed_at":"2024-05-06T10:00:00+08:00"}
{"stage":"lost","closed_at":"2024-05-07T10:00:00+08:00"}
)");
}

TEST_CASE("rows that another system has thrown away are left out, whatever is wrong with them") {
  ImportDesk desk;
  CHECK(ImportDesk::counts(desk.import(
            Kind::contact, "Id,LastName,AccountId,IsDeleted,Email\n1,A,,false,\n2,B,,TRUE,x\n")) ==
        "1 added, 1 skipped");
  const auto result =
      desk.import(Kind::customer, "客户名称,客户编号,生命状态\n甲,1,正常\n乙,2,已作废\n丙,3,作废\n");
  CHECK(ImportDesk::counts(result) == "1 added, 2 skipped");
  CHECK(says(result, "'生命状态' is '已作废'"));
}

TEST_CASE("a converted lead refers to what it became, where that is there") {
  ImportDesk desk;
  desk.import(Kind::customer, "Id,Name,BillingCity,BillingStreet\n001A,Acme,Berlin,Main St 1\n");
  const auto result =
      desk.import(Kind::lead,
                  "Id,LastName,Company,LeadSource,Status,Rating,AnnualRevenue,IsConverted,ConvertedDate,"
                  "ConvertedAccountId,"
                  "ConvertedContactId\n1,Doe,Acme,Web,Closed - Converted,Hot,,true,2024-05-06,001A,003X\n"
                  "2,Roe,Acme,Web,New,,,false,,,\n");
  CHECK(fields_of(desk, Kind::lead, {"customer", "contact", "closed_at"}) ==
        R"({"customer":"customer/1","contact":null,"closed_at":"2024-05-06T00:00:00+08:00"}
{"customer":null,"contact":null,"closed_at":null}
)");
  CHECK(says(result, "left out the column 'Rating'"));
}

TEST_CASE("when an open deal is expected to close is not when it did") {
  const std::string deals =
      "Record ID,Deal Name,Deal Stage,Close Date\n1,a,Appointment Scheduled,2031-01-02\n2,b,Closed "
      "Won,2024-01-02\n";
  ImportDesk desk;
  CHECK(says(desk.import(Kind::lead, deals), "left out when 1 lead is expected to close"));
  const std::string closed = "{\"closed_at\":null}\n{\"closed_at\":\"2024-01-02T00:00:00+08:00\"}\n";
  CHECK(fields_of(desk, Kind::lead, {"closed_at"}) == closed);
  CHECK(ImportDesk::counts(desk.import(Kind::lead, deals)) == "2 unchanged");
  ImportOptions keep;
  keep.keep_unknown = true;
  desk.import(Kind::lead, deals, keep);
  CHECK(fields_of(desk, Kind::lead, {"closed_at"}) == closed);
  CHECK(fields_of(desk, Kind::lead, {"close_date"}) ==
        "{\"close_date\":\"2031-01-02\"}\n{\"close_date\":\"2024-01-02\"}\n");
}

TEST_CASE("companies that contacts name are known by their numbers when they come") {
  ImportDesk desk;
  desk.import(Kind::contact,
              "Record ID,First Name,Last Name,Primary Associated Company ID,Associated Company\n"
              "1,Jo,Doe,71,Acme\n2,Mo,Roe,71,Acme\n3,Al,Poe,72,Acme\n5,Ed,Coe,73,Other\n");
  CHECK(fields_of(desk, Kind::customer, {"name", "ref"}) ==
        R"({"name":"Acme","ref":["hubspot/71"]}
{"name":"Acme","ref":["hubspot/72"]}
{"name":"Other","ref":["hubspot/73"]}
)");
  CHECK(ImportDesk::counts(desk.import(
            Kind::customer, "Record ID,Company name,Company owner,City\n71,Acme,,Ulm\n72,Acme,,Bonn\n")) ==
        "2 updated");
  desk.import(Kind::lead,
              "Record ID,Deal Name,Deal Stage,Associated Company IDs,Associated Contact IDs\n"
              "9,Deal,Closed Won,70;72,2;1\n");
  CHECK(fields_of(desk, Kind::lead, {"customer", "contact"}) ==
        "{\"customer\":\"customer/2\",\"contact\":\"contact/2\"}\n");
}

TEST_CASE("an entry of an address book without a name is called after what it has") {
  ImportDesk desk;
  const std::string rows =
      "First Name,Last Name,Organization Name,Labels,Phone 1 - Value,E-mail 1 - Value\n"
      ",,Acme,,1,\n,,,,030 123,a@b.example\n,,,* myContacts ::: Friends,030 124,\n";
  CHECK(ImportDesk::counts(desk.import(Kind::contact, rows)) == "3 added");
  CHECK(ImportDesk::counts(desk.import(Kind::contact, rows)) == "3 unchanged");
  CHECK(fields_of(desk, Kind::contact, {"name", "tags"}) ==
        R"({"name":"Acme","tags":null}
{"name":"a@b.example","tags":null}
{"name":"030 124","tags":["Friends"]}
)");
  CHECK(crm::test::error_message([&] { desk.import(Kind::contact, "name,title\n,Boss\n"); }) ==
        "rows.csv:2:1: a contact needs a name");
}

TEST_CASE("an address within an Exchange server is no e-mail address") {
  ImportDesk desk;
  const auto result = desk.import(Kind::contact,
                                  "First Name,Last Name,E-mail Address,E-mail Type,E-mail 2 Address\n"
                                  "Jo,Doe,/o=EXCHANGE/ou=A/cn=JO,EX,jo@b.example\n");
  CHECK(fields_of(desk, Kind::contact, {"email"}) == "{\"email\":\"jo@b.example\"}\n");
  CHECK(says(result, "left out 1 address within an Exchange server"));
}

TEST_CASE("amounts in powers of ten") {
  ImportDesk desk;
  desk.import(Kind::lead, "name,amount\na,9.5E3\nb,1.25e+05\nc,5E-1\n");
  CHECK(fields_of(desk, Kind::lead, {"amount"}) ==
        R"({"amount":"9500.00"}
{"amount":"125000.00"}
{"amount":"0.50"}
)");
  CHECK_FALSE(crm::test::error_message([&] { desk.import(Kind::lead, "name,amount\na,5E\n"); }).empty());
}

TEST_CASE("a file without names has them under a heading that nobody knows") {
  ImportDesk desk;
  CHECK(crm::test::error_message([&] { desk.import(Kind::contact, "Rufname,phone\nJo,1\n"); }) ==
        "rows.csv:2:1: a contact needs a name");
}

TEST_CASE("Salesforce's numbers name their customers, in the short form too") {
  const std::string contacts =
      "Id,LastName,FirstName,AccountId,Account.Name\n003D000000QRSTUIA4,Doe,Ann,001D000000IqhSLIAZ,Acme\n"
      "003D000000QRSTVIA4,Roe,Rob,001D000000IqhSMIAZ,\n";
  ImportOptions options;
  options.create_missing = {"customer"};
  ImportDesk desk;
  desk.import(Kind::contact, contacts, options);
  CHECK(desk.text({Kind::customer, 1}, "name") == "Acme");
  const std::string accounts =
      "Account ID,Account Name,Billing City\n001D000000IqhSL,Acme Ltd,Rome\n001D000000IqhSM,Bolt,Paris\n";
  CHECK(ImportDesk::counts(desk.import(Kind::customer, accounts)) == "2 updated");
  CHECK(desk.text({Kind::customer, 2}, "name") == "Bolt");

  ImportDesk fresh;
  CHECK(crm::test::error_message([&] { fresh.import(Kind::contact, contacts); }).find("no customer") !=
        std::string::npos);
}

TEST_CASE("customers with a number and a name alone are of no system in particular") {
  ImportDesk desk;
  desk.import(Kind::customer, "客户编号,客户名称\n1001,甲\n");
  CHECK(ImportDesk::counts(desk.import(Kind::contact, "姓名,客户编号\n张三,1001\n")) == "1 added");
  CHECK(desk.text({Kind::contact, 1}, "customer") == "customer/1");
}

TEST_CASE("further values of a cell are kept in the note") {
  ImportDesk desk;
  desk.import(Kind::contact,
              "Record ID,First Name,Last Name,Email\n1,Ann,Doe,a@x.example\n2,Bob,Roe,b@x.example\n");
  desk.import(Kind::lead, "Record ID,Deal Name,Deal Stage,Associated Contact IDs\n9,Big,new,1;2\n");
  CHECK(desk.text({Kind::lead, 1}, "contact") == "contact/1");
  CHECK(desk.text({Kind::lead, 1}, "note") == "contact: hubspot/2");
  desk.import(Kind::customer,
              "name,phone,email\nA,13800138000/13900139000,a@x.example，b@x.example\n"
              "B,13800138000、13900139000,a@x.example/b@x.example\nC,13800138000；13900139000,\n"
              "D,010/88889999,\n");
  for (const int id : {1, 2, 3}) {
    CAPTURE(id);
    CHECK(desk.text({Kind::customer, id}, "phone") == "13800138000");
    CHECK(desk.text({Kind::customer, id}, "note").starts_with("phone: 13900139000"));
  }
  CHECK(desk.text({Kind::customer, 1}, "email") == "a@x.example");
  CHECK(desk.text({Kind::customer, 2}, "note") == "phone: 13900139000\nemail: b@x.example");
  CHECK(desk.text({Kind::customer, 4}, "phone") == "010/88889999");
}

TEST_CASE("phones that a program wrote as figures are numbers, wrong ones are told of") {
  ImportDesk desk;
  const auto result =
      desk.import(Kind::customer, "name,phone\nA,13800138000.0\nB,1380013800\nC,138001380001\n");
  CHECK(desk.text({Kind::customer, 1}, "phone") == "13800138000");
  CHECK(desk.text({Kind::customer, 2}, "phone") == "1380013800");
  CHECK(says(result, "kept 2 phone numbers as they are typed"));
}

TEST_CASE("the parts of a name are joined where no column holds the whole") {
  ImportDesk desk;
  desk.import(Kind::contact, "名,姓,电话\n芳,王,13800138000\n晓 东,欧阳,13800138001\n,李,13800138002\n");
  CHECK(desk.text({Kind::contact, 1}, "name") == "王芳");
  CHECK(desk.text({Kind::contact, 3}, "name") == "李");
  desk.import(Kind::lead, "first_name,Middle Name,LAST NAME,company\nAnn,B.,Doe,Acme\n芳,,王,甲\n");
  CHECK(desk.text({Kind::lead, 1}, "name") == "Ann B. Doe");
  CHECK(desk.text({Kind::lead, 2}, "name") == "王芳");
  // A column of whole names goes before, wherever it stands.
  desk.import(Kind::contact, "姓,名,联系人姓名\n王,芳,王小芳\n");
  CHECK(desk.text({Kind::contact, 4}, "name") == "王小芳");
}

TEST_CASE("a deal's account is found by its name, where no number stands there") {
  ImportDesk desk;
  desk.import(Kind::customer, "name\nGlobex\nTwice\nTwice\nSmith/Jones LLP\n360\n");
  desk.import(Kind::lead,
              "Opportunity Name,Account Name,Stage\na,globex,Prospecting\nb,Twice,Prospecting\n"
              "c,Nobody,Prospecting\nd,Smith/Jones LLP,Prospecting\ne,360,Prospecting\n");
  CHECK(fields_of(desk, Kind::lead, {"name", "company", "customer"}) ==
        R"({"name":"a","company":"globex","customer":"customer/1"}
{"name":"b","company":"Twice","customer":null}
{"name":"c","company":"Nobody","customer":null}
{"name":"d","company":"Smith/Jones LLP","customer":"customer/4"}
{"name":"e","company":"360","customer":null}
)");
}

TEST_CASE("a report of contacts is known without their numbers") {
  ImportDesk desk;
  desk.import(Kind::customer, "name\nGlobex\n");
  desk.import(
      Kind::contact,
      "Salutation,First Name,Last Name,Title,Account Name,Mailing Street,Phone,Mobile,Email,Account Owner\n"
      "Ms.,Ann,Lee,CTO,Globex,1 Main St,217 555 0199,217 555 0198,ann@globex.test,Pat\n");
  CHECK(fields_of(desk, Kind::contact, {"name", "customer", "phone", "note"}) ==
        "{\"name\":\"Ann Lee\",\"customer\":\"customer/1\",\"phone\":\"217 555 0198\",\"note\":\"phone: 217 "
        "555 "
        "0199\"}\n");
}

TEST_CASE("a company may be called by a number, or have a slash in its name") {
  const std::string file =
      "First Name,Last Name,E-mail Address,E-mail Type,Company\na,,a@x.test,SMTP,Smith/Jones LLP\n"
      "b,,b@x.test,SMTP,研发/销售\nc,,c@x.test,SMTP,360\nd,,d@x.test,SMTP,360\ne,,e@x.test,SMTP,N/A/\n";
  ImportDesk desk;
  CHECK(ImportDesk::counts(desk.import(Kind::contact, file)) == "5 added");
  CHECK(ImportDesk::counts(desk.import(Kind::contact, file)) == "5 unchanged");
  CHECK(
      fields_of(desk, Kind::customer, {"name"}) ==
      "{\"name\":\"Smith/Jones LLP\"}\n{\"name\":\"研发/销售\"}\n{\"name\":\"360\"}\n{\"name\":\"N/A/\"}\n");
  const auto refused = [&](const std::string& company) {
    return error_message([&] { desk.import(Kind::contact, "name,company\nx," + company + "\n"); });
  };
  CHECK(refused("361") == "rows.csv:2:3: there is no customer with the reference 'import/361'");
  CHECK(refused("sf/361") == "rows.csv:2:3: there is no customer with the reference 'sf/361'");
  ImportOptions options;
  options.create_missing = {"customer"};
  CHECK(error_message([&] { desk.import(Kind::contact, "name,company\nx,sf/361\n", options); }) ==
        "rows.csv:2:3: there is no customer with the reference 'sf/361'");
}

TEST_CASE("references to records that are not there are told of") {
  ImportDesk desk;
  desk.import(Kind::customer, "Record ID,Company name\n71,Acme\n");
  const std::string text =
      "Record ID,First Name,Last Name,Primary Associated Company ID,Associated Company IDs\n"
      "1,A,B,777,777\n2,C,D,71,71;888\n3,E,F,,\n";
  const auto result = desk.import(Kind::contact, text);
  CHECK(ImportDesk::counts(result) == "3 added");
  CHECK(says(result,
             "left out 2 references to customers that are not there, such as 'hubspot/777'; import the "
             "customers, then this file again"));
  desk.import(Kind::customer, "Record ID,Company name\n777,New\n888,Other\n");
  const auto again = desk.import(Kind::contact, text);
  CHECK(ImportDesk::counts(again) == "2 updated, 1 unchanged");
  CHECK_FALSE(says(again, "left out"));
  CHECK(desk.text({Kind::contact, 1}, "customer") == "customer/2");
  CHECK(desk.text({Kind::contact, 2}, "note") == "customer: hubspot/888");
  // A company and a contact may have one number, and a value may be mapped.
  ImportOptions options;
  options.maps = {"Deal Name=name", "Companies=known:customer", "Contacts=known:contact", "Stage=stage"};
  options.map_values = {"Companies:a company that was long gone=5001",
                        "Contacts:a contact that was long gone=5001",
                        "Stage:what nobody would call the first of all stages=new"};
  const auto deal = desk.import(Kind::lead,
                                "Deal Name,Companies,Contacts,Stage\n"
                                "D,a company that was long gone,a contact that was long gone,"
                                "what nobody would call the first of all stages\n",
                                options);
  CHECK(says(deal, "left out 1 reference to a customer that is not there: 'import/5001'"));
  CHECK(says(deal, "left out 1 reference to a contact that is not there: 'import/5001'"));
  // Whom another column names is there.
  const auto named = desk.import(Kind::contact,
                                 "Record ID,First Name,Last Name,Associated Company IDs,Associated Company\n"
                                 "4,G,H,999,Fresh\n");
  CHECK_FALSE(says(named, "left out"));
}

TEST_CASE("a task about two records keeps the second in its note, but for a contact's own customer") {
  ImportDesk desk;
  desk.import(Kind::customer, "Id,Name,AccountNumber\n001A,Acme,\n001B,Other,\n");
  desk.import(Kind::contact, "Id,LastName,AccountId\n003A,Doe,001A\n");
  desk.import(Kind::followup, kTaskHeadings +
                                  "1,003A,001A,Call,2024-05-06,Completed,true,,false\n"
                                  "2,003A,001B,Call,2024-05-06,Completed,true,,false\n"
                                  "3,003A,006X,Call,2024-05-06,Completed,true,,false\n"
                                  "4,,001B,Call,2024-05-06,Completed,true,,false\n");
  CHECK(fields_of(desk, Kind::followup, {"about", "note"}) ==
        R"({"about":"contact/1","note":null}
{"about":"contact/1","note":"about: customer/2"}
{"about":"contact/1","note":"about: salesforce/006X"}
{"about":"customer/2","note":null}
)");
}

TEST_CASE("what Google marks as primary comes first") {
  ImportDesk desk;
  desk.import(
      Kind::contact,
      "First Name,Last Name,Organization Name,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,"
      "E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value\n"
      "Ada,L,,,Home,ada@home.example,* Work,ada@work.example,* Mobile,13800138000,Work,13900139000\n"
      "Bob,M,,,Home,bob@home.example,Work,bob@work.example,,,,\n");
  CHECK(
      fields_of(desk, Kind::contact, {"email", "phone", "note"}) ==
      R"({"email":"ada@work.example","phone":"13800138000","note":"email: ada@home.example\nphone: 13900139000"}
{"email":"bob@home.example","phone":null,"note":"email: bob@work.example"}
)");
}
