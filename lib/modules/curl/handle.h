// An easy handle of libcurl, and what comes of a transfer.
#pragma once

#include <curl/curl.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "modules/curl/interface.h"

namespace crm {

class CurlHandle {
 public:
  // Options that every transfer has: bounded in time, certificates checked, no settings of the environment.
  CurlHandle(const std::string& authority, std::chrono::seconds answer_within, const char* protocols);

  template <typename Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(handle_.get(), option, value);
  }
  CURLcode perform();
  // Of the last reply; 0: none.
  int response_code() const;
  // Whether the last transfer used the line of the one before.
  bool reused() const;
  // What went wrong last, as one line.
  std::string fault(CURLcode code) const;
  // How a failure is to be taken, as far as that does not depend on the protocol.
  static TransferEnd::How how(CURLcode code);

 private:
  struct Cleanup {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  std::array<char, CURL_ERROR_SIZE> error_{};
  std::unique_ptr<CURL, Cleanup> handle_;
};

struct CurlListCleanup {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlList = std::unique_ptr<curl_slist, CurlListCleanup>;
CurlList curl_list(const std::vector<std::string>& items);

// Of an answer, how much is kept, and how much is read at most before the line is cut.
inline constexpr std::size_t kMostKept = 4096;
inline constexpr std::size_t kMostRead = std::size_t{64} << 10;

std::unique_ptr<MailLine> open_mail(const MailServer& server);
std::unique_ptr<WebLine> open_web(const WebServer& server);

}  // namespace crm
