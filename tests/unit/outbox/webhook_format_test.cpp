#include "outbox/webhook_format.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "crm/error.h"

using namespace crm;
using Json = nlohmann::json;

namespace {

Message sample_message() {
  Message message;
  message.key = "rule/1/2026-03-02";
  message.rule = "rule";
  message.person = "王伟";
  message.subject = "3 <overdue> & \"late\"";
  message.body = "- a\n- b\n";
  return message;
}

const Moment kNow = Moment(std::chrono::seconds(1'700'000'000));

}  // namespace

TEST_CASE("each robot gets the form that it takes") {
  const std::string text = "王伟: 3 <overdue> & \"late\"\n- a\n- b";
  const auto body = [](const char* format) {
    return Json::parse(webhook_request(format, "https://x/y?key=k", "", sample_message(), kNow).body);
  };
  CHECK(body("wecom") == Json({{"msgtype", "text"}, {"text", {{"content", text}}}}));
  CHECK(body("dingtalk") == body("wecom"));
  CHECK(body("feishu") == Json({{"msg_type", "text"}, {"content", {{"text", text}}}}));
  CHECK(body("slack") == Json({{"text", "王伟: 3 &lt;overdue&gt; &amp; \"late\"\n- a\n- b"}}));
  Message message = sample_message();
  message.payload = R"({"lead": 7})";
  const Json plain = Json::parse(webhook_request("json", "https://x/y", "", message, kNow).body);
  CHECK(plain.at("key") == message.key);
  CHECK(plain.at("data").at("lead") == 7);
}

TEST_CASE("a text too long for a robot is cut between two characters") {
  Message message = sample_message();
  message.body.clear();
  for (int i = 0; i < 3000; ++i) message.body += "跟";
  const Json body = Json::parse(webhook_request("wecom", "https://x", "", message, kNow).body);
  const std::string text = body.at("text").at("content");
  CHECK(text.size() <= 2048);
  CHECK(text.ends_with("…"));
}

TEST_CASE("signatures are as DingTalk and Feishu compute them") {
  // By Python's hmac, hashlib and base64 on the same texts.
  const WebhookRequest dingtalk =
      webhook_request("dingtalk", "https://x/y?access_token=t", "SECtest", sample_message(), kNow);
  CHECK(dingtalk.url ==
        "https://x/"
        "y?access_token=t&timestamp=1700000000000&sign=aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g%3d");
  const Json feishu =
      Json::parse(webhook_request("feishu", "https://x/y", "SECtest", sample_message(), kNow).body);
  CHECK(feishu.at("timestamp") == "1700000000");
  CHECK(feishu.at("sign") == "G7XpBpG8NgG02fJOAhX6FRAObIljmFoxVReo8I62pEk=");
  const WebhookRequest json = webhook_request("json", "https://x/y", "SECtest", sample_message(), kNow);
  REQUIRE(json.headers.size() == 1);
  CHECK(json.headers[0].starts_with("X-Crm-Signature: sha256="));
  CHECK(json.headers[0].size() == 24 + 64);
}

TEST_CASE("what the answers mean") {
  CHECK(webhook_result("wecom", 200, R"({"errcode":0,"errmsg":"ok"})").outcome == Handover::sent);
  CHECK(webhook_result("wecom", 200, R"({"errcode":45009,"errmsg":"freq out of limit"})").outcome ==
        Handover::retry);
  CHECK(webhook_result("dingtalk", 200, R"({"errcode":310000,"errmsg":"keywords not in content"})").outcome ==
        Handover::refused);
  CHECK(webhook_result("feishu", 200, R"({"code":0,"msg":"success"})").outcome == Handover::sent);
  CHECK(webhook_result("feishu", 200, R"({"StatusCode":0,"StatusMessage":"success"})").outcome ==
        Handover::sent);
  CHECK(webhook_result("feishu", 200, "<html>").outcome == Handover::doubt);
  CHECK(webhook_result("slack", 200, "ok").outcome == Handover::sent);
  CHECK(webhook_result("json", 204, "").outcome == Handover::sent);
  CHECK(webhook_result("json", 503, "busy").outcome == Handover::retry);
  CHECK(webhook_result("json", 429, "").outcome == Handover::retry);
  CHECK(webhook_result("json", 422, "no").outcome == Handover::refused);
  CHECK(webhook_result("json", 403, "").outcome == Handover::retry);
  for (const int gateway : {502, 504}) CHECK(webhook_result("json", gateway, "").outcome == Handover::doubt);
  CHECK_THROWS_AS(webhook_result("json", 404, ""), Error);
  CHECK_THROWS_AS(webhook_result("json", 302, ""), Error);
}

TEST_CASE("a robot that is not there, or not with this key, is a fault of the channel") {
  CHECK_THROWS_AS(webhook_result("wecom", 200, R"({"errcode":93000,"errmsg":"invalid webhook url"})"), Error);
  CHECK_THROWS_AS(webhook_result("dingtalk", 200, R"({"errcode":300001,"errmsg":"token is not exist"})"),
                  Error);
  CHECK_THROWS_AS(webhook_result("dingtalk", 200, R"({"errcode":310000,"errmsg":"sign not match"})"), Error);
  CHECK_THROWS_AS(webhook_result("feishu", 200, R"({"code":19021,"msg":"sign match fail"})"), Error);
  CHECK_THROWS_AS(webhook_result("slack", 403, "invalid_token"), Error);
  CHECK_THROWS_AS(webhook_result("slack", 200, R"({"ok":false,"error":"invalid_auth"})"), Error);
}

TEST_CASE("a failure that comes with 200 is one") {
  CHECK(webhook_result("slack", 200, "no_text").outcome == Handover::refused);
  CHECK(webhook_result("slack", 200, R"({"ok":false,"error":"rate_limited"})").outcome == Handover::retry);
  CHECK(webhook_result("slack", 200, R"({"ok":true})").outcome == Handover::sent);
  CHECK(webhook_result("slack", 200, "<html>").outcome == Handover::doubt);
  for (const char* failed :
       {R"({"ok":false})", R"({"success":false})", R"({"errcode":1})", R"({"code":500})"})
    CHECK(webhook_result("json", 200, failed).outcome == Handover::refused);
  for (const char* taken : {"", "thanks", "[1]", R"({"id":7})", R"({"code":0})", R"({"code":200})"})
    CHECK(webhook_result("json", 200, taken).outcome == Handover::sent);
  const HandoverResult silent = webhook_result("wecom", 200, " \n");
  CHECK(silent.outcome == Handover::doubt);
  CHECK(silent.reply.find("answered with nothing") != std::string::npos);
}
