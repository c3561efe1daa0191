#include "outbox/webhook_format.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "base/digest.h"
#include "base/text.h"
#include "crm/channels.h"
#include "crm/error.h"

namespace crm {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostText = 2000;  // bytes: WeCom takes 2048

std::string hmac(std::string_view key, std::string_view text) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(key.data()), key.size());
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> mac{};
  crypto_auth_hmacsha256_final(&state, mac.data());
  return {reinterpret_cast<const char*>(mac.data()), mac.size()};
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    out += plain ? std::string(1, c) : "%" + hex(std::string_view(&c, 1));
  }
  return out;
}

std::string cut(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t end = 0;
  while (end < most) {
    const std::size_t next =
        std::max<std::size_t>(first_character_size(std::string_view(text).substr(end)), 1);
    if (end + next > most) break;
    end += next;
  }
  return text.substr(0, end) + "…";
}

// A robot speaks to a whole group: whom it means stands first.
std::string text_of(const Message& message) {
  std::string text = message.person.empty() ? std::string() : message.person + ": ";
  text += message.subject + '\n' + message.body;
  while (text.ends_with('\n')) text.pop_back();
  return cut(std::move(text), kMostText);
}

// Slack reads <…> as links.
std::string slack_text(const std::string& text) {
  std::string out;
  for (const char c : text)
    out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  return out;
}

std::string written(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json plain_json(const Message& message) {
  Json json = {{"key", message.key},       {"rule", message.rule},
               {"person", message.person}, {"subject", message.subject},
               {"body", message.body},     {"made_at", format_moment(message.made_at, TimeZone())}};
  if (!message.payload.empty()) {
    Json data = Json::parse(message.payload, nullptr, false);
    if (!data.is_discarded()) json["data"] = std::move(data);
  }
  return json;
}

std::int64_t seconds_of(Moment moment) {
  return moment.time_since_epoch().count();
}

// The code by which a robot says whether it took the message, and its words. Nothing where the answer has
// none.
struct RobotAnswer {
  std::int64_t code = 0;
  std::string text;
};
std::optional<RobotAnswer> robot_answer(std::string_view answer) {
  const Json json = Json::parse(answer, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  for (const auto& [code, text] :
       {std::pair("errcode", "errmsg"), std::pair("code", "msg"), std::pair("StatusCode", "StatusMessage")}) {
    const auto found = json.find(code);
    if (found == json.end() || !found->is_number_integer()) continue;
    const auto words = json.find(text);
    return RobotAnswer{found->get<std::int64_t>(),
                       words != json.end() && words->is_string() ? words->get<std::string>() : std::string()};
  }
  return std::nullopt;
}

// Too many messages in a short time, or busy: by WeCom, DingTalk and Feishu.
bool is_passing(std::int64_t code) {
  constexpr std::array<std::int64_t, 7> kCodes = {-1, 45009, 45033, 130101, 410100, 9499, 11232};
  return std::find(kCodes.begin(), kCodes.end(), code) != kCodes.end();
}

HandoverResult of_status(int status, const std::string& reply) {
  constexpr std::array<int, 4> kPassing = {408, 409, 425, 429};
  constexpr std::array<int, 5> kOfTheChannel = {401, 403, 404, 405, 410};
  const std::string text =
      "the web hook answered " + std::to_string(status) + (reply.empty() ? "" : ": " + reply);
  const auto is_in = [&](const auto& list) {
    return std::find(list.begin(), list.end(), status) != list.end();
  };
  if (status >= 500 || is_in(kPassing)) return {Handover::retry, text};
  // No other message would fare better: its address or its key is wrong.
  if (status < 400 || is_in(kOfTheChannel)) throw Error(ErrorCode::io, text, "check the web hook's address");
  return {Handover::refused, text};
}

}  // namespace

std::vector<std::string> webhook_formats() {
  return {"wecom", "dingtalk", "feishu", "slack", "json"};
}

bool takes_signature(std::string_view format) {
  return format == "dingtalk" || format == "feishu" || format == "json";
}

WebhookRequest webhook_request(std::string_view format, const std::string& url, const std::string& secret,
                               const Message& message, Moment now) {
  WebhookRequest request{url, {}, {}};
  if (format == "json") {
    request.body = written(plain_json(message));
    if (!secret.empty())
      request.headers.push_back("X-Crm-Signature: sha256=" + hex(hmac(secret, request.body)));
    return request;
  }
  const std::string text = text_of(message);
  if (format == "slack") {
    request.body = written({{"text", slack_text(text)}});
    return request;
  }
  if (format == "feishu") {
    Json json;
    if (!secret.empty()) {
      const std::string stamp = std::to_string(seconds_of(now));
      json["timestamp"] = stamp;
      json["sign"] = base64(hmac(stamp + '\n' + secret, ""));
    }
    json["msg_type"] = "text";
    json["content"] = {{"text", text}};
    request.body = written(json);
    return request;
  }
  request.body = written({{"msgtype", "text"}, {"text", {{"content", text}}}});
  if (format == "dingtalk" && !secret.empty()) {
    const std::string stamp = std::to_string(seconds_of(now)) + "000";
    request.url += (url.find('?') == std::string::npos ? "?timestamp=" : "&timestamp=") + stamp +
                   "&sign=" + percent_encoded(base64(hmac(secret, stamp + '\n' + secret)));
  }
  return request;
}

HandoverResult webhook_result(std::string_view format, int status, std::string_view answer) {
  const std::string reply = visible(cut(std::string(trimmed(answer)), 300));
  if (status < 200 || status >= 300) return of_status(status, reply);
  if (format == "json" || format == "slack") return {Handover::sent, reply};
  const std::optional<RobotAnswer> robot = robot_answer(answer);
  if (!robot) return {Handover::doubt, "the web hook's answer cannot be read: " + reply};
  if (robot->code == 0) return {Handover::sent, reply};
  const std::string text =
      "the web hook refused it: " + std::to_string(robot->code) + ' ' + visible(cut(robot->text, 300));
  return {is_passing(robot->code) ? Handover::retry : Handover::refused, text};
}

}  // namespace crm
