#include <algorithm>
#include <array>
#include <span>

#include "base/text.h"
#include "crm/error.h"
#include "modules/curl.h"
#include "outbox/channel.h"
#include "outbox/channel_settings.h"
#include "outbox/mail_message.h"
#include "outbox/secret.h"

namespace crm {
namespace {

using How = TransferEnd::How;

constexpr int kClosing = 421;
constexpr const char* kAccountHint = "check --user and the password";
// Refusals that are about the account or the encryption, not about a message.
constexpr std::array<int, 4> kAccountCodes = {530, 534, 535, 538};
// Of the command that names the sender, those about the size of the mail.
constexpr std::array<int, 2> kSizeCodes = {523, 552};

bool is_one_of(int code, std::span<const int> codes) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

class SmtpChannel final : public Channel {
 public:
  SmtpChannel(ChannelSettings settings, const VariableLookup& variable) : settings_(std::move(settings)) {
    MailServer server = mail_server(settings_);
    if (!settings_.login.empty()) {
      password_ = read_secret(settings_.password, variable, "the password of " + quoted(settings_.name));
      server.login = settings_.login;
      server.password = password_.text();
    }
    line_ = open_mail_line(server);
    place_ = server.host + ':' + std::to_string(server.port);
  }

  std::string name() const override { return settings_.name; }

  HandoverResult hand_over(const Message& message) override {
    const std::string address = mail_address(message.address);
    if (address.empty())
      return {Handover::refused, quoted(message.address) + " is no address that mail can go to"};
    const std::string text = mail_text(message, settings_.sender, "\r\n");
    return result_of(line_->send(settings_.sender, address, text));
  }

 private:
  // Before a mail is begun a fault is the channel's: every message would find the same. After that it counts
  // against the message at hand, so that one which the server cannot bear keeps none of the others back.
  HandoverResult result_of(const TransferEnd& end) const {
    if (end.how == How::no_login_offered ||
        (end.how == How::no_login && end.stage == TransferEnd::Stage::greeting))
      fail("offers no login for the account", "check the port and --tls, or leave out --user");
    if (end.how == How::no_utf8)
      return {Handover::refused,
              place_ + " takes no address with letters beyond A to Z before the '@' (it offers no SMTPUTF8)"};
    if (end.stage == TransferEnd::Stage::greeting || end.stage == TransferEnd::Stage::login)
      throw_out_of_order(end);
    if (end.how == How::answered) return of_reply(end, shown(end.said));
    const std::string after = end.handed_over ? " after it had the message" : "";
    return {end.handed_over ? Handover::doubt : Handover::retry, place_ + ' ' + fault_of(end) + after, true};
  }

  HandoverResult of_reply(const TransferEnd& end, const std::string& said) const {
    if (end.code < 400) return {Handover::sent, said};
    if (end.code < 500) return {Handover::retry, said, end.code == kClosing};
    if (end.stage == TransferEnd::Stage::sender && !is_one_of(end.code, kSizeCodes)) {
      // The sender is the channel's.
      if (is_one_of(end.code, kAccountCodes)) fail("refused the account: " + said, kAccountHint);
      fail("refused the sender " + quoted(settings_.sender) + ": " + said, "check the channel's --from");
    }
    // Whether it wants another account for this one or for all is not told.
    if (is_one_of(end.code, kAccountCodes)) return {Handover::retry, said};
    return {Handover::refused, said};
  }

  std::string fault_of(const TransferEnd& end) const {
    if (end.how == How::timed_out)
      return "did not answer within " + std::to_string(settings_.answer_within) + " s";
    if (end.how == How::too_long) return "sends a reply without end";
    // So libcurl calls a line that was just closed.
    const bool closed = end.fault.starts_with("response reading failed");
    return "broke the line off" + (closed ? "" : ": " + shown(end.fault));
  }

  [[noreturn]] void throw_out_of_order(const TransferEnd& end) const {
    const std::string said = end.said.empty() ? shown(end.fault) : shown(end.said);
    const bool for_now = end.code >= 400 && end.code < 500;
    if (end.how == How::no_login && for_now) fail("cannot check the account now: " + said, {});
    if (end.how == How::no_login) fail("refused the account: " + said, kAccountHint);
    if (end.how == How::no_tls)
      fail("gives no encrypted line: " + shown(end.fault),
           "check the server's certificate, or the channel's --tls");
    if (end.how == How::no_line) fail("cannot be reached: " + shown(end.fault), {});
    if (end.how == How::answered) fail((for_now ? "takes no mail now: " : "refused the line: ") + said, {});
    fail(fault_of(end), {});
  }

  [[noreturn]] void fail(const std::string& what, const std::string& hint) const {
    throw Error(ErrorCode::io, "the mail server " + place_ + ' ' + what, hint);
  }

  // What came from outside, on one line and without the password.
  std::string shown(std::string_view text) const {
    constexpr std::size_t kMost = 300;
    std::string line;
    for (const char c : trimmed(text)) line += c == '\r' ? "" : c == '\n' ? " " : std::string(1, c);
    return redacted(visible(cut_to_width(with_replacements(line), kMost)), password_);
  }

  ChannelSettings settings_;
  Secret password_;
  std::unique_ptr<MailLine> line_;
  std::string place_;
};

}  // namespace

std::unique_ptr<Channel> open_smtp_channel(const ChannelSettings& settings, const VariableLookup& variable) {
  return std::make_unique<SmtpChannel>(settings, variable);
}

}  // namespace crm
