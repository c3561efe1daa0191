#include "records/word_search.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "crm/error.h"
#include "crm/search.h"
#include "unit/exchange/import_desk.h"

namespace {

using crm::Kind;
using crm::test::ImportDesk;

// Leads of which every one has a phone that begins with 1, half of them with 13, and 王 is the name of every
// seventh.
void fill(ImportDesk& desk, int count) {
  std::string rows = "name,company,phone\n";
  for (int i = 0; i < count; ++i) {
    const std::string number = std::to_string(10000000 + i);
    rows += std::string(i % 7 == 0 ? "王" : "李") + "伟,Acme " + std::to_string(i % 50) + ",1" +
            (i % 2 == 0 ? "38" : "59") + number + "\n";
  }
  desk.import(Kind::lead, rows);
}

std::vector<std::int64_t> listed(ImportDesk& desk, const std::string& words) {
  std::vector<std::int64_t> ids;
  for (const auto& row : desk.list(Kind::lead, {words})) ids.push_back(std::stoll(row.at("id")));
  std::sort(ids.rbegin(), ids.rend());
  return ids;
}

}  // namespace

TEST_CASE("the index and the texts themselves give the same records") {
  ImportDesk desk;
  fill(desk, 2500);
  for (const char* words : {"王",
                            "1",
                            "13",
                            "138",
                            "1381",
                            "13810000004",
                            "acme",
                            "acme 13",
                            "acme 7",
                            "王 1",
                            "王 138",
                            "liwei",
                            "w",
                            "acme 49 159",
                            "li wei",
                            "nobody",
                            "nobody 1",
                            "伟",
                            "00000",
                            "0012",
                            "!",
                            "138 100",
                            "159 1 0",
                            "00 00",
                            "acme 138 1000",
                            "138 1000 0004"}) {
    CAPTURE(words);
    const bool nothing_to_look_for = std::string(words) == "!";
    std::vector<std::int64_t> expected;
    if (!nothing_to_look_for) {
      for (const auto& one : crm::find_by_words(desk.session(), words, 10000).records)
        expected.push_back(one.id.id);
      // A list does not read two words as one name.
      if (std::string(words) != "li wei") CHECK(expected == listed(desk, words));
    }
    const crm::FoundRecords few = crm::find_by_words(desk.session(), words, 20);
    CHECK(few.more == (expected.size() > 20));
    REQUIRE(few.records.size() == std::min<std::size_t>(20, expected.size()));
    for (std::size_t i = 0; i < few.records.size(); ++i) CHECK(few.records[i].id.id == expected[i]);
  }
}

TEST_CASE("a number is found as it is dialled at home, however it is stored") {
  ImportDesk desk;
  for (const char* phone : {"+86 138 0013 8000", "+8613900138001", "13700138002", "0086-136-0013-8003"})
    desk.lead("Lead", {{"phone", phone}});
  for (const char* words :
       {"138", "13800138000", "139", "1390013", "137", "8613700138002", "+86 136", "8003", "00138001"}) {
    CAPTURE(words);
    CHECK(crm::search(desk.session(), words, 10).hits.size() == 1);
  }
  for (const char* words : {"0013", "0138", "001380", "0 0138", "00-138", "0 0 1 3"}) {
    CAPTURE(words);
    CHECK(crm::search(desk.session(), words, 10).hits.size() == 4);
  }
}

TEST_CASE("groups of a number's digits find it") {
  ImportDesk desk;
  desk.lead("Ann", {{"phone", "+14155552671"}});
  desk.lead("Ben", {{"phone", "+861088881234"}});
  desk.lead("Cleo", {{"phone", "+8613800138000"}});
  const std::pair<const char*, std::int64_t> found[] = {
      {"415 555", 1},  {"555-2671", 1},  {"(415) 555", 1},    {"55 52", 1},    {"ann 155 55", 1},
      {"138 0013", 3}, {"0013-8000", 3}, {"+86 138 0013", 3}, {"010 8888", 2}, {"010-8888-1234", 2}};
  for (const auto& search : found) {
    const char* const words = search.first;
    CAPTURE(words);
    const auto hits = crm::search(desk.session(), words, 10).hits;
    REQUIRE(hits.size() == 1);
    CHECK(hits[0].record.id == search.second);
    if (words[0] != '+') CHECK(desk.list(Kind::lead, {words}).size() == 1);  // else it is a tag
  }
  CHECK(crm::search(desk.session(), "ben 155 55", 10).hits.empty());
}

TEST_CASE("a lead is found by how its company is read") {
  ImportDesk desk;
  desk.lead("Ann", {{"company", "上海张江高科有限公司"}});
  desk.add(Kind::customer, {{"name", "李雷"}, {"company", "潍坊航水产贸易有限公司"}});
  for (const char* words : {"shanghaizhangjiang", "shzj", "zhangjianggaoke", "zjgk", "ann zjgk",
                            "weifanghang", "wfhscmy", "hangshuichan", "lilei wfh"}) {
    CAPTURE(words);
    CHECK(crm::search(desk.session(), words, 10).hits.size() == 1);
  }
}
