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

// A built-in channel by its name in the database.
class NamedChannel final : public Channel {
 public:
  NamedChannel(std::string name, std::unique_ptr<Channel> channel)
      : name_(std::move(name)), channel_(std::move(channel)) {}
  std::string name() const override { return name_; }
  bool needs_address() const override { return channel_->needs_address(); }
  HandoverResult hand_over(const Message& message) override { return channel_->hand_over(message); }

 private:
  std::string name_;
  std::unique_ptr<Channel> channel_;
};

}  // namespace

bool is_built_in_channel(std::string_view name) {
  return name == "stdout" || name == "sendmail" || (name.starts_with(kFile) && name.size() > kFile.size());
}

void check_built_in(const ChannelOptions& options) {
  if (!is_built_in_channel(options.name)) {
    throw Error(ErrorCode::usage, "unknown channel " + quoted(options.name),
                "'crm outbox channel list' lists them; 'stdout', 'file:DIR' and 'sendmail' are there always");
  }
  if (options.name == "stdout" || is_sender_address(options.from)) return;
  throw Error(ErrorCode::usage, quoted(options.from) + " is no e-mail address to send from",
              "give '--from NAME@EXAMPLE.COM'");
}

std::unique_ptr<Channel> open_channel(const ChannelOptions& options, MessageSink& sink) {
  check_built_in(options);
  if (options.name == "stdout") return std::make_unique<SinkChannel>(sink);
  if (options.name == "sendmail") return open_sendmail_channel(options);
  return open_directory_channel(options.name.substr(kFile.size()), options.from);
}

std::unique_ptr<Channel> open_channel(const ChannelSettings& settings, const ChannelOptions& options,
                                      MessageSink& sink) {
  if (settings.type == "smtp") return open_smtp_channel(settings, options.variable);
  if (settings.type == "webhook") return open_webhook_channel(settings, options.variable);
  ChannelOptions built_in = options;
  built_in.name = settings.type == "directory" ? std::string(kFile) + settings.target : settings.type;
  built_in.from = settings.sender;
  return std::make_unique<NamedChannel>(settings.name, open_channel(built_in, sink));
}

}  // namespace crm
