#include <algorithm>

#include "modules/curl/handle.h"

namespace crm {
namespace {

class HttpLine final : public WebLine {
 public:
  explicit HttpLine(const WebServer& server) : handle_(server.authority, server.answer_within, "http,https") {
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
    handle_.set(CURLOPT_POSTFIELDS, body.data());
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
    end.handed_over = handle_.uploaded() >= body.size();
    end.fault = handle_.fault(code);
    return end;
  }

 private:
  static std::size_t hear(char* text, std::size_t size, std::size_t count, void* self) {
    auto& line = *static_cast<HttpLine*>(self);
    const std::size_t bytes = size * count;
    line.heard_ += bytes;
    if (line.heard_ > kMostRead) return 0;
    line.said_.append(text, std::min(bytes, kMostKept - std::min(kMostKept, line.said_.size())));
    return bytes;
  }

  CurlHandle handle_;
  std::size_t heard_ = 0;
  std::string said_;
};

}  // namespace

std::unique_ptr<WebLine> open_web(const WebServer& server) {
  return std::make_unique<HttpLine>(server);
}

}  // namespace crm
