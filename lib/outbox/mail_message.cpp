#include "outbox/mail_message.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "base/base64.h"
#include "base/digest.h"
#include "base/domain_name.h"
#include "base/text.h"
#include "outbox/html_text.h"

namespace crm {
namespace {

constexpr std::size_t kMaxAddress = 254;    // RFC 5321, 4.5.3.1.3 without the angle brackets
constexpr std::size_t kMaxHeaderLine = 76;  // RFC 2047, 2: a line that holds an encoded word
constexpr std::size_t kMaxBase64Line = 76;  // RFC 2045, 6.8
constexpr std::size_t kMaxPlainLine = 78;   // RFC 5322, 2.1.1
constexpr std::string_view kWordBegin = "=?UTF-8?B?";
constexpr std::string_view kWordEnd = "?=";

bool is_visible_ascii(char c) {
  return c > ' ' && c < 0x7F;
}

// Whether the character must not stand in a header, encoded or not: a reader may take it for the end of the
// line.
bool breaks_line(char32_t c) {
  return c < ' ' || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
}

// The text as one line: what would end a line or control anything is a space, runs of spaces are one.
std::string header_text(std::string_view text) {
  std::string out;
  for (std::string_view rest = text; !rest.empty();) {
    const char32_t c = next_character(rest);
    if (c != ' ' && !breaks_line(c)) {
      append_utf8(out, c);
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

// Encoded words (RFC 2047), each on a line of its own after the first, which begins at `column`.
std::string encoded_words(std::string_view text, std::size_t column, std::string_view line_end) {
  std::string out;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t room = (kMaxHeaderLine - column - kWordBegin.size() - kWordEnd.size()) / 4 * 3;
    std::size_t size = 0;
    while (size < rest.size()) {
      const std::size_t next = first_character_size(rest.substr(size));
      if (size + next > room) break;
      size += next;
    }
    if (!out.empty()) out += std::string(line_end) + ' ';
    out += std::string(kWordBegin) + base64(rest.substr(0, size)) + std::string(kWordEnd);
    rest.remove_prefix(size);
    column = 1;
  }
  return out;
}

bool is_plain_subject(std::string_view text) {
  return text.find("=?") == std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [](char c) { return c == ' ' || is_visible_ascii(c); });
}

// Words that may stand before an address as they are (RFC 5322, 3.2.3).
bool is_plain_phrase(std::string_view text) {
  constexpr std::string_view kAtomSpecials = "!#$%&'*+-/^_`{|}~";
  return text.find("=?") == std::string_view::npos && std::all_of(text.begin(), text.end(), [&](char c) {
           return c == ' ' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  kAtomSpecials.find(c) != std::string_view::npos;
         });
}

std::string header(std::string_view name, std::string_view text, bool plain, std::string_view line_end) {
  std::string out = std::string(name) + ": ";
  const bool fits = out.size() + text.size() <= kMaxPlainLine;
  return out + (plain && fits ? std::string(text) : encoded_words(text, out.size(), line_end));
}

// The value on a line of its own where it does not fit beside the name.
std::string folded_header(const std::string& name, const std::string& value, std::string_view line_end) {
  const bool fits = name.size() + 2 + value.size() <= kMaxPlainLine;
  return name + ':' + (fits ? "" : std::string(line_end)) + ' ' + value;
}

std::string recipient(const Message& message, std::string_view line_end) {
  const std::string name = header_text(message.person);
  if (name.empty()) return "To: " + mail_address(message.address);
  const std::string address = " <" + mail_address(message.address) + '>';
  const std::string to = header("To", name, is_plain_phrase(name), line_end);
  const bool fits = to.size() + address.size() <= kMaxHeaderLine;
  return to + (fits ? "" : std::string(line_end)) + address;
}

// "Thu, 15 Jan 2026 01:00:00 +0000"
std::string mail_date(Moment moment) {
  constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const Date date(day);
  // "2026-01-15T01:00:00Z": the time of day stands at 11.
  const std::string time = format_moment(moment, TimeZone()).substr(11, 8);
  return std::string(kDays[std::chrono::weekday(day).c_encoding()]) + ", " +
         std::to_string(static_cast<unsigned>(date.day())) + ' ' +
         kMonths[static_cast<unsigned>(date.month()) - 1] + ' ' +
         std::to_string(static_cast<int>(date.year())) + ' ' + time + " +0000";
}

bool is_plain_body(std::string_view body) {
  std::size_t line = 0;
  for (const char c : body) {
    line = c == '\n' ? 0 : line + 1;
    if (line > kMaxPlainLine || (c != '\n' && c != ' ' && c != '\t' && !is_visible_ascii(c))) return false;
  }
  return true;
}

std::string with_line_ends(std::string_view text, std::string_view line_end) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += line_end;
    } else {
      out += c;
    }
  }
  return out;
}

std::string base64_lines(std::string_view bytes, std::string_view line_end) {
  const std::string all = base64(bytes);
  std::string out;
  for (std::size_t at = 0; at < all.size(); at += kMaxBase64Line) {
    out += all.substr(at, kMaxBase64Line);
    out += line_end;
  }
  return out;
}

// The encoding, and the text in it.
void append_part(std::string& out, const std::string& text, std::string_view line_end) {
  const bool plain = is_plain_body(text);
  const std::string end(line_end);
  out += std::string("Content-Transfer-Encoding: ") + (plain ? "7bit" : "base64") + end + end;
  out += plain ? with_line_ends(text, line_end) : base64_lines(with_line_ends(text, "\r\n"), line_end);
  if (!text.ends_with('\n') && plain) out += end;
}

}  // namespace

std::string mail_address(std::string_view address) {
  if (!is_email(address) || address.front() == '-') return {};
  const std::size_t at = address.find('@');
  const std::string domain = ascii_domain(address.substr(at + 1));
  if (domain.empty() || !std::all_of(domain.begin(), domain.end(), is_visible_ascii)) return {};
  std::string form = std::string(address.substr(0, at + 1)) + domain;
  return form.size() <= kMaxAddress ? form : std::string();
}

bool is_sender_address(std::string_view address) {
  return !mail_address(address).empty() && std::all_of(address.begin(), address.end(), is_visible_ascii);
}

std::string message_id(const Message& message, std::string_view from) {
  // The moment tells apart messages of the same key in two databases.
  const std::string made_of = message.key + '\n' + std::to_string(message.made_at.time_since_epoch().count());
  return hex(sha256(made_of)).substr(0, 32) + std::string(from.substr(from.find('@')));
}

std::string mail_text(const Message& message, std::string_view from, std::string_view line_end) {
  const std::string subject = header_text(message.subject);
  std::string out;
  const auto add = [&](std::string_view line) {
    out += line;
    out += line_end;
  };
  add("Date: " + mail_date(message.sent_first.value_or(message.made_at)));
  add("From: " + std::string(from));
  add(recipient(message, line_end));
  add(header("Subject", subject, is_plain_subject(subject), line_end));
  add("Message-ID: <" + message_id(message, from) + '>');
  add("Auto-Submitted: auto-generated");
  if (!message.purpose.empty())
    add(folded_header("List-Unsubscribe",
                      "<mailto:" + std::string(from) + "?subject=unsubscribe%20" + message.purpose + '>',
                      line_end));
  add("MIME-Version: 1.0");
  // It stands in no part: base64 has no '-', and a text in the clear is no line of this.
  const std::string boundary = "part-" + hex(sha256("boundary\n" + message.key + message.body)).substr(0, 16);
  add("Content-Type: multipart/alternative; boundary=\"" + boundary + '"');
  add("");
  for (const auto& [type, text] :
       {std::pair("text/plain", message.body),
        std::pair("text/html", message.html.empty() ? html_of(message.body) : message.html)}) {
    add("--" + boundary);
    add("Content-Type: " + std::string(type) + "; charset=utf-8");
    append_part(out, text, line_end);
  }
  add("--" + boundary + "--");
  return out;
}

}  // namespace crm
