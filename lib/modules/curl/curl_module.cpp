#include "crm/export.h"
#include "modules/curl/handle.h"

extern "C" CRM_API void* crm_module_curl() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  static crm::CurlModule module{crm::open_mail, crm::open_web};
  return started == CURLE_OK ? &module : nullptr;
}
