#include <array>

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
using Stage = TransferEnd::Stage;

constexpr int kClosing = 421;
// Refusals that are about the account or the encryption, not about a message.
constexpr std::array<int, 4> kAccountCodes = {530, 534, 535, 538};

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
    if (!is_mail_address(message.address))
      return {Handover::refused, quoted(message.address) + " is no e-mail address"};
    const std::string text = mail_text(message, settings_.sender, "\r\n");
    return result_of(line_->send(settings_.sender, message.address, text));
  }

 private:
  HandoverResult result_of(const TransferEnd& end) const {
    const std::string said = shown(end.said);
    if (end.how == How::answered) return of_reply(end, said);
    if (end.how == How::timed_out || end.how == How::too_long ||
        (end.how == How::broken_off && end.handed_over)) {
      const std::string what = end.how == How::timed_out
                                   ? "did not answer within " + std::to_string(settings_.answer_within) + " s"
                               : end.how == How::too_long ? "sends a reply without end"
                                                          : "broke the line off";
      const std::string after = end.handed_over ? " after it had the message" : "";
      return {end.handed_over ? Handover::doubt : Handover::retry, place_ + ' ' + what + after, true};
    }
    if (end.how == How::broken_off && end.stage != Stage::greeting)
      return {Handover::retry, place_ + " broke the line off: " + shown(end.fault), true};
    throw_out_of_order(end);
  }

  HandoverResult of_reply(const TransferEnd& end, const std::string& said) const {
    if (end.code < 400) return {Handover::sent, said};
    if (end.code < 500) return {Handover::retry, said, end.code == kClosing};
    for (const int code : kAccountCodes) {
      if (end.code == code) fail("refused the account: " + said, "check --user and the password");
    }
    // Of the greeting and the sender no other message would hear better.
    if (end.stage == Stage::greeting) fail("refused: " + said, {});
    if (end.stage == Stage::sender)
      fail("refused the sender " + quoted(settings_.sender) + ": " + said, "check the channel's --from");
    return {Handover::refused, said};
  }

  [[noreturn]] void throw_out_of_order(const TransferEnd& end) const {
    const std::string said = end.said.empty() ? shown(end.fault) : shown(end.said);
    if (end.how == How::no_login) fail("refused the account: " + said, "check --user and the password");
    if (end.how == How::no_tls)
      fail("gives no encrypted line: " + shown(end.fault),
           "check the server's certificate, or the channel's --tls");
    fail(end.how == How::no_line ? "cannot be reached: " + shown(end.fault)
                                 : "broke the line off: " + shown(end.fault),
         {});
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
