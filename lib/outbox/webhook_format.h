// What web hooks take and answer: the robots of WeCom, DingTalk, Feishu and Slack, and plain JSON.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crm/outbox.h"
#include "modules/curl/interface.h"
#include "outbox/channel.h"

namespace crm {

bool takes_signature(std::string_view format);

struct WebhookRequest {
  std::string url;
  std::vector<std::string> headers;
  std::string body;
};

// `url` and `secret` (empty: unsigned) are secrets; `now` is what a signature is dated with.
WebhookRequest webhook_request(std::string_view format, const std::string& url, const std::string& secret,
                               const Message& message, Moment now);

// What an answer that came to its end means. These robots answer 200 and say in the body whether they took
// it.
HandoverResult webhook_result(std::string_view format, int status, std::string_view answer);

}  // namespace crm
