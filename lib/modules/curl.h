// Lines to mail servers and web hooks, by the curl module (libcurl), loaded on first use.
#pragma once

#include <memory>

#include "modules/curl/interface.h"

namespace crm {

// Nothing is connected before the first message. Throw Error{failed} where the module cannot be loaded.
std::unique_ptr<MailLine> open_mail_line(const MailServer& server);
std::unique_ptr<WebLine> open_web_line(const WebServer& server);

}  // namespace crm
