#include <algorithm>
#include <cstring>

#include "modules/curl/handle.h"

namespace crm {
namespace {

// SMTP: closing the line, see another server.
constexpr int kClosing = 421;
// Of the replies to one mail. libcurl itself gives up a little later, in words of its own.
constexpr std::size_t kMostHeard = std::size_t{16} << 10;
constexpr std::string_view kGoodbye = "221";

using Stage = TransferEnd::Stage;

class SmtpLine final : public MailLine {
 public:
  explicit SmtpLine(const MailServer& server)
      : handle_(server.authority, server.answer_within, "smtp,smtps"), needs_login_(!server.login.empty()) {
    const char* scheme = server.tls == Tls::tls ? "smtps://" : "smtp://";
    url_ = scheme + server.host + ':' + std::to_string(server.port);
    handle_.set(CURLOPT_URL, url_.c_str());
    handle_.set(CURLOPT_USE_SSL,
                static_cast<long>(server.tls == Tls::none ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    if (needs_login_) {
      handle_.set(CURLOPT_USERNAME, server.login.c_str());
      handle_.set(CURLOPT_PASSWORD, server.password.c_str());
    }
    handle_.set(CURLOPT_UPLOAD, 1L);
    handle_.set(CURLOPT_MAXCONNECTS, 1L);
    handle_.set(CURLOPT_READFUNCTION, &SmtpLine::give);
    handle_.set(CURLOPT_READDATA, this);
    handle_.set(CURLOPT_HEADERFUNCTION, &SmtpLine::hear);
    handle_.set(CURLOPT_HEADERDATA, this);
    handle_.set(CURLOPT_WRITEFUNCTION, &SmtpLine::hear);
    handle_.set(CURLOPT_WRITEDATA, this);
    handle_.set(CURLOPT_VERBOSE, 1L);
    handle_.set(CURLOPT_DEBUGFUNCTION, &SmtpLine::watch);
    handle_.set(CURLOPT_DEBUGDATA, this);
  }

  TransferEnd send(const std::string& sender, const std::string& recipient, std::string_view text) override {
    const std::string from = '<' + sender + '>';
    needs_utf8_ = std::any_of(recipient.begin(), recipient.end(),
                              [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    const CurlList to = curl_list({'<' + recipient + '>'});
    handle_.set(CURLOPT_MAIL_FROM, from.c_str());
    handle_.set(CURLOPT_MAIL_RCPT, to.get());
    handle_.set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(text.size()));
    handle_.set(CURLOPT_FRESH_CONNECT, broken_ ? 1L : 0L);
    TransferEnd end = transfer(text);
    // A server may close a line that has been open for long or carried many mails: that says nothing of this.
    if (closed_ && !end.handed_over && handle_.reused()) {
      handle_.set(CURLOPT_FRESH_CONNECT, 1L);
      end = transfer(text);
    }
    handle_.set(CURLOPT_MAIL_RCPT, nullptr);
    return end;
  }

 private:
  TransferEnd transfer(std::string_view text) {
    rest_ = text;
    given_ = false;
    broken_ = false;
    heard_ = 0;
    said_.clear();
    reply_ended_ = true;
    stage_ = Stage::greeting;
    login_missing_ = false;
    utf8_missing_ = false;
    const CURLcode code = handle_.perform();
    TransferEnd end;
    end.how = CurlHandle::how(code);
    end.code = code == CURLE_OK || !said_.empty() ? handle_.response_code() : 0;
    end.handed_over = given_;
    end.said = said_;
    end.stage = stage_;
    if (code == CURLE_OK) {
      closed_ = false;
      return end;
    }
    end.fault = handle_.fault(code);
    if (login_missing_) {
      end.how = TransferEnd::How::no_login_offered;
    } else if (utf8_missing_) {
      end.how = TransferEnd::How::no_utf8;
    } else if (heard_ > kMostHeard || end.fault.starts_with("Too large response")) {
      end.how = TransferEnd::How::too_long;
    } else if (end.how == TransferEnd::How::broken_off && end.code >= 400 && end.code < 600) {
      // A refusal is an answer.
      end.how = TransferEnd::How::answered;
    }
    closed_ = end.code == kClosing || end.how == TransferEnd::How::broken_off;
    broken_ = end.how != TransferEnd::How::answered;
    return end;
  }

  // The commands tell how far it came. What follows an AUTH is the account's, and looked at by nobody.
  static int watch(CURL* /*handle*/, curl_infotype type, char* text, std::size_t size, void* self) {
    if (type != CURLINFO_HEADER_OUT) return 0;
    auto& line = *static_cast<SmtpLine*>(self);
    const std::string_view command(text, size);
    if (command.starts_with("EHLO ") || command.starts_with("HELO ")) {
      line.stage_ = Stage::greeting;
      line.login_begun_ = false;
      line.offers_utf8_ = false;
    } else if (command.starts_with("AUTH ")) {
      line.stage_ = Stage::login;
      line.login_begun_ = true;
    } else if (command.starts_with("MAIL FROM:")) {
      line.stage_ = Stage::sender;
    } else if (command.starts_with("RCPT TO:")) {
      line.stage_ = Stage::recipient;
    } else if (line.stage_ == Stage::recipient && command.starts_with("DATA")) {
      line.stage_ = Stage::content;
    }
    return 0;
  }

  static std::size_t give(char* buffer, std::size_t size, std::size_t count, void* self) {
    auto& line = *static_cast<SmtpLine*>(self);
    const std::size_t bytes = std::min(size * count, line.rest_.size());
    if (bytes > 0) std::memcpy(buffer, line.rest_.data(), bytes);
    line.rest_.remove_prefix(bytes);
    if (line.rest_.empty()) line.given_ = true;
    return bytes;
  }

  // A reply, line by line: "250-…" goes on, "250 …" ends it.
  static std::size_t hear(char* text, std::size_t size, std::size_t count, void* self) {
    auto& line = *static_cast<SmtpLine*>(self);
    const std::string_view heard(text, size * count);
    // Where no login is offered, libcurl would go on without.
    line.login_missing_ = line.needs_login_ && !line.login_begun_ && line.stage_ == Stage::sender;
    // Where it is not offered, libcurl would give the address all the same.
    line.utf8_missing_ = line.needs_utf8_ && !line.offers_utf8_ && line.stage_ == Stage::sender;
    if (line.login_missing_ || line.utf8_missing_) return 0;
    if (line.stage_ == Stage::greeting && heard.size() > 4 && heard.substr(4).starts_with("SMTPUTF8"))
      line.offers_utf8_ = true;
    line.heard_ += heard.size();
    if (line.heard_ > kMostHeard) return 0;
    // libcurl takes its leave after a refusal: what was said to that is of no interest.
    if (line.reply_ended_ && heard.starts_with(kGoodbye)) return heard.size();
    if (line.reply_ended_) line.said_.clear();
    line.said_ += heard.substr(0, kMostKept - std::min(kMostKept, line.said_.size()));
    line.reply_ended_ = heard.size() < 4 || heard[3] != '-';
    return heard.size();
  }

  CurlHandle handle_;
  std::string url_;
  bool needs_login_;
  bool login_begun_ = false;    // on the line at hand
  bool login_missing_ = false;  // the mail at hand was begun without
  bool needs_utf8_ = false;     // the mail at hand
  bool offers_utf8_ = false;    // the server, on the line at hand
  bool utf8_missing_ = false;
  Stage stage_ = Stage::greeting;
  std::string_view rest_;  // of the mail at hand
  bool given_ = false;
  bool closed_ = false;  // by the server, or broken
  bool broken_ = false;  // who knows what the line still brings: the next mail goes over another
  std::size_t heard_ = 0;
  std::string said_;
  bool reply_ended_ = true;
};

}  // namespace

std::unique_ptr<MailLine> open_mail(const MailServer& server) {
  return std::make_unique<SmtpLine>(server);
}

}  // namespace crm
