#include "outbox/channel_settings.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "base/digits.h"
#include "base/text.h"
#include "crm/error.h"
#include "outbox/mail_message.h"
#include "outbox/secret.h"
#include "outbox/send_hours.h"
#include "outbox/webhook_format.h"

namespace crm {
namespace {

constexpr std::size_t kLongestName = 40;
// A message's lease must outlast its answer (lease.h).
constexpr std::int64_t kLongestAnswer = 50;
constexpr int kPlainPort = 25;
constexpr int kSubmissionPort = 587;
constexpr int kTlsPort = 465;

[[noreturn]] void refuse(std::string message, std::string hint = {}) {
  throw Error(ErrorCode::usage, std::move(message), std::move(hint));
}

bool is_channel_name(std::string_view name) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return !name.empty() && name.size() <= kLongestName && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; });
}

struct UrlParts {
  std::string scheme;
  std::string host;  // an IPv6 address with its brackets
  int port = 0;      // 0: none is given
  std::string path;  // what follows, the slash included
};

std::optional<UrlParts> take_apart(std::string_view url) {
  const std::size_t colon = url.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  const bool visible_ascii = std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < 0x7F; });
  if (!visible_ascii) return std::nullopt;
  UrlParts parts;
  parts.scheme = ascii_lower(url.substr(0, colon));
  std::string_view rest = url.substr(colon + 3);
  const std::size_t path = std::min(rest.find_first_of("/?#"), rest.size());
  parts.path = rest.substr(path);
  rest = rest.substr(0, path);
  const std::size_t bracket = rest.starts_with('[') ? rest.find(']') : 0;
  if (bracket == std::string_view::npos) return std::nullopt;
  const std::size_t port = rest.find(':', bracket);
  parts.host = rest.substr(0, port);
  if (port != std::string_view::npos) {
    const std::string_view digits = rest.substr(port + 1);
    const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), parts.port);
    if (end.ec != std::errc() || end.ptr != digits.data() + digits.size() || parts.port < 1 ||
        parts.port > 65535)
      return std::nullopt;
  }
  if (parts.host.empty() || parts.host.find('@') != std::string::npos) return std::nullopt;
  return parts;
}

bool is_loopback(const std::string& host) {
  constexpr std::uint32_t kLoopbackNet = 127;
  in_addr address{};
  if (::inet_pton(AF_INET, host.c_str(), &address) == 1) return ntohl(address.s_addr) >> 24 == kLoopbackNet;
  return host == "localhost" || host == "[::1]";
}

// Whether a part of a path may be a key: no words of a language, by its length and digits among its letters.
bool looks_like_key(std::string_view part) {
  constexpr std::size_t kLongestPlain = 24;
  constexpr std::size_t kShortestKey = 8;
  constexpr std::size_t kShortestPart = 4;  // of a key of several words: shorter ones are versions
  if (part.size() >= kLongestPlain && std::any_of(part.begin(), part.end(), is_digit)) return true;
  for (std::size_t at = 0; at <= part.size();) {
    const std::size_t end = std::min(part.find_first_of("-_.", at), part.size());
    const std::string_view word = part.substr(at, end - at);
    const bool mixed =
        std::any_of(word.begin(), word.end(), is_digit) && !std::all_of(word.begin(), word.end(), is_digit);
    if (word.size() >= kLongestPlain) return true;
    if (mixed && word.size() >= kShortestPart && part.size() >= kShortestKey) return true;
    at = end + 1;
  }
  return false;
}

bool holds_key(std::string_view path) {
  if (path.find_first_of("?#;=") != std::string_view::npos) return true;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    if (looks_like_key(path.substr(at, end - at))) return true;
    at = end + 1;
  }
  return false;
}

// The address itself is not repeated: it may hold a password.
[[noreturn]] void refuse_mail_address(std::string_view target) {
  const bool account = target.find_first_of("@?") != std::string_view::npos;
  refuse("this is no address of a mail server",
         account ? "write smtp://HOST:PORT; an account is given by --user and --password-file"
                 : "write smtp://HOST:PORT or smtps://HOST:PORT");
}

void complete_smtp(ChannelSettings& settings) {
  const auto url = take_apart(settings.target);
  if (!url || (url->scheme != "smtp" && url->scheme != "smtps") || (!url->path.empty() && url->path != "/"))
    refuse_mail_address(settings.target);
  const bool local = is_loopback(url->host);
  if (settings.tls.empty()) settings.tls = url->scheme == "smtps" ? "tls" : local ? "none" : "starttls";
  if ((url->scheme == "smtps") != (settings.tls == "tls") && url->scheme == "smtps")
    refuse("'smtps://' means TLS from the first byte", "leave out --tls, or write smtp://");
  if (settings.login.empty() != settings.password.empty())
    refuse("an account needs both its name and where its password is kept",
           "give --user and --password-file");
  if (!settings.login.empty() && settings.tls == "none" && !local)
    refuse("the password would be sent in the clear", "give --tls starttls or --tls tls");
}

void complete_webhook(ChannelSettings& settings) {
  if (settings.format.empty())
    refuse("the web hook has no format", "give --format: " + listed(webhook_formats()));
  if (!is_secret_reference(settings.target)) {
    // Part of a chat robot's address is its key.
    const auto url = take_apart(settings.target);
    if (!url || (url->scheme != "https" && url->scheme != "http"))
      refuse("this is no address of a web hook", std::string("write https://HOST/PATH, ") + kSecretForms);
    const bool local = is_loopback(url->host);
    if (settings.format != "json" || url->path.find('?') != std::string::npos ||
        (!local && holds_key(url->path)))
      refuse("the address of such a web hook holds its key, and the command line can be read by others",
             std::string("say where it is kept: ") + kSecretForms);
    if (url->scheme == "http" && !local)
      refuse("a web hook without TLS can be read by others", "write https://");
  }
  if (!settings.secret.empty() && !takes_signature(settings.format))
    refuse("web hooks of format " + quoted(settings.format) + " have no signature", "leave out --secret");
}

void check_references(const ChannelSettings& settings) {
  for (const std::string* reference : {&settings.password, &settings.secret}) {
    if (!reference->empty() && !is_secret_reference(*reference)) {
      refuse("a secret is given by where it is kept, never itself", kSecretForms);
    }
  }
  if (!settings.authority.empty() && !settings.authority.starts_with('/'))
    refuse(quoted(settings.authority) + " is no absolute path");
}

constexpr const char* kColumns =
    "name, type, target, coalesce(sender, ''), coalesce(tls, ''), coalesce(login, ''), coalesce(password, "
    "''), "
    "coalesce(authority, ''), coalesce(format, ''), coalesce(secret, ''), answer_within, per_minute, "
    "coalesce(on_doubt, ''), coalesce(hours, ''), is_default";

ChannelSettings read_settings(const Row& row) {
  ChannelSettings settings;
  int column = 0;
  for (std::string* text :
       {&settings.name, &settings.type, &settings.target, &settings.sender, &settings.tls, &settings.login,
        &settings.password, &settings.authority, &settings.format, &settings.secret})
    *text = row.text(column++);
  settings.answer_within = row.integer(column++);
  settings.per_minute = row.optional_integer(column++);
  settings.on_doubt = row.text(column++);
  settings.hours = row.text(column++);
  settings.is_default = row.integer(column) != 0;
  return settings;
}

std::vector<ChannelSettings> channels_where(Connection& connection, const std::string& condition,
                                            Params params) {
  std::vector<ChannelSettings> found;
  connection.each(std::string("SELECT ") + kColumns + " FROM channel WHERE " + condition + " ORDER BY name",
                  params, [&](const Row& row) { found.push_back(read_settings(row)); });
  return found;
}

std::optional<ChannelSettings> first(std::vector<ChannelSettings> found) {
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

}  // namespace

bool is_loopback_url(std::string_view url) {
  const auto parts = take_apart(url);
  return parts && is_loopback(parts->host);
}

bool is_mail_channel(const ChannelSettings& settings) {
  return settings.type == "smtp" || settings.type == "sendmail" || settings.type == "directory";
}

std::optional<ChannelSettings> find_channel(Connection& connection, std::string_view name) {
  const Param params[] = {name};
  return first(channels_where(connection, "name = $1", params));
}

std::vector<ChannelSettings> all_channels(Connection& connection) {
  return channels_where(connection, "true", {});
}

std::optional<ChannelSettings> default_channel(Connection& connection) {
  return first(channels_where(connection, "is_default = 1", {}));
}

void complete_settings(ChannelSettings& settings) {
  if (!is_channel_name(settings.name) || settings.name == "stdout" || settings.name == "sendmail" ||
      settings.name == "email")
    refuse(quoted(settings.name) + " is no name for a channel",
           "small letters, digits and '-': mail, wecom-sales");
  check_references(settings);
  if (settings.type == "smtp") complete_smtp(settings);
  if (settings.type == "webhook") complete_webhook(settings);
  if (settings.type == "directory" && !settings.target.starts_with('/'))
    refuse(quoted(settings.target) + " is no absolute path");
  if (is_mail_channel(settings) && !is_sender_address(settings.sender))
    refuse(quoted(settings.sender) + " is no e-mail address to send from", "give '--from NAME@EXAMPLE.COM'");
  if (settings.answer_within < 1 || settings.answer_within > kLongestAnswer)
    refuse("the other side may take 1 to " + std::to_string(kLongestAnswer) + " seconds");
  if (!settings.hours.empty() && !SendHours::parse(settings.hours))
    refuse(quoted(settings.hours) + " are no hours", "write " + std::string(kSendHoursForms));
  if (settings.per_minute && *settings.per_minute < 1)
    refuse("a channel carries at least one message in a minute");
}

MailServer mail_server(const ChannelSettings& settings) {
  const auto url = take_apart(settings.target);
  if (!url) refuse_mail_address(settings.target);
  MailServer server;
  server.host = url->host;
  server.tls = settings.tls == "none" ? Tls::none : settings.tls == "tls" ? Tls::tls : Tls::starttls;
  server.port = url->port != 0           ? url->port
                : server.tls == Tls::tls ? kTlsPort
                : settings.login.empty() ? kPlainPort
                                         : kSubmissionPort;
  server.authority = settings.authority;
  server.answer_within = std::chrono::seconds(settings.answer_within);
  return server;
}

}  // namespace crm
