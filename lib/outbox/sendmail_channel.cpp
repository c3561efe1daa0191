#include <sysexits.h>

#include <cstring>

#include "base/text.h"
#include "crm/error.h"
#include "outbox/channel.h"
#include "outbox/lease.h"
#include "outbox/mail_message.h"
#include "outbox/program.h"

namespace crm {
namespace {

// It must have answered before the lease on its message runs out.
constexpr std::chrono::seconds kLimit = kLeaseTime - std::chrono::seconds(10);

// The codes of sysexits.h that say something about this message; with any other another try may go better.
bool is_final(int code) {
  return code == EX_USAGE || code == EX_DATAERR || code == EX_NOUSER || code == EX_NOHOST ||
         code == EX_NOPERM;
}

class SendmailChannel final : public Channel {
 public:
  explicit SendmailChannel(const ChannelOptions& options) : options_(options) {}

  std::string name() const override { return "sendmail"; }

  HandoverResult hand_over(const Message& message) override {
    const std::string address = mail_address(message.address);
    if (address.empty())
      return {Handover::refused, quoted(message.address) + " is no address that mail can go to"};
    const std::string text = mail_text(message, options_.from, "\n");
    ProgramRun run;
    run.path = options_.sendmail;
    run.arguments = {"-i", "-f", options_.from, "--", address};
    run.environment = options_.environment;
    run.input = text;
    run.limit = kLimit;
    return result_of(run_program(run));
  }

 private:
  HandoverResult result_of(const ProgramEnd& end) const {
    const std::string said = end.said.empty() ? std::string() : ": " + visible(trimmed(end.said));
    switch (end.how) {
      case ProgramEnd::How::not_started:
        // No other message would fare better.
        throw Error(ErrorCode::io,
                    "cannot run " + quoted(options_.sendmail) + ": " + std::strerror(end.code));
      case ProgramEnd::How::killed:
        return {Handover::doubt, "sendmail was killed by signal " + std::to_string(end.code) + said};
      case ProgramEnd::How::timed_out:
        return {Handover::doubt,
                "sendmail did not end within " + std::to_string(kLimit.count()) + " s" + said, true};
      case ProgramEnd::How::exited:
        break;
    }
    if (end.code == EX_OK) return {Handover::sent, visible(trimmed(end.said))};
    return {is_final(end.code) ? Handover::refused : Handover::retry,
            "sendmail ended with code " + std::to_string(end.code) + said};
  }

  ChannelOptions options_;
};

}  // namespace

std::unique_ptr<Channel> open_sendmail_channel(const ChannelOptions& options) {
  if (options.sendmail.empty()) {
    throw Error(ErrorCode::io, "there is no program 'sendmail'",
                "install a mail server such as postfix, opensmtpd or msmtp-mta");
  }
  return std::make_unique<SendmailChannel>(options);
}

}  // namespace crm
