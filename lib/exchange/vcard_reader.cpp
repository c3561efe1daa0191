#include "exchange/vcard_reader.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "base/text.h"
#include "exchange/encoding.h"
#include "exchange/fault.h"
#include "exchange/record_buffer.h"

namespace crm {
namespace {

constexpr std::size_t kReadSize = std::size_t{64} << 10;
constexpr std::size_t kLongestHead = std::size_t{8} << 10;
constexpr std::size_t kMostProperties = 2'000;
constexpr int kDeepest = 32;

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

// What was read to tell the encoding, then the rest.
class PrefixedBytes final : public ByteSource {
 public:
  PrefixedBytes(std::string prefix, std::unique_ptr<ByteSource> rest)
      : prefix_(std::move(prefix)), rest_(std::move(rest)) {}
  std::size_t read(char* into, std::size_t size) override {
    if (used_ == prefix_.size()) return rest_->read(into, size);
    const std::size_t count = prefix_.copy(into, size, used_);
    used_ += count;
    return count;
  }
  bool rewind() override { return false; }

 private:
  std::string prefix_;
  std::size_t used_ = 0;
  std::unique_ptr<ByteSource> rest_;
};

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The name that iconv takes; empty for one that is not known.
std::string known_encoding(const std::string& name) {
  try {
    return encoding_by_name(name);
  } catch (const Error&) {
    return {};
  }
}

std::string from_quoted_printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '=' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0;
    if (!escape) {
      out += text[i];
      continue;
    }
    const int byte = hex(text[i + 1]) * 16 + hex(text[i + 2]);
    i += 2;
    // A line ends with CR LF there.
    if (byte == '\n' && out.ends_with('\r')) out.pop_back();
    out += static_cast<char>(byte);
  }
  return out;
}

// The text as UTF-8; nothing where it is not in the encoding.
std::optional<std::string> converted(std::string text, const std::string& encoding) {
  void* const opened = encoding.empty() ? nullptr : open_converter(encoding);
  if (opened == nullptr) return std::nullopt;
  std::string out(text.size() * 4 + 16, '\0');
  char* in = text.data();
  std::size_t left = text.size();
  char* to = out.data();
  std::size_t room = out.size();
  const bool done = iconv(opened, &in, &left, &to, &room) != static_cast<std::size_t>(-1) && left == 0;
  iconv_close(opened);
  if (!done) return std::nullopt;
  out.resize(out.size() - room);
  return out;
}

// Where the value begins: behind the first ':' that stands in no quotes.
std::size_t find_colon(std::string_view line) {
  bool quoted = false;
  for (std::size_t i = 0; i < line.size() && i < kLongestHead; ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (line[i] == ':' && !quoted) return i;
  }
  return std::string_view::npos;
}

bool is_quoted_printable(std::string_view line) {
  const std::size_t colon = find_colon(line);
  return colon != std::string_view::npos &&
         upper(line.substr(0, colon)).find("QUOTED-PRINTABLE") != std::string::npos;
}

// Whether its ASCII characters take several bytes.
bool is_wide(std::string_view encoding) {
  return encoding.starts_with("UTF-16") || encoding.starts_with("UTF-32");
}

// Pictures, sounds and keys, which no record takes.
bool is_bulky(std::string_view name) {
  return name == "PHOTO" || name == "LOGO" || name == "SOUND" || name == "KEY";
}

// Behind which another card may stand, in version 2.1.
bool is_agent(std::string_view head) {
  std::string_view name = head.substr(0, head.find(';'));
  if (const std::size_t dot = name.rfind('.'); dot != std::string_view::npos) name.remove_prefix(dot + 1);
  return equals_ignoring_case(trimmed(name), "AGENT");
}

}  // namespace

VcardReader::VcardReader(std::unique_ptr<ByteSource> bytes, std::string file, const std::string& encoding)
    : file_(std::move(file)) {
  std::string head(kReadSize, '\0');
  std::size_t size = 0;
  while (size < head.size()) {
    const std::size_t count = bytes->read(head.data() + size, head.size() - size);
    if (count == 0) break;
    size += count;
  }
  head.resize(size);
  const auto mark = byte_order_mark(head);
  if (!encoding.empty()) {
    encoding_ = encoding_by_name(encoding);
  } else {
    encoding_ = mark ? std::string(mark->encoding) : guess_encoding(head, size < kReadSize);
  }
  const bool wide = is_wide(encoding_) || (mark && is_wide(mark->encoding));
  if (mark && !wide) head.erase(0, mark->size);
  auto whole = std::make_unique<PrefixedBytes>(std::move(head), std::move(bytes));
  if (wide) {
    text_ = std::make_unique<TextReader>(std::move(whole), file_, encoding);
  } else {
    bytes_ = std::move(whole);
  }
  buffer_.reserve(kReadSize);
}

bool VcardReader::fill() {
  buffer_.erase(0, used_);
  used_ = 0;
  const std::size_t before = buffer_.size();
  buffer_.resize(before + kReadSize);
  const std::size_t count = text_ ? text_->read(buffer_.data() + before, kReadSize)
                                  : bytes_->read(buffer_.data() + before, kReadSize);
  buffer_.resize(before + count);
  at_end_ = count == 0;
  return !at_end_;
}

void VcardReader::skip_empty_lines() {
  while (used_ < buffer_.size() || (!at_end_ && fill())) {
    const char c = buffer_[used_];
    const bool cut = used_ + 1 == buffer_.size();
    if (c != '\n' && (c != '\r' || cut)) return;
    used_ += c == '\r' && buffer_[used_ + 1] == '\n' ? 2 : 1;
    ++physical_line_;
  }
}

// The next line as it stands; false at the end.
bool VcardReader::next_physical(std::string& line) {
  line.clear();
  bool any = false;
  for (;;) {
    if (used_ == buffer_.size() && (at_end_ || !fill())) {
      if (any) ++physical_line_;  // the last one has no line end
      return any;
    }
    any = true;
    const std::string_view rest = std::string_view(buffer_).substr(used_);
    const std::size_t end = rest.find_first_of("\r\n");
    line += rest.substr(0, end);
    if (line.size() > kLongestRecord) refuse("a line of more than 16 MiB", "is this a vCard file?");
    if (end == std::string_view::npos) {
      used_ = buffer_.size();
      continue;
    }
    used_ += end + 1;
    if (rest[end] == '\r') {
      if (used_ == buffer_.size() && !at_end_) fill();
      if (used_ < buffer_.size() && buffer_[used_] == '\n') ++used_;
    }
    ++physical_line_;
    return true;
  }
}

// The next logical line, put together of those it was folded into.
bool VcardReader::next_line() {
  has_physical_ = has_physical_ && !physical_.empty();
  if (!has_physical_) {
    skip_empty_lines();
    if (!next_physical(physical_)) return false;
  }
  has_physical_ = false;
  logical_ = physical_;
  logical_line_ = physical_line_;
  bool soft = is_quoted_printable(logical_);
  while (next_physical(physical_)) {
    const bool continued = soft && logical_.ends_with('=');
    const bool folded_on = !physical_.empty() && (physical_.front() == ' ' || physical_.front() == '\t');
    if (!continued && !folded_on) {
      has_physical_ = true;
      break;
    }
    if (continued) logical_.pop_back();
    logical_.append(physical_, folded_on ? 1 : 0);
    if (logical_.size() > kLongestRecord) refuse("a property of more than 16 MiB");
    soft = soft || is_quoted_printable(std::string_view(logical_).substr(0, kLongestHead));
  }
  return true;
}

bool VcardReader::next() {
  properties_.clear();
  fault_.reset();
  depth_ = 0;
  finished_ = false;
  if (begun_line_ != 0) begin_card(std::exchange(begun_line_, 0));
  while (!finished_ && next_line()) take_line();
  if (finished_) return true;
  if (depth_ == 0) return false;
  leave_unfinished();
  return true;
}

void VcardReader::begin_card(std::int64_t line) {
  depth_ = 1;
  line_ = line;
  old_version_ = false;
  takes_agent_ = false;
}

void VcardReader::leave_unfinished() {
  fault_ = Problem{{file_, static_cast<int>(line_), 1}, "the card that begins here has no END:VCARD", {}, {}};
  depth_ = 0;
  finished_ = true;
}

void VcardReader::take_line() {
  const std::size_t colon = find_colon(logical_);
  if (colon == std::string::npos) {
    if (!trimmed(logical_).empty()) ++strange_lines_;
    return;
  }
  const std::string_view head = trimmed(std::string_view(logical_).substr(0, colon));
  const std::string_view value = std::string_view(logical_).substr(colon + 1);
  const bool card = equals_ignoring_case(trimmed(value), "VCARD");
  const bool inner = takes_agent_;
  takes_agent_ = depth_ > 0 && is_agent(head) && trimmed(value).empty();
  if (card && equals_ignoring_case(head, "BEGIN")) {
    if (depth_ == 0) {
      begin_card(logical_line_);
    } else if (inner) {
      old_version_ = false;
      if (++depth_ > kDeepest)
        refuse("cards within cards, more than 32 levels deep", "is an END:VCARD missing?");
    } else {
      begun_line_ = logical_line_;
      leave_unfinished();
    }
  } else if (card && equals_ignoring_case(head, "END")) {
    finished_ = depth_ == 1;
    depth_ = std::max(depth_ - 1, 0);
  } else if (depth_ == 1) {
    take_property(head, value);
  }
}

void VcardReader::take_property(std::string_view head, std::string_view value) {
  if (properties_.size() == kMostProperties) refuse("more than 2,000 properties in a card");
  VcardHead read = read_vcard_head(head);
  VcardProperty& property = read.property;
  if (is_bulky(property.name)) return;
  std::string bytes = read.quoted_printable ? from_quoted_printable(value) : std::string(value);
  property.value = decoded(std::move(bytes), read.charset);
  if (property.value.size() > kLongestField) refuse("a property of more than 1 MiB");
  property.label = decoded(std::move(property.label), {});
  if (property.name == "VERSION") old_version_ = trimmed(property.value) == "2.1";
  if (old_version_) {  // a backslash is one, but before ';'
    std::string escaped;
    for (std::size_t i = 0; i < property.value.size(); ++i) {
      const bool plain =
          property.value[i] == '\\' && (i + 1 == property.value.size() || property.value[i + 1] != ';');
      if (plain) escaped += '\\';
      escaped += property.value[i];
    }
    property.value = std::move(escaped);
  }
  properties_.push_back(std::move(property));
}

// A value that is in no encoding makes the card unusable, not the file.
std::string VcardReader::decoded(std::string bytes, const std::string& charset) {
  if (is_plain_ascii(bytes)) return bytes;
  const bool names_other = !text_ && !charset.empty() && !equals_ignoring_case(charset, "utf-8");
  std::optional<std::string> text;
  if (bytes.find('\0') != std::string::npos) {
    note_fault("a NUL character", "is this a text file?");
  } else if (names_other) {
    text = converted(bytes, known_encoding(charset));
    if (!text) note_fault("a value that is not in its character set " + quoted(charset), {});
  } else {
    if (is_valid_utf8(bytes)) return bytes;
    if (encoding_ != "UTF-8") text = converted(bytes, encoding_);
    if (!text) {
      note_fault("a value that is not in " + std::string(encoding_label(encoding_)),
                 "name the encoding by --encoding");
    }
  }
  return text.value_or(std::string());
}

void VcardReader::note_fault(std::string message, std::string hint) {
  if (fault_) return;
  fault_ = Problem{{file_, static_cast<int>(logical_line_), 1}, std::move(message), std::move(hint), {}};
}

void VcardReader::refuse(std::string message, std::string hint) const {
  throw_fault({{file_, static_cast<int>(logical_line_), 0}, std::move(message), std::move(hint), {}});
}

}  // namespace crm
