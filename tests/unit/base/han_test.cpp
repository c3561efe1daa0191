#include "base/han.h"

#include <doctest/doctest.h>

#include "base/text.h"

namespace {

std::string inner(const char* name) {
  std::string out;
  crm::append_inner_readings(out, name);
  return out;
}

std::string whole(const char* name) {
  std::string out;
  crm::append_name_readings(out, name);
  return out;
}

}  // namespace

TEST_CASE("a simplified character has no simpler form, so folding twice is folding once") {
  for (char32_t c = 0x4E00; c <= 0x9FFF; ++c)
    CHECK(crm::simplified(crm::simplified(c)) == crm::simplified(c));
}

TEST_CASE("search text has the simplified forms") {
  CHECK(crm::search_text("張偉 Ltd") == "张 伟 ltd");
  CHECK(crm::search_text("張偉") == crm::search_text("张伟"));
  CHECK(crm::search_text("ABC國際é") == "abc 国 际 e");
}

TEST_CASE("a company's name is also read from where its words begin") {
  CHECK(inner("上海张江高科") == " zhangjianggaoke zjgk gaoke gk");
  CHECK(inner("深圳市腾讯计算机系统有限公司") == " tengxunjisuanjixitong txjsjxt jisuanjixitong jsjxt");
  CHECK(inner("石家庄恒天有限责任公司") == " hengtian ht");
  CHECK(inner("阿里巴巴") == " baba bb");
  CHECK(inner("张伟").empty());
  CHECK(inner("王小明").empty());
  CHECK(inner("恒天有限公司").empty());
  CHECK(inner("Acme Ltd").empty());
}

TEST_CASE("characters that are read in several ways give a name several readings") {
  CHECK(whole("张伟") == " zhangwei zw");
  CHECK(whole("吕伟") == " luwei lw lvwei lw");
  CHECK(whole("单伟") == " shanwei sw danwei dw");
  CHECK(whole("單偉") == " shanwei sw danwei dw");
  CHECK(whole("曾伟") == " zengwei zw cengwei cw");
  CHECK(whole("女王") == " nuwang nw nvwang nw");
  CHECK(whole("建设银行") == " jiansheyinxing jsyx jiansheyinhang jsyh");
  CHECK(whole("厦门绿地") == " xiamenludi xmld xiamenlvdi xmld shamenludi smld shamenlvdi smld");
  CHECK(whole("长长行") == " changchangxing ccx changzhangxing czx zhangchangxing zcx zhangzhangxing zzx");
}
