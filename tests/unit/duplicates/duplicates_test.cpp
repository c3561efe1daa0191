#include "crm/duplicates.h"
#include "crm/workflow.h"

#include <doctest/doctest.h>

#include "duplicates/normal_form.h"
#include "duplicates/repeated_name.h"
#include "duplicates/similarity.h"
#include "unit/desk.h"

namespace {

using crm::Kind;
using crm::RecordId;
using crm::test::Desk;

RecordId customer(Desk& desk, const std::string& name, const std::string& company, const std::string& phone,
                  const std::string& email) {
  return desk.add(Kind::customer, {{"name", name}, {"company", company}, {"phone", phone}, {"email", email}});
}

double score_of(Desk& desk, RecordId a, RecordId b) {
  for (const crm::DuplicatePair& pair : crm::find_duplicates(desk.session(), {Kind::customer, 0.0})) {
    if (pair.a == a && pair.b == b) return pair.score;
  }
  return 0;
}

}  // namespace

TEST_CASE("spellings of a company have one key") {
  for (const char* name : {"广州市航海贸易有限公司", "廣州市航海貿易有限公司", "广州市航海贸易（有限公司）",
                           " 广州市航海贸易 有限责任公司", "广州市航海贸易股份有限公司"}) {
    CHECK(crm::company_key(name) == "广州市航海贸易");
  }
  for (const char* name : {"Acme Ltd.", "ACME, Inc", "Ａｃｍｅ Co., Ltd", "The Acme Company"})
    CHECK(crm::company_key(name) == "acme");
  for (const char* name : {"Acme L.L.C.", "Acme LLC", "Acme S.A.", "Acme G.m.b.H.", "acme b. v."})
    CHECK(crm::company_key(name) == "acme");
  CHECK(crm::company_key("H. & M. Hennes") == "hm hennes");
  CHECK(crm::company_key("有限公司") == "有限公司");  // nothing would be left
  CHECK(crm::name_key("Smith,  John") == crm::name_key("john smith"));
  CHECK(crm::name_in_letters("张伟") == crm::name_in_letters("zhang伟"));
  CHECK(crm::are_one_in_letters(crm::name_key("张伟"), crm::name_key("Zhang Wei")));
  CHECK(crm::are_one_in_letters(crm::name_key("Fang Wang"), crm::name_key("王芳")));
  CHECK_FALSE(crm::are_one_in_letters(crm::name_key("张伟"), crm::name_key("Zhang Li")));
  CHECK(crm::name_in_letters("单雄信") == "shanxiongxin");  // a surname with a reading of its own
}

TEST_CASE("similarities have their published values") {
  CHECK(crm::jaro_winkler("martha", "marhta") == doctest::Approx(0.961).epsilon(0.001));
  CHECK(crm::jaro_winkler("dixon", "dicksonx") == doctest::Approx(0.813).epsilon(0.001));
  CHECK(crm::jaro_winkler("", "a") == 0);
  CHECK(crm::bigram_dice("night", "nacht") == doctest::Approx(0.25));
  CHECK(crm::edits("张伟", "伟张", 2) == 1);
  CHECK(crm::edits("abcdef", "uvwxyz", 2) == 3);
}

TEST_CASE("keys in common make two records one, what colleagues share does not") {
  Desk desk;
  const RecordId first = customer(desk, "张伟", "广州航海贸易有限公司", "13800138000", "zw@example.com");
  const RecordId again = customer(desk, "張偉", "", "+86 138-0013-8000", "ZW@example.com");
  const RecordId colleague = customer(desk, "王芳", "广州航海贸易有限公司", "13800138000", "wf@example.com");
  const RecordId namesake = customer(desk, "张伟", "深圳明月科技公司", "13911112222", "other@example.com");
  CHECK(score_of(desk, first, again) > crm::kMergedScore);
  CHECK(score_of(desk, first, colleague) < 0.5);
  CHECK(score_of(desk, first, namesake) < 0.5);
  const auto found = crm::find_duplicates(desk.session(), {Kind::customer, std::nullopt});
  REQUIRE(found.size() == 1);
  CHECK(found[0].cluster == std::optional<std::int64_t>(1));
  CHECK(found[0].terms.size() >= 3);
}

TEST_CASE("a record that was just written is held against those that are there") {
  Desk desk;
  customer(desk, "Acme Ltd", "", "13800138000", "");
  const RecordId again = customer(desk, "ACME", "", "138 0013 8000", "");
  const RecordId other = customer(desk, "Globex", "", "13900139000", "");
  CHECK(crm::duplicates_of(desk.session(), again).size() == 1);
  CHECK(crm::duplicates_of(desk.session(), other).empty());
}

TEST_CASE("the same number and a name that holds the other are kept out") {
  Desk desk;
  customer(desk, "云帆科技", "", "13800138000", "");
  const RecordId longer = customer(desk, "上海浦东云帆科技有限公司", "", "138 0013 8000", "");
  const RecordId neighbour = customer(desk, "明月餐饮", "", "13800138000", "");
  CHECK(crm::duplicates_of(desk.session(), longer).size() == 1);
  CHECK(crm::duplicates_of(desk.session(), neighbour).empty());
}

TEST_CASE("a customer with another's e-mail address is kept out, whatever it is called") {
  Desk desk;
  customer(desk, "云帆科技", "", "", "sales@yunfan.example");
  CHECK(
      crm::duplicates_of(desk.session(), customer(desk, "明月餐饮", "", "", "Sales@Yunfan.example")).size() ==
      1);
}

TEST_CASE("a customer of the same name is kept out unless something tells them apart") {
  Desk desk;
  customer(desk, "丁山科技有限公司", "", "13800138000", "");
  customer(desk, "张伟", "远航", "", "");
  CHECK(crm::duplicates_of(desk.session(), customer(desk, "丁山科技", "", "", "")).size() == 1);
  CHECK(crm::duplicates_of(desk.session(), customer(desk, "丁山科技公司", "", "13911112222", "")).size() ==
        1);
  CHECK(crm::duplicates_of(desk.session(), customer(desk, "张伟", "明月", "", "")).empty());
}

TEST_CASE("the workflow says from which score pairs are listed") {
  Desk desk;
  const auto listed = [&](const char* threshold) {
    const std::string text =
        std::string("workflow: x\ntimezone: UTC\ndedupe: {customer: {threshold: ") + threshold + "}}\n";
    crm::apply_workflow(desk.session(), text, "x.yaml", {});
    return crm::find_duplicates(desk.session(), {Kind::customer, std::nullopt}).size();
  };
  customer(desk, "北京云帆科技", "", "13800138000", "");
  customer(desk, "云帆科技", "", "13800138000", "");
  customer(desk, "明月餐饮", "", "13800138000", "");
  const auto all = crm::find_duplicates(desk.session(), {Kind::customer, 0.0});
  REQUIRE(all.size() == 3);
  CHECK(all[0].score < 0.99);
  CHECK(listed("0.99") == 0);
  CHECK(listed("0.01") >= 1);
}

TEST_CASE("an address that is made of the name is no second proof of it") {
  const auto repeats = [](const char* a, const char* name_a, const char* b, const char* name_b) {
    return crm::only_repeats_names(a, crm::name_key(name_a), b, crm::name_key(name_b));
  };
  CHECK(repeats("jo.doe@acme.com", "Jo Doe", "jo.doe@globex.com", "Jo Doe"));
  CHECK(repeats("jdoe@acme.com", "Jo Doe", "doe-jo@globex.com", "Doe, Jo"));
  CHECK(repeats("wei.zhang@acme.com", "张伟", "zhangwei@globex.com", "张伟"));
  CHECK(repeats("zw1990@acme.com", "张伟", "zw@globex.com", "张 伟"));
  CHECK(repeats("jo.doe1@acme.com", "Jo Doe", "jo.doe2@acme.com", "Jo Doe"));
  CHECK(repeats("jo.doe@acme.com", "Jo Doe", "jo.doe@globex.com", "Jo Deo"));
  CHECK(repeats("mea.doe@acme.com", "Mea Doe", "vera.doe@acme.com", "Vera Doe"));
  CHECK(repeats("info@acme.com", "Star Tech", "info@globex.com", "Star Technology"));
  CHECK_FALSE(repeats("jo.doe@acme.com", "Jo Doe", "jo.doe@acme.com", "Jo Doe"));
  CHECK_FALSE(repeats("jo.doe@acme.com", "Jo Doe", "jdoe@acme.com", "Jo Doe"));
  CHECK_FALSE(repeats("jo.doe@gmail.com", "Jo Doe", "jo.doe@gmial.com", "Jo Doe"));
  CHECK_FALSE(repeats("doe1990@acme.com", "Jo Doe", "doe1990@globex.com", "Jo Doe"));
  CHECK_FALSE(repeats("starlight@acme.com", "Jo Doe", "starlight@globex.com", "Jo Doe"));
  CHECK_FALSE(repeats("1234567@qq.com", "Jo Doe", "1234567@163.com", "Jo Doe"));
  CHECK_FALSE(repeats(("aaaaaaaaaaaaaaaaaaaaaaaaaaaaab" + std::string("@x.com")).c_str(),
                      "aa aaa aaaa aaaaa aaaaaa aaaaaaa aaaaaaaa a", "jo@y.com", "Jo"));
}

TEST_CASE("customers of one name with nothing else are found however many others there are") {
  Desk desk;
  const char* const kRegions[] = {"北京", "上海", "广州", "成都"};
  for (int i = 0; i < 600; ++i)
    desk.add(Kind::customer, {{"name", "客户" + std::to_string(i * 7919)}, {"region", kRegions[i % 4]}});
  const RecordId one = desk.add(Kind::customer, {{"name", "上海大树贸易有限公司"}});
  const RecordId other = desk.add(Kind::customer, {{"name", "上海大树贸易有限公司"}});
  const RecordId elsewhere = desk.add(Kind::customer, {{"name", "北京唯一化工有限公司"}, {"region", "北京"}});
  const RecordId apart = desk.add(Kind::customer, {{"name", "北京唯一化工有限公司"}, {"region", "成都"}});
  CHECK(score_of(desk, one, other) >= crm::kRefusedScore);
  CHECK(score_of(desk, elsewhere, apart) < crm::kRefusedScore);
}

TEST_CASE("brothers, whose names differ in one character, are not merged without being asked") {
  Desk desk;
  const auto add = [&](const std::string& name, const std::string& phone, const std::string& address) {
    return desk.add(Kind::customer, {{"name", name}, {"phone", phone}, {"address", address}});
  };
  for (int i = 0; i < 600; ++i) {
    const std::string number = std::to_string(10'000'000 + i * 7919);
    add("客户" + number, "139" + number, "上海市中山路" + std::to_string(i * 31) + "号");
  }
  const RecordId one = add("张建国", "13800000001", "上海市南京路1号");
  const RecordId brother = add("张建华", "13800000001", "上海市南京路1号");
  const RecordId left_out = add("李国强", "13800000002", "上海市南京路7号");
  const RecordId again = add("李强", "13800000002", "上海市南京路7号");
  CHECK(score_of(desk, one, brother) < crm::kMergedScore);
  CHECK(score_of(desk, left_out, again) > crm::kMergedScore);
}
