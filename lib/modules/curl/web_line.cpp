#include <algorithm>
#include <cstring>

#include "modules/curl/handle.h"

namespace crm {
namespace {

// For so many seconds an idle line is used again: a server that closes it meanwhile could have been given a
// message that it never looks at.
constexpr long kKeptOpen = 5;

class HttpLine final : public WebLine {
 public:
  explicit HttpLine(const WebServer& server) : handle_(server.authority, server.answer_within, "http,https") {
    handle_.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    handle_.set(CURLOPT_MAXAGE_CONN, kKeptOpen);
    handle_.set(CURLOPT_POST, 1L);
    // Where a line that was kept open turns out to be dead, libcurl sends the request again over another one,
    // although the other side may have had it. What comes from a function that cannot go back it only sends
    // again where it has taken nothing of it.
    handle_.set(CURLOPT_READFUNCTION, &HttpLine::give);
    handle_.set(CURLOPT_READDATA, this);
    handle_.set(CURLOPT_WRITEFUNCTION, &HttpLine::hear);
    handle_.set(CURLOPT_WRITEDATA, this);
  }

  TransferEnd post(const std::string& url, const std::vector<std::string>& headers,
                   std::string_view body) override {
    std::vector<std::string> lines = headers;
    lines.emplace_back("Content-Type: application/json; charset=utf-8");
    lines.emplace_back("Expect:");
    const CurlList list = curl_list(lines);
    handle_.set(CURLOPT_URL, url.c_str());
    handle_.set(CURLOPT_HTTPHEADER, list.get());
    handle_.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    rest_ = body;
    heard_ = 0;
    said_.clear();
    const CURLcode code = handle_.perform();
    handle_.set(CURLOPT_HTTPHEADER, nullptr);
    TransferEnd end;
    end.how = CurlHandle::how(code);
    end.stage = TransferEnd::Stage::content;
    end.code = handle_.response_code();
    end.said = said_;
    if (code == CURLE_OK) return end;
    if (heard_ > kMostRead) end.how = TransferEnd::How::too_long;
    end.handed_over = rest_.empty();
    end.fault = code == CURLE_SEND_FAIL_REWIND ? "it was closed before an answer came" : handle_.fault(code);
    return end;
  }

 private:
  static std::size_t give(char* buffer, std::size_t size, std::size_t count, void* self) {
    auto& line = *static_cast<HttpLine*>(self);
    const std::size_t bytes = std::min(size * count, line.rest_.size());
    if (bytes > 0) std::memcpy(buffer, line.rest_.data(), bytes);
    line.rest_.remove_prefix(bytes);
    return bytes;
  }

  static std::size_t hear(char* text, std::size_t size, std::size_t count, void* self) {
    auto& line = *static_cast<HttpLine*>(self);
    const std::size_t bytes = size * count;
    line.heard_ += bytes;
    if (line.heard_ > kMostRead) return 0;
    line.said_.append(text, std::min(bytes, kMostKept - std::min(kMostKept, line.said_.size())));
    return bytes;
  }

  CurlHandle handle_;
  std::string_view rest_;  // of the body at hand
  std::size_t heard_ = 0;
  std::string said_;
};

}  // namespace

std::unique_ptr<WebLine> open_web(const WebServer& server) {
  return std::make_unique<HttpLine>(server);
}

}  // namespace crm
