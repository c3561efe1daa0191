#include "modules/curl/handle.h"

#include <new>

namespace crm {
CurlHandle::CurlHandle(const std::string& authority, std::chrono::seconds answer_within,
                       const char* protocols)
    : handle_(curl_easy_init()) {
  if (!handle_) throw std::bad_alloc();
  const auto seconds = static_cast<long>(answer_within.count());
  set(CURLOPT_ERRORBUFFER, error_.data());
  set(CURLOPT_PROTOCOLS_STR, protocols);
  // What libcurl calls connecting goes on until the other side has greeted and taken the account.
  set(CURLOPT_CONNECTTIMEOUT, seconds);
  set(CURLOPT_TIMEOUT, seconds);
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_PROXY, "");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  if (!authority.empty()) set(CURLOPT_CAINFO, authority.c_str());
}

CURLcode CurlHandle::perform() {
  error_[0] = '\0';
  return curl_easy_perform(handle_.get());
}

int CurlHandle::response_code() const {
  long code = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &code);
  return static_cast<int>(code);
}

bool CurlHandle::reused() const {
  long connects = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_NUM_CONNECTS, &connects);
  return connects == 0;
}

std::string CurlHandle::fault(CURLcode code) const {
  std::string text = error_[0] != '\0' ? error_.data() : curl_easy_strerror(code);
  for (char& c : text) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return text;
}

TransferEnd::How CurlHandle::how(CURLcode code) {
  switch (code) {
    case CURLE_OK:
      return TransferEnd::How::answered;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
      return TransferEnd::How::no_line;
    case CURLE_USE_SSL_FAILED:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CIPHER:
      return TransferEnd::How::no_tls;
    case CURLE_LOGIN_DENIED:
    case CURLE_AUTH_ERROR:
      return TransferEnd::How::no_login;
    case CURLE_OPERATION_TIMEDOUT:
      return TransferEnd::How::timed_out;
    default:
      return TransferEnd::How::broken_off;
  }
}

CurlList curl_list(const std::vector<std::string>& items) {
  curl_slist* list = nullptr;
  for (const std::string& item : items) {
    curl_slist* const longer = curl_slist_append(list, item.c_str());
    if (longer == nullptr) {
      curl_slist_free_all(list);
      throw std::bad_alloc();
    }
    list = longer;
  }
  return CurlList(list);
}

}  // namespace crm
