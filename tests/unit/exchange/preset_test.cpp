#include "exchange/preset.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "exchange/column_plan.h"
#include "records/session_state.h"
#include "unit/exchange/import_desk.h"
#include "unit/source_directory.h"

using crm::Kind;
using crm::test::ImportDesk;

namespace {

using Names = std::vector<std::string>;

// The name of the preset that headings, in any order, are recognised by; or the refusal.
std::string recognised(ImportDesk& desk, Kind kind, Names headings, const std::string& named = {}) {
  const std::vector<crm::Preset> presets = crm::built_in_presets(kind);
  std::reverse(headings.begin(), headings.end());
  try {
    const auto preset = crm::choose_preset(
        desk.session().view(kind), headings, named, [&]() -> const auto& { return presets; });
    return preset ? preset->name : "none";
  } catch (const crm::Error& error) {
    return error.message();
  }
}

std::string only_row(ImportDesk& desk, Kind kind, const std::string& fields) {
  std::string text = desk.exported(kind, crm::cmd::Format::jsonl);
  std::string out;
  std::size_t begin = 0;
  while (begin <= fields.size()) {
    const std::size_t end = std::min(fields.find(',', begin), fields.size());
    const std::string key = "\"" + fields.substr(begin, end - begin) + "\":";
    const std::size_t at = text.find(key);
    if (at != std::string::npos)
      out += text.substr(at + key.size(), text.find(",\"", at) - at - key.size()) + ' ';
    begin = end + 1;
  }
  return out;
}

Names split_at_commas(std::string_view text) {
  Names parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    parts.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

}  // namespace

TEST_CASE("files of other systems are recognised by the set of their headings") {
  ImportDesk desk;
  CHECK(recognised(desk, Kind::contact, {"ID", "ACCOUNTID", "LASTNAME", "FIRSTNAME", "EMAIL"}) ==
        "salesforce-contact");
  CHECK(recognised(desk, Kind::lead,
                   {"Id", "LastName", "FirstName", "Company", "LeadSource", "Status", "IsConverted"}) ==
        "salesforce-lead");
  CHECK(recognised(desk, Kind::lead, {"Id", "Name", "StageName", "CloseDate", "Amount"}) ==
        "salesforce-lead-opportunity");
  CHECK(recognised(desk, Kind::customer, {"Account ID", "Account Name", "Billing City"}) ==
        "salesforce-customer");
  CHECK(recognised(desk, Kind::followup, {"Id", "WhoId", "WhatId", "Subject", "ActivityDate"}) ==
        "salesforce-followup");
  CHECK(recognised(desk, Kind::contact, {"Record ID", "First Name", "Last Name", "Email", "Contact owner"}) ==
        "hubspot-contact");
  CHECK(recognised(desk, Kind::lead, {"Record ID", "Deal Name", "Deal Stage", "Deal Owner"}) ==
        "hubspot-lead-deal");
  CHECK(recognised(desk, Kind::contact, {"Person - Name*", "Organization - Name*", "Person - Phone"}) ==
        "pipedrive-contact");
  CHECK(recognised(desk, Kind::contact,
                   {"First Name", "Last Name", "Organization Name", "Labels", "Phone 1 - Value"}) ==
        "google-contact");
  CHECK(recognised(desk, Kind::contact, {"Name", "Given Name", "Family Name", "Group Membership"}) ==
        "google-contact-old");
  CHECK(recognised(desk, Kind::contact, {"First Name", "Last Name", "E-mail Address", "E-mail Type"}) ==
        "outlook-contact");
  CHECK(recognised(desk, Kind::contact, {"First Name", "Last Name", "E-mail Address", "IMAddress"}) ==
        "outlook-contact-web");
  CHECK(recognised(desk, Kind::customer, {"*客户名称", "*负责人", "客户级别", "下次联系时间", "手机"}) ==
        "wukong-customer");
  CHECK(recognised(desk, Kind::lead, {"*线索名称", "*负责人", "线索来源", "下次联系时间"}) == "wukong-lead");
  CHECK(recognised(desk, Kind::contact, {"*姓名", "*客户名称", "是否关键决策人"}) == "wukong-contact");
  CHECK(recognised(desk, Kind::customer, {"客户名称（必填）", "负责人（必填）", "生命状态"}) ==
        "fxiaoke-customer");
  CHECK(recognised(desk, Kind::contact, {"*姓名", "*客戶名稱", "是否關鍵決策人"}) == "wukong-contact");
  CHECK(recognised(desk, Kind::contact, {"name", "phone"}) == "none");
  CHECK(recognised(desk, Kind::customer, {"id", "name", "ref"}) == "none");
}

TEST_CASE("a preset is named by itself or its system; between two that fit alike none is chosen") {
  ImportDesk desk;
  const Names headings = {"Record ID", "First Name", "Last Name", "Email"};
  CHECK(recognised(desk, Kind::contact, headings, "hubspot") == "hubspot-contact");
  CHECK(recognised(desk, Kind::contact, {"x"}, "google-contact") == "google-contact");
  CHECK(recognised(desk, Kind::contact, headings, "google") ==
        "the headings are not those of contacts of 'google'");
  CHECK(recognised(desk, Kind::contact, headings, "hubspt") == "there is no preset 'hubspt' for contacts");
  crm::Preset first = crm::built_in_presets(Kind::contact).front();
  crm::Preset second = first;
  first.name = "a";
  second.name = "b";
  first.needs = second.needs = {{"x"}};
  const std::vector<crm::Preset> both = {first, second};
  CHECK(crm::test::error_message([&] {
          (void)crm::choose_preset(
              desk.session().view(Kind::contact), {"x"}, {}, [&]() -> const auto& { return both; });
        }) == "the headings fit the presets 'a' and 'b' equally");
}

TEST_CASE("whoever names the wrong kind is told the right one") {
  ImportDesk desk;
  const std::string leads = "Id,LastName,FirstName,Company,LeadSource,Status,IsConverted\n1,A,B,C,,,\n";
  crm::ImportOptions options;
  options.preset = "salesforce";
  try {
    desk.import(Kind::customer, leads, options);
    CHECK(false);
  } catch (const crm::Error& error) {
    CHECK(
        error.hint() ==
        "the headings are those of 'salesforce-lead', leads (Data Loader or report): 'crm import lead' reads "
        "them");
  }
  Names told;
  options.preset.clear();
  options.recognised = [&](const std::string& fact) { told.push_back(fact); };
  CHECK_THROWS_AS(
      desk.import(Kind::contact, "Record ID,Deal Name,Deal Stage,Pipeline,Amount\n1,a,b,c,1\n", options),
      crm::Error);
  CHECK(told == Names{"the headings are those of 'hubspot-lead-deal', deals: 'crm import lead' reads them"});
  told.clear();
  CHECK_THROWS_AS(desk.import(Kind::contact, "phone\n1\n", options), crm::Error);
  CHECK(told.empty());
}

TEST_CASE("every built-in preset can be read and names only fields that are there") {
  ImportDesk desk;
  for (const crm::Preset& preset : crm::built_in_presets(std::nullopt)) {
    CAPTURE(preset.name);
    Names headings;
    for (const crm::MappedColumn& column : preset.rules.columns) headings.push_back(column.heading);
    crm::ImportOptions options;
    CHECK_NOTHROW(crm::make_column_plan(desk.session().view(preset.kind), desk.session().state().process(),
                                        headings, preset.rules, options));
    CHECK_FALSE(preset.about.empty());
  }
}

TEST_CASE("contacts of Google: names joined, several numbers, customers made") {
  ImportDesk desk;
  Names told;
  crm::ImportOptions options;
  options.recognised = [&](const std::string& fact) { told.push_back(fact); };
  const auto result = desk.import(
      Kind::contact,
      "First Name,Last Name,Organization Name,Labels,Birthday,Phone 1 - Value,E-mail 1 - Value,Notes\n"
      "伟,张,远航,* myContacts, --05-17,138 0013 8000 ::: 139 0013 9000,a@b.example,hello\n",
      options);
  CHECK(result.preset == "google-contact");
  CHECK(told == Names{"by the preset 'google-contact': Google Contacts, present form"});
  CHECK(only_row(desk, Kind::contact, "name,customer,phone,birthday,email,note") ==
        "\"张伟\" \"customer/1\" \"138 0013 8000\" null \"a@b.example\" \"hello\\nphone: 139 0013 9000\" ");
}

TEST_CASE("every heading of Google's and Outlook's exports is mapped or left out on purpose") {
  const std::pair<const char*, const char*> headings[] = {
      {"google-contact",
       "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,"
       "Phonetic Last Name,Name Prefix,Name Suffix,Nickname,File As,Organization Name,"
       "Organization Title,Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,"
       "E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Label,"
       "Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box,"
       "Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,"
       "Address 1 - Extended Address,Website 1 - Label,Website 1 - Value,Event 1 - Label,"
       "Event 1 - Value,Custom Field 1 - Label,Custom Field 1 - Value"},
      {"google-contact-old",
       "Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,"
       "Additional Name Yomi,Family Name Yomi,Name Prefix,Name Suffix,Initials,Nickname,"
       "Short Name,Maiden Name,Birthday,Gender,Location,Billing Information,Directory Server,"
       "Mileage,Occupation,Hobby,Sensitivity,Priority,Subject,Notes,Language,Photo,"
       "Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,"
       "Address 1 - Type,Organization 1 - Type,Organization 1 - Name,Organization 1 - Yomi Name,"
       "Organization 1 - Title,Organization 1 - Department,Organization 1 - Symbol,"
       "Organization 1 - Location,Organization 1 - Job Description,Organization 2 - Name,"
       "Address 1 - Formatted,Address 2 - Street,Website 1 - Type,Website 1 - Value"},
      {"outlook-contact",
       "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,"
       "Business Street,Business Street 2,Business Street 3,Business City,Business State,"
       "Business Postal Code,Business Country/Region,Home Street,Home Street 2,Home Street 3,"
       "Home City,Home State,Home Postal Code,Home Country/Region,Other Street,Other Street 2,"
       "Other Street 3,Other City,Other State,Other Postal Code,Other Country/Region,"
       "Assistant's Phone,Business Fax,Business Phone,Business Phone 2,Callback,Car Phone,"
       "Company Main Phone,Home Fax,Home Phone,Home Phone 2,ISDN,Mobile Phone,Other Fax,"
       "Other Phone,Pager,Primary Phone,Radio Phone,TTY/TDD Phone,Telex,Account,Anniversary,"
       "Assistant's Name,Billing Information,Birthday,Business Address PO Box,Categories,"
       "Children,Directory Server,E-mail Address,E-mail Type,E-mail Display Name,"
       "E-mail 2 Address,E-mail 2 Type,E-mail 2 Display Name,E-mail 3 Address,E-mail 3 Type,"
       "E-mail 3 Display Name,Gender,Government ID Number,Hobby,Home Address PO Box,Initials,"
       "Internet Free Busy,Keywords,Language,Location,Manager's Name,Mileage,Notes,"
       "Office Location,Organizational ID Number,Other Address PO Box,Priority,Private,"
       "Profession,Referred By,Sensitivity,Spouse,User 1,User 2,User 3,User 4,Web Page"},
      {"outlook-contact-web",
       "First Name,Middle Name,Last Name,Title,Suffix,Nickname,Given Yomi,Surname Yomi,"
       "E-mail Address,E-mail 2 Address,E-mail 3 Address,Home Phone,Home Phone 2,Business Phone,"
       "Business Phone 2,Mobile Phone,Car Phone,Other Phone,Primary Phone,Pager,Business Fax,"
       "Home Fax,Other Fax,Company Main Phone,Callback,Radio Phone,Telex,TTY/TDD Phone,"
       "IMAddress,Job Title,Department,Company,Office Location,Manager's Name,Assistant's Name,"
       "Assistant's Phone,Company Yomi,Business Street,Business City,Business State,"
       "Business Postal Code,Business Country/Region,Home Street,Home City,Home State,"
       "Home Postal Code,Home Country/Region,Other Street,Other City,Other State,"
       "Other Postal Code,Other Country/Region,Personal Web Page,Spouse,Schools,Hobby,Location,"
       "Web Page,Birthday,Anniversary,Notes"},
      {"outlook-contact",
       "First Name,Middle Name,Last Name,Title,Suffix,Initials,Web Page,Gender,Birthday,"
       "Anniversary,Location,Language,Internet Free Busy,Notes,E-mail Address,E-mail 2 Address,"
       "E-mail 3 Address,Primary Phone,Home Phone"}};
  const std::vector<crm::Preset> presets = crm::built_in_presets(Kind::contact);
  for (const auto& known : headings) {
    const std::string name = known.first;
    const auto preset = std::find_if(presets.begin(), presets.end(),
                                     [&](const crm::Preset& one) { return one.name == name; });
    REQUIRE(preset != presets.end());
    for (const std::string& heading : split_at_commas(known.second)) {
      CAPTURE(name);
      CAPTURE(heading);
      CHECK(preset->knows(heading));
    }
  }
}

TEST_CASE("a numbered column is known by any number, one that is named by its own") {
  ImportDesk desk;
  desk.import(
      Kind::contact,
      "First Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 7 - Value,Phone 1 - Value,"
      "Phone 12 - Value,Organization Name\nAnn,Lee,,* Work,a@b.example,c@d.example,139 0013 9000,"
      "138 0013 8000,\n");
  CHECK(only_row(desk, Kind::contact, "name,phone,email,note") ==
        "\"Ann Lee\" \"139 0013 9000\" \"a@b.example\" \"email: c@d.example\\nphone: 138 0013 8000\" ");
}

TEST_CASE("labels of Pipedrive are tags, several with commas between them") {
  ImportDesk desk;
  crm::ImportOptions options;
  options.create_missing = {"tag"};
  const std::string text =
      "Organization - Name,Organization - Owner,Organization - Labels\nX,,\"Hot, VIP,\"\nY,,a;b\nZ,,\n";
  CHECK(desk.import(Kind::customer, text, options).added == 3);
  const std::string rows = desk.exported(Kind::customer, crm::cmd::Format::jsonl);
  CHECK(rows.find(R"("tags":["Hot","VIP"])") != std::string::npos);
  CHECK(rows.find(R"("tags":["a","b"])") != std::string::npos);
  options.maps = {"Organization - Name=commas:name"};
  CHECK_THROWS_WITH_AS(desk.import(Kind::customer, text, options), "'name' takes one value", crm::Error);
}

TEST_CASE("a later file refers to records by the numbers of the system it comes from") {
  ImportDesk desk;
  desk.import(Kind::customer, "Id,Name,BillingCity,BillingStreet\n001A,Acme,Berlin,Main St 1\n");
  const auto result = desk.import(
      Kind::contact, "Id,LastName,FirstName,AccountId,MobilePhone,Phone\n003A,Doe,Jo,001A,,030 1\n");
  CHECK(ImportDesk::counts(result) == "1 added");
  CHECK(only_row(desk, Kind::contact, "name,customer,phone,ref") ==
        "\"Jo Doe\" \"customer/1\" \"030 1\" [\"salesforce/003A\"] ");
  CHECK(only_row(desk, Kind::customer, "address") == "\"Berlin, Main St 1\" ");
}

TEST_CASE("a preset of one's own") {
  ImportDesk desk;
  crm::ImportOptions options;
  options.preset = desk.file(
      "own.yaml", "system: own\nkind: customer\nneeds: [[Firma]]\ncolumns: {Firma: name, Nr: ref}\n");
  desk.import(Kind::customer, "Nr,Firma\n7,Acme\n", options);
  CHECK(only_row(desk, Kind::customer, "name,ref") == "\"Acme\" [\"own/7\"] ");
  options.preset = desk.file("own.yaml", "kind: lead\nfoo: 1\n");
  CHECK(crm::test::error_message([&] {
          desk.import(Kind::customer, "Nr,Firma\n7,Acme\n", options);
        }).find("unknown key 'foo'") != std::string::npos);
}

TEST_CASE("what rows name can be made") {
  ImportDesk desk;
  const std::string rows = "name,customer\nJo,Acme\nMo,Acme\n";
  CHECK(crm::test::error_message([&] { desk.import(Kind::contact, rows); }).find("Acme") !=
        std::string::npos);
  crm::ImportOptions options;
  options.create_missing = {"customer"};
  CHECK(ImportDesk::counts(desk.import(Kind::contact, rows, options)) == "2 added");
  CHECK(only_row(desk, Kind::customer, "name") == "\"Acme\" ");
  options.create_missing = {"custmer"};
  CHECK_THROWS_AS(desk.import(Kind::contact, rows, options), crm::Error);
}

TEST_CASE("dates of spreadsheets and with the names of months") {
  ImportDesk desk;
  desk.import(Kind::contact,
              "name,birthday\na,45631.0\nb,\"March 1, 2026\"\nc,1-Mar-2026\nd,2026年3月1日\ne,0/0/00\n");
  const std::string rows = desk.exported(Kind::contact);
  CHECK(rows.find("2024-12-05") != std::string::npos);
  std::size_t count = 0;
  for (std::size_t at = rows.find("2026-03-01"); at != std::string::npos;
       at = rows.find("2026-03-01", at + 1))
    ++count;
  CHECK(count == 3);
}

TEST_CASE("files in the shapes of other systems are taken whole") {
  const auto root = crm::test::shared_data("export_samples");
  if (!root) return;
  const auto taken = [&](Kind kind, const std::string& name) {
    ImportDesk desk;
    crm::ImportOptions options;
    options.keep_going = true;
    options.rejects = desk.path("rejects.csv");
    options.on_unknown_user = crm::UnknownUser::empty;
    const auto result = crm::import_records(desk.session(), kind, *root + "/" + name, options);
    return ImportDesk::counts(result);
  };
  CHECK(taken(Kind::contact, "google_contacts_2024.csv") == "3 added");
  CHECK(taken(Kind::contact, "outlook_full_cp1252.csv") == "2 added");
  CHECK(taken(Kind::contact, "pipedrive_import_sample.csv") == "1 added");
  CHECK(taken(Kind::customer, "hubspot_companies.csv") == "3 added");
}
