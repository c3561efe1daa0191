#include "base/text.h"
#include "crm/error.h"
#include "modules/curl.h"
#include "outbox/channel.h"
#include "outbox/channel_settings.h"
#include "outbox/secret.h"
#include "outbox/webhook_format.h"

namespace crm {
namespace {

class WebhookChannel final : public Channel {
 public:
  WebhookChannel(ChannelSettings settings, const VariableLookup& variable) : settings_(std::move(settings)) {
    const std::string of_this = " of " + quoted(settings_.name);
    url_ = is_secret_reference(settings_.target)
               ? read_secret(settings_.target, variable, "the address" + of_this)
               : Secret(settings_.target);
    const bool local = url_.text().starts_with("http://") && is_loopback_url(url_.text());
    if (!url_.text().starts_with("https://") && !local)
      throw Error(ErrorCode::invalid, "the address" + of_this + " does not begin with 'https://'");
    token_ = Secret(url_.text().substr(url_.text().find_last_of("/=") + 1));
    if (!settings_.secret.empty()) key_ = read_secret(settings_.secret, variable, "the key" + of_this);
    line_ = open_web_line({settings_.authority, std::chrono::seconds(settings_.answer_within)});
  }

  std::string name() const override { return settings_.name; }
  bool needs_address() const override { return false; }
  bool reaches_person() const override { return false; }

  HandoverResult hand_over(const Message& message) override {
    const SystemClock clock;
    const WebhookRequest request =
        webhook_request(settings_.format, url_.text(), key_.text(), message, clock.now());
    const TransferEnd end = line_->post(request.url, request.headers, request.body);
    try {
      if (end.how == TransferEnd::How::answered) {
        HandoverResult result = webhook_result(settings_.format, end.code, end.said);
        result.reply = cleared(std::move(result.reply));
        return result;
      }
    } catch (const Error& error) {
      throw Error(error.code(), quoted(settings_.name) + ": " + cleared(error.message()), error.hint());
    }
    return of_broken(end);
  }

 private:
  HandoverResult of_broken(const TransferEnd& end) const {
    const std::string fault = cleared(visible(end.fault));
    if (end.how == TransferEnd::How::no_line || end.how == TransferEnd::How::no_tls)
      throw Error(ErrorCode::io, "the web hook " + quoted(settings_.name) +
                                     (end.how == TransferEnd::How::no_line ? " cannot be reached: "
                                                                           : " gives no encrypted line: ") +
                                     fault);
    const std::string what = end.how == TransferEnd::How::timed_out
                                 ? "did not answer within " + std::to_string(settings_.answer_within) + " s"
                             : end.how == TransferEnd::How::too_long ? "sends an answer without end"
                                                                     : "broke the line off: " + fault;
    return {end.handed_over ? Handover::doubt : Handover::retry, "the web hook " + what, true};
  }

  // What the other side says may repeat what it was sent.
  std::string cleared(std::string text) const {
    text = redacted(std::move(text), key_);
    if (!is_secret_reference(settings_.target)) return text;
    return redacted(redacted(std::move(text), url_), token_);
  }

  ChannelSettings settings_;
  Secret url_;
  Secret token_;  // what follows the last '/' or '=' of the address: the key of a robot
  Secret key_;
  std::unique_ptr<WebLine> line_;
};

}  // namespace

std::unique_ptr<Channel> open_webhook_channel(const ChannelSettings& settings,
                                              const VariableLookup& variable) {
  return std::make_unique<WebhookChannel>(settings, variable);
}

}  // namespace crm
