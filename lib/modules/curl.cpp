#include "modules/curl.h"

#include "crm/error.h"
#include "modules/module.h"

namespace crm {
namespace {

const CurlModule& curl_module() {
  static const auto* module = static_cast<const CurlModule*>(load_module("curl"));
  if (module == nullptr) throw Error(ErrorCode::failed, "libcurl does not start");
  return *module;
}

}  // namespace

std::unique_ptr<MailLine> open_mail_line(const MailServer& server) {
  return curl_module().open_mail(server);
}

std::unique_ptr<WebLine> open_web_line(const WebServer& server) {
  return curl_module().open_web(server);
}

}  // namespace crm
