// What the curl module offers: mail handed to a server, and texts posted to a web hook. Known to both sides
// of the module's border.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

enum class Tls : std::uint8_t {
  none,
  starttls,  // begun in the clear, then encrypted or given up
  tls,       // from the first byte
};

struct MailServer {
  std::string host;
  int port = 0;
  Tls tls = Tls::tls;
  std::string login;  // empty: without authentication
  std::string password;
  std::string authority;  // a file of certificates to trust; empty: the system's
  std::chrono::seconds answer_within{0};
};

struct WebServer {
  std::string authority;
  std::chrono::seconds answer_within{0};
};

struct TransferEnd {
  enum class How : std::uint8_t {
    answered,          // to the end; `code` says how
    no_line,           // no connection: a name that is not known, a port that is closed
    no_tls,            // the encryption that was asked for did not come about
    no_login,          // the account was refused
    no_utf8,           // the recipient's address is not all ASCII, and the server takes no such
    no_login_offered,  // there is no way to use the account that was given
    timed_out,
    broken_off,  // in the middle, or by a reply that no protocol has
    too_long,    // the reply has no end
  };
  // Of a mail: how far it came. The first two are about the line, before any mail was begun.
  enum class Stage : std::uint8_t { greeting, login, sender, recipient, content };

  How how = How::answered;
  Stage stage = Stage::greeting;
  int code = 0;              // of the last reply: SMTP's, or HTTP's; 0: none came
  bool handed_over = false;  // all of the text is out: without an answer nobody knows what became of it
  std::string said;          // the last reply (SMTP), or the body of the answer (HTTP), as far as it was kept
  std::string fault;         // what went wrong, in libcurl's words; never an address with its secrets
};

// A line to a mail server. It is kept open from one mail to the next.
class MailLine {
 public:
  virtual ~MailLine() = default;
  // The text is a whole mail, its lines end in CRLF. The addresses are without brackets and ASCII;
  // the recipient's may have other letters before the '@', the text then in its headers too.
  virtual TransferEnd send(const std::string& sender, const std::string& recipient,
                           std::string_view text) = 0;
};

// A line to web servers, kept open likewise.
class WebLine {
 public:
  virtual ~WebLine() = default;
  // Posts JSON. Redirections are not followed. `headers`: further ones, "Name: value".
  virtual TransferEnd post(const std::string& url, const std::vector<std::string>& headers,
                           std::string_view body) = 0;
};

// What the entry point `crm_module_curl` returns.
struct CurlModule {
  std::unique_ptr<MailLine> (*open_mail)(const MailServer& server);
  std::unique_ptr<WebLine> (*open_web)(const WebServer& server);
};

}  // namespace crm
