#include "outbox/webhook_format.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <span>

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

// What an answer says of the message in words of its own: whether it was taken, the robot's code (0: it has
// none) and its text. Nothing where it says none of this.
struct BodyAnswer {
  bool taken = false;
  std::int64_t code = 0;
  std::string text;
};

std::string text_in(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<BodyAnswer> body_answer(std::string_view answer) {
  const Json json = Json::parse(answer, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  for (const auto& [code, text] :
       {std::pair("errcode", "errmsg"), std::pair("code", "msg"), std::pair("StatusCode", "StatusMessage")}) {
    const auto found = json.find(code);
    if (found == json.end() || !found->is_number_integer()) continue;
    const auto value = found->get<std::int64_t>();
    return BodyAnswer{value == 0, value, text_in(json, text)};
  }
  for (const auto& [taken, text] : {std::pair("ok", "error"), std::pair("success", "error")}) {
    const auto found = json.find(taken);
    if (found != json.end() && found->is_boolean())
      return BodyAnswer{found->get<bool>(), 0, text_in(json, text)};
  }
  return std::nullopt;
}

bool is_among(std::int64_t code, std::span<const std::int64_t> codes) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

// Too many messages in a short time, or busy: by WeCom, DingTalk and Feishu.
constexpr std::array<std::int64_t, 7> kPassingCodes = {-1, 45009, 45033, 130101, 410100, 9499, 11232};
// The robot is not there, or not with that key or signature: of WeCom, DingTalk and Feishu.
constexpr std::array<std::int64_t, 11> kRobotCodes = {93000,  93004,  93008, 300001, 300005, 400013,
                                                      400101, 400102, 19001, 19021,  19022};
// DingTalk's safety settings: signature, address and keywords have the same code.
constexpr std::int64_t kSafetyCode = 310000;
// What Slack says of the hook, not of a message.
constexpr std::array<std::string_view, 7> kSlackHookFaults = {
    "no_service",        "invalid_token", "no_team",   "team_disabled",
    "action_prohibited", "invalid_auth",  "not_authed"};

bool is_slack_hook_fault(std::string_view word) {
  return std::find(kSlackHookFaults.begin(), kSlackHookFaults.end(), word) != kSlackHookFaults.end();
}

[[noreturn]] void throw_channel_fault(const std::string& text) {
  throw Error(ErrorCode::io, text, "check the web hook's address and its secret");
}

bool is_of_robot(const BodyAnswer& answer) {
  if (is_slack_hook_fault(answer.text)) return true;
  if (answer.code != kSafetyCode) return is_among(answer.code, kRobotCodes);
  return answer.text.find("keyword") == std::string::npos && answer.text.find("关键词") == std::string::npos;
}

HandoverResult of_status(int status, const std::string& reply) {
  constexpr std::array<std::int64_t, 4> kPassing = {408, 409, 425, 429};
  constexpr std::array<std::int64_t, 4> kOfTheChannel = {401, 404, 405, 410};
  // A gateway that does not know what became of what it passed on.
  constexpr std::array<std::int64_t, 3> kUnknown = {502, 504, 524};
  constexpr int kForbidden = 403;
  const std::string text =
      "the web hook answered " + std::to_string(status) + (reply.empty() ? "" : ": " + reply);
  if (is_among(status, kUnknown)) return {Handover::doubt, text};
  if (status >= 500 || is_among(status, kPassing)) return {Handover::retry, text};
  // No other message would fare better: its address or its key is wrong.
  if (status < 400 || is_slack_hook_fault(reply) || is_among(status, kOfTheChannel))
    throw_channel_fault(text);
  // What stands before the hook may dislike just this message.
  if (status == kForbidden) return {Handover::retry, text};
  return {Handover::refused, text};
}

// Slack answers in a word: "ok", or what is wrong.
HandoverResult of_slack_word(const std::string& reply) {
  if (reply == "ok") return {Handover::sent, reply};
  const bool word = !reply.empty() && std::all_of(reply.begin(), reply.end(),
                                                  [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
  if (word) return {Handover::refused, "the web hook refused it: " + reply};
  return {Handover::doubt, "the web hook's answer cannot be read: " + reply};
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
  const bool plain = format == "json";
  const std::optional<BodyAnswer> said = body_answer(answer);
  if (!said && plain) return {Handover::sent, reply};
  if (!said && reply.empty())
    return {Handover::doubt, "the web hook answered with nothing, where it says whether it took the message"};
  if (!said && format == "slack") return of_slack_word(reply);
  if (!said) return {Handover::doubt, "the web hook's answer cannot be read: " + reply};
  // Many an interface repeats HTTP's code.
  if (said->taken || (plain && said->code >= 200 && said->code < 300)) return {Handover::sent, reply};
  const std::string code = said->code != 0 ? " " + std::to_string(said->code) : "";
  const std::string words = said->text.empty() ? "" : " " + visible(cut(said->text, 300));
  const std::string text =
      "the web hook refused it:" + (code.empty() && words.empty() ? ' ' + reply : code + words);
  if (plain) return {Handover::refused, text};
  if (is_of_robot(*said)) throw_channel_fault(text);
  return {is_among(said->code, kPassingCodes) || said->text == "rate_limited" ? Handover::retry
                                                                              : Handover::refused,
          text};
}

}  // namespace crm
