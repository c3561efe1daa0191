#include "outbox/channel.h"

#include <string_view>

#include "base/text.h"
#include "crm/error.h"
#include "outbox/mail_message.h"

namespace crm {
namespace {

constexpr std::string_view kFile = "file:";

class SinkChannel final : public Channel {
 public:
  explicit SinkChannel(MessageSink& sink) : sink_(sink) {}
  std::string name() const override { return "stdout"; }
  bool needs_address() const override { return false; }
  HandoverResult hand_over(const Message& message) override {
    sink_.message(message);
    return {};
  }

 private:
  MessageSink& sink_;
};

void check_sender(const std::string& from) {
  if (is_mail_address(from)) return;
  throw Error(ErrorCode::usage, quoted(from) + " is no e-mail address to send from",
              "give '--from NAME@EXAMPLE.COM'");
}

}  // namespace

std::unique_ptr<Channel> open_channel(const ChannelOptions& options, MessageSink& sink) {
  if (options.name == "stdout") return std::make_unique<SinkChannel>(sink);
  if (options.name.starts_with(kFile) && options.name.size() > kFile.size()) {
    check_sender(options.from);
    return open_directory_channel(options.name.substr(kFile.size()), options.from);
  }
  if (options.name == "sendmail") {
    check_sender(options.from);
    return open_sendmail_channel(options);
  }
  throw Error(ErrorCode::usage, "unknown channel " + quoted(options.name),
              "one of 'stdout', 'file:DIR' and 'sendmail'");
}

}  // namespace crm
