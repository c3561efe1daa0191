#include "exchange/json_object.h"

#include "base/digits.h"
#include "base/text.h"

namespace crm {
namespace {

constexpr int kDeepest = 64;
constexpr std::size_t kMostNestedKeys = std::size_t{1} << 20;

}  // namespace

std::optional<JsonObject::Fault> JsonObject::parse(std::string_view text) {
  text_ = text;
  position_ = 0;
  depth_ = 0;
  has_nul_ = false;
  fault_.reset();
  members_.clear();
  items_.clear();
  nested_keys_.clear();
  nested_key_bytes_ = 0;
  // Reserved at once, since views point into it: unescaping never makes text longer.
  unescaped_.clear();
  unescaped_.reserve(text.size());
  parse_document();
  return fault_;
}

bool JsonObject::parse_document() {
  skip_space();
  const bool is_object = position_ < text_.size() && text_[position_] == '{';
  if (!(is_object ? enter() && parse_members({}) : skip_value())) return false;
  skip_space();
  if (position_ != text_.size()) return fail("unexpected text behind the value");
  if (is_object) return true;
  fault_ = Fault{0, "a row is an object '{…}', not another value", true};
  return false;
}

// Takes the bracket that opens an object or a list. Each level of nesting is one of our stack too.
bool JsonObject::enter() {
  if (++depth_ > kDeepest) return fail("more than 64 levels of nesting");
  ++position_;
  return true;
}

bool JsonObject::parse_members(std::string_view prefix) {
  skip_space();
  if (!take('}')) {
    do {
      skip_space();
      if (!parse_member(prefix)) return false;
      skip_space();
    } while (take(','));
    if (!take('}')) return fail("',' or '}' is expected");
  }
  --depth_;
  return true;
}

bool JsonObject::parse_member(std::string_view prefix) {
  Member member;
  if (position_ == text_.size() || text_[position_] != '"') return fail("a key in double quotes is expected");
  const auto key = parse_string();
  if (!key) return false;
  const auto full = full_key(prefix, *key);
  if (!full) return false;
  member.key = *full;
  skip_space();
  if (!take(':')) return fail("':' is expected");
  skip_space();
  member.offset = position_;
  const char first = position_ < text_.size() ? text_[position_] : '\0';
  if (first == '{') return parse_nested(member);
  if (first == '[') {
    if (!parse_list(member)) return false;
  } else {
    const auto value = parse_scalar();
    if (!value) return false;
    member.text = value->text;
    member.is_null = value->is_null;
    member.is_number = first == '-' || is_digit(first);
  }
  members_.push_back(member);
  return true;
}

bool JsonObject::parse_nested(const Member& member) {
  const std::size_t before = members_.size();
  if (!enter() || !parse_members(member.key)) return false;
  if (members_.size() > before) return true;
  members_.push_back(member);
  members_.back().is_null = true;
  return true;
}

std::optional<std::string_view> JsonObject::full_key(std::string_view prefix, std::string_view key) {
  if (prefix.empty()) return key;
  nested_key_bytes_ += prefix.size() + 1 + key.size();
  if (nested_key_bytes_ > kMostNestedKeys) {
    fail("more than 1 MiB of keys of nested objects");
    return std::nullopt;
  }
  return nested_keys_.emplace_back(prefix).append(1, '.').append(key);
}

bool JsonObject::parse_list(Member& member) {
  const std::size_t start = position_;
  member.first_item = items_.size();
  bool structured = false;
  if (!enter()) return false;
  skip_space();
  if (!take(']')) {
    do {
      skip_space();
      const char first = position_ < text_.size() ? text_[position_] : '\0';
      if (first == '{' || first == '[') {
        structured = true;
        if (!skip_value()) return false;
      } else {
        const auto item = parse_scalar();
        if (!item) return false;
        if (!item->is_null) items_.push_back(item->text);
      }
      skip_space();
    } while (take(','));
    if (!take(']')) return fail("',' or ']' is expected");
  }
  --depth_;
  member.is_list = !structured;
  if (structured) {
    items_.resize(member.first_item);
    member.text = text_.substr(start, position_ - start);
  }
  member.item_count = items_.size() - member.first_item;
  return true;
}

// Goes over a value of any kind, checking it.
bool JsonObject::skip_value() {
  const char first = position_ < text_.size() ? text_[position_] : '\0';
  if (first == '{') return enter() && skip_members();
  if (first == '[') return enter() && skip_items();
  return parse_scalar().has_value();
}

bool JsonObject::skip_members() {
  skip_space();
  if (!take('}')) {
    do {
      skip_space();
      if (position_ == text_.size() || text_[position_] != '"')
        return fail("a key in double quotes is expected");
      if (!parse_string()) return false;
      skip_space();
      if (!take(':')) return fail("':' is expected");
      skip_space();
      if (!skip_value()) return false;
      skip_space();
    } while (take(','));
    if (!take('}')) return fail("',' or '}' is expected");
  }
  --depth_;
  return true;
}

bool JsonObject::skip_items() {
  skip_space();
  if (!take(']')) {
    do {
      skip_space();
      if (!skip_value()) return false;
      skip_space();
    } while (take(','));
    if (!take(']')) return fail("',' or ']' is expected");
  }
  --depth_;
  return true;
}

std::optional<JsonObject::Scalar> JsonObject::parse_scalar() {
  const char first = position_ < text_.size() ? text_[position_] : '\0';
  const std::size_t start = position_;
  if (first == '"') {
    const auto text = parse_string();
    return text ? std::optional(Scalar{*text, false}) : std::nullopt;
  }
  if (first == '-' || is_digit(first)) {
    const auto number = parse_number();
    return number ? std::optional(Scalar{*number, false}) : std::nullopt;
  }
  if (take_word("true") || take_word("false")) return Scalar{text_.substr(start, position_ - start), false};
  if (take_word("null")) return Scalar{{}, true};
  fail("a value is expected");
  return std::nullopt;
}

std::optional<std::string_view> JsonObject::parse_string() {
  const std::size_t start = ++position_;
  for (; position_ < text_.size(); ++position_) {
    const char character = text_[position_];
    if (character == '"') return text_.substr(start, position_++ - start);
    if (character == '\\') return parse_escaped(start);
    if (static_cast<unsigned char>(character) < 0x20) {
      fail("a control character in a text");
      return std::nullopt;
    }
  }
  position_ = start - 1;
  fail("the quote opened here is never closed");
  return std::nullopt;
}

std::optional<std::string_view> JsonObject::parse_escaped(std::size_t start) {
  const std::size_t begin = unescaped_.size();
  unescaped_ += text_.substr(start, position_ - start);
  while (position_ < text_.size()) {
    const char character = text_[position_];
    if (character == '"') {
      ++position_;
      return std::string_view(unescaped_).substr(begin);
    }
    if (static_cast<unsigned char>(character) < 0x20) {
      fail("a control character in a text");
      return std::nullopt;
    }
    if (character == '\\') {
      if (!parse_escape()) return std::nullopt;
    } else {
      unescaped_ += character;
      ++position_;
    }
  }
  position_ = start - 1;
  fail("the quote opened here is never closed");
  return std::nullopt;
}

bool JsonObject::parse_escape() {
  static constexpr std::string_view kLetters = "\"\\/bfnrt";
  static constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
  const char letter = position_ + 1 < text_.size() ? text_[position_ + 1] : '\0';
  if (const std::size_t index = kLetters.find(letter); letter != '\0' && index != std::string_view::npos) {
    unescaped_ += kMeant[index];
    position_ += 2;
    return true;
  }
  if (letter != 'u') return fail("unknown escape in a text");
  const std::size_t start = position_;
  position_ += 2;
  auto character = parse_hex4();
  if (character && *character >= 0xD800 && *character < 0xDC00 && take_word("\\u")) {
    const auto low = parse_hex4();
    const bool paired = low && *low >= 0xDC00 && *low < 0xE000;
    character =
        paired ? std::optional(0x10000 + ((*character - 0xD800) << 10) + (*low - 0xDC00)) : std::nullopt;
  }
  if (!character || (*character >= 0xD800 && *character < 0xE000)) {
    position_ = start;
    return fail("this escape stands for no character");
  }
  has_nul_ = has_nul_ || *character == 0;
  append_utf8(unescaped_, *character);
  return true;
}

std::optional<char32_t> JsonObject::parse_hex4() {
  if (text_.size() - position_ < 4) return std::nullopt;
  char32_t value = 0;
  for (const char digit : text_.substr(position_, 4)) {
    value *= 16;
    if (is_digit(digit)) {
      value += static_cast<char32_t>(digit - '0');
    } else if ((digit >= 'a' && digit <= 'f') || (digit >= 'A' && digit <= 'F')) {
      value += static_cast<char32_t>((digit | 0x20) - 'a' + 10);
    } else {
      return std::nullopt;
    }
  }
  position_ += 4;
  return value;
}

std::optional<std::string_view> JsonObject::parse_number() {
  const std::size_t start = position_;
  const auto take_digits = [this] {
    const std::size_t from = position_;
    while (position_ < text_.size() && is_digit(text_[position_])) ++position_;
    return position_ > from;
  };
  take('-');
  bool valid = take('0') || take_digits();
  if (valid && take('.')) valid = take_digits();
  if (valid && (take('e') || take('E'))) {
    if (!take('+')) take('-');
    valid = take_digits();
  }
  // "007" is no number: its zeros would be lost in any other reader.
  if (!valid || (position_ < text_.size() && is_digit(text_[position_]))) {
    position_ = start;
    fail("this is no JSON number");
    return std::nullopt;
  }
  return text_.substr(start, position_ - start);
}

void JsonObject::skip_space() {
  while (position_ < text_.size() && (text_[position_] == ' ' || text_[position_] == '\t' ||
                                      text_[position_] == '\n' || text_[position_] == '\r')) {
    ++position_;
  }
}

bool JsonObject::take(char character) {
  if (position_ == text_.size() || text_[position_] != character) return false;
  ++position_;
  return true;
}

bool JsonObject::take_word(std::string_view word) {
  if (!text_.substr(position_).starts_with(word)) return false;
  position_ += word.size();
  return true;
}

bool JsonObject::fail(const char* message) {
  fault_ = Fault{position_, message};
  return false;
}

}  // namespace crm
