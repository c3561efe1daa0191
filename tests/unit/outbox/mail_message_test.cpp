#include "outbox/mail_message.h"

#include <doctest/doctest.h>

#include <sstream>
#include <vector>

#include "base/text.h"
#include "outbox/html_text.h"
#include "unit/random.h"

using namespace crm;

namespace {

Message sample() {
  Message message;
  message.key = "overdue/7/2026-03-02";
  message.person = "Li Lei";
  message.address = "li@example.com";
  message.subject = "Overdue follow-ups: 3";
  message.body = "Hello\n";
  message.made_at = Moment(std::chrono::seconds(1772413200));
  return message;
}

std::vector<std::string> header_lines(const std::string& mail) {
  std::vector<std::string> lines;
  std::istringstream text(mail.substr(0, mail.find("\n\n")));
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

std::string header_of(const std::string& mail, const std::string& name) {
  std::string found;
  bool within = false;
  for (const std::string& line : header_lines(mail)) {
    if (line.starts_with(' ')) {
      if (within) found += '|' + line;
    } else {
      within = line.starts_with(name + ": ");
      if (within) found = line.substr(name.size() + 2);
    }
  }
  return found;
}

}  // namespace

TEST_CASE("a plain message as mail") {
  std::string mail = mail_text(sample(), "crm@example.com", "\n");
  const std::size_t at = mail.find("boundary=\"") + 10;
  const std::string boundary = mail.substr(at, mail.find('"', at) - at);
  for (std::size_t i = 0; (i = mail.find(boundary, i)) != std::string::npos; ++i)
    mail.replace(i, boundary.size(), "B");
  CHECK(mail ==
        "Date: Mon, 2 Mar 2026 01:00:00 +0000\n"
        "From: crm@example.com\n"
        "To: Li Lei <li@example.com>\n"
        "Subject: Overdue follow-ups: 3\n"
        "Message-ID: <" +
            message_id(sample(), "crm@example.com") +
            ">\n"
            "Auto-Submitted: auto-generated\n"
            "MIME-Version: 1.0\n"
            "Content-Type: multipart/alternative; boundary=\"B\"\n"
            "\n"
            "--B\n"
            "Content-Type: text/plain; charset=utf-8\n"
            "Content-Transfer-Encoding: 7bit\n"
            "\n"
            "Hello\n"
            "--B\n"
            "Content-Type: text/html; charset=utf-8\n"
            "Content-Transfer-Encoding: 7bit\n"
            "\n"
            "<!DOCTYPE html>\n<html><body>\n<p>Hello</p>\n</body></html>\n"
            "--B--\n");
  CHECK(mail_text(sample(), "crm@example.com", "\r\n").find("Hello\r\n") != std::string::npos);
}

TEST_CASE("the Message-ID is the message's own") {
  const std::string id = message_id(sample(), "crm@example.com");
  CHECK(id.ends_with("@example.com"));
  Message again = sample();
  again.subject = "another";
  CHECK(message_id(again, "crm@example.com") == id);
  again.key = "overdue/8/2026-03-02";
  CHECK(message_id(again, "crm@example.com") != id);
}

TEST_CASE("text that is not plain is encoded, within the length of a line") {
  Message message = sample();
  message.person = "李雷";
  message.subject = "3 条跟进已逾期";
  message.body = "你好\n";
  const std::string mail = mail_text(message, "crm@example.com", "\n");
  CHECK(header_of(mail, "To") == "=?UTF-8?B?5p2O6Zu3?= <li@example.com>");
  CHECK(header_of(mail, "Subject") == "=?UTF-8?B?MyDmnaHot5/ov5vlt7LpgL7mnJ8=?=");
  CHECK(mail.find("base64\n\n5L2g5aW9DQo=\n--") != std::string::npos);

  message.subject.clear();
  for (int i = 0; i < 100; ++i) message.subject += "跟进";
  const std::string longer = mail_text(message, "crm@example.com", "\n");
  for (const std::string& line : header_lines(longer)) CHECK(line.size() <= 76);
}

TEST_CASE("what could be read as an encoded word is encoded") {
  Message message = sample();
  message.subject = "=?UTF-8?Q?Bcc?=";
  CHECK(header_of(mail_text(message, "a@b.c", "\n"), "Subject") == "=?UTF-8?B?PT9VVEYtOD9RP0JjYz89?=");
  message.person = "Li, \"the\" <boss>";
  CHECK(header_of(mail_text(message, "a@b.c", "\n"), "To").starts_with("=?UTF-8?B?"));
}

TEST_CASE("whatever the texts hold, the mail has its headers and no other") {
  Random random(7);
  const std::vector<std::string> pieces = {"\r\nBcc: evil@example.com",
                                           "\n\nbody",
                                           "\r",
                                           std::string(1, '\0'),
                                           "\xe2\x80\xa8",
                                           "\xe2\x80\xa9",
                                           "\xc2\x85",
                                           "\x0b",
                                           "\x0c",
                                           ",",
                                           ";",
                                           "<a@b.c>",
                                           "\xff\xfe",
                                           "=?x?Q?",
                                           "王",
                                           " ",
                                           "plain",
                                           "\"",
                                           std::string(200, 'x')};
  for (int round = 0; round < 2000; ++round) {
    Message message = sample();
    message.person.clear();
    message.subject.clear();
    for (unsigned i = random.below(6); i > 0; --i)
      message.person += pieces[random.below(static_cast<unsigned>(pieces.size()))];
    for (unsigned i = random.below(6); i > 0; --i)
      message.subject += pieces[random.below(static_cast<unsigned>(pieces.size()))];
    const std::string mail = mail_text(message, "crm@example.com", "\n");
    std::string names;
    for (const std::string& line : header_lines(mail)) {
      REQUIRE(line.size() <= 78);
      for (const char c : line) REQUIRE((c >= ' ' && c < 0x7F));
      if (!line.starts_with(' ')) names += line.substr(0, line.find(':')) + ' ';
    }
    REQUIRE(names == "Date From To Subject Message-ID Auto-Submitted MIME-Version Content-Type ");
    REQUIRE(mail.find("7bit\n\nHello\n--part-") != std::string::npos);
  }
}

TEST_CASE("addresses for a header and an argument vector") {
  for (const char* good : {"li@example.com", "a+b@x", "o'brien@example.co.uk"})
    CHECK(mail_address(good) == good);
  const std::string too_long = std::string(250, 'a') + "@example.com";
  for (const std::string& bad : {std::string("li"), std::string(""), std::string("-oQ/tmp@example.com"),
                                 std::string("a@b\r\nBcc: c@d"), std::string("a@b,c@d"), std::string("a@b>"),
                                 std::string("a b@c"), std::string("a@b") + '\0', too_long}) {
    CHECK(mail_address(bad).empty());
  }
  CHECK(mail_address("wang@例子.中国") == "wang@xn--fsqu00a.xn--fiqs8s");
  CHECK(mail_address("王@例子.中国") == "王@xn--fsqu00a.xn--fiqs8s");
  CHECK(mail_address("a@😀.example").empty());
  CHECK_FALSE(is_sender_address("王@example.com"));
  CHECK_FALSE(is_sender_address("wang@例子.中国"));
}

TEST_CASE("a message that needs consent says how to take it back") {
  Message message = sample();
  CHECK(header_of(mail_text(message, "crm@example.com", "\n"), "List-Unsubscribe").empty());
  message.purpose = "newsletter";
  CHECK(mail_text(message, "crm@example.com", "\n")
            .find("\nList-Unsubscribe: <mailto:crm@example.com?subject=unsubscribe%20newsletter>\n") !=
        std::string::npos);
  message.purpose = std::string(40, 'n');
  CHECK(mail_text(message, "crm@example.com", "\n")
            .find("\nList-Unsubscribe:\n <mailto:crm@example.com?subject=unsubscribe%20nnn") !=
        std::string::npos);
}

TEST_CASE("a text as HTML: paragraphs, lists, and no markup of its own") {
  CHECK(html_of("a\nb <i>&\n\n- \"x\"\n- y\nz\n") ==
        "<!DOCTYPE html>\n<html><body>\n<p>a<br>\nb "
        "&lt;i&gt;&amp;</p>\n<ul>\n<li>&quot;x&quot;</li>\n<li>y</li>\n"
        "</ul>\n<p>z</p>\n</body></html>\n");
}
