// One JSON object (RFC 8259) as a row, parsed without copying: what a line of JSON lines holds. Unlike a
// document library it keeps numbers as they are written and knows the place of each value. An object inside
// it is taken apart: {"properties": {"email": 1}} has the member "properties.email".
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

class JsonObject {
 public:
  struct Member {
    std::string_view key;
    std::string_view text;  // of a string unescaped, else as written; empty for null
    bool is_null = false;   // or an object without members
    bool is_number = false;
    bool is_list = false;        // of scalars, nulls left out; any other list is its text as written
    std::size_t first_item = 0;  // of a list, in items()
    std::size_t item_count = 0;
    std::size_t offset = 0;  // of the value in the parsed text
  };
  struct Fault {
    std::size_t offset;  // in the parsed text
    const char* message;
    bool valid_json = false;  // the text is JSON, but no object
  };

  // Parses the text, which must be valid UTF-8 and hold one object and white space. The members' views point
  // into it and into this object, and are invalid after the next parse.
  std::optional<Fault> parse(std::string_view text);

  const std::vector<Member>& members() const { return members_; }
  const std::vector<std::string_view>& items() const { return items_; }
  // Whether one of the texts holds a NUL, written \u0000.
  bool has_nul() const { return has_nul_; }

 private:
  struct Scalar {
    std::string_view text;
    bool is_null;
  };

  bool parse_document();
  bool parse_members(std::string_view prefix);
  bool parse_member(std::string_view prefix);
  bool parse_nested(const Member& member);
  bool parse_list(Member& member);
  std::optional<std::string_view> full_key(std::string_view prefix, std::string_view key);
  bool skip_value();
  bool skip_members();
  bool skip_items();
  bool enter();
  std::optional<Scalar> parse_scalar();
  std::optional<std::string_view> parse_string();
  std::optional<std::string_view> parse_escaped(std::size_t start);
  bool parse_escape();
  std::optional<char32_t> parse_hex4();
  std::optional<std::string_view> parse_number();
  void skip_space();
  bool take(char character);
  bool take_word(std::string_view word);
  bool fail(const char* message);

  std::string_view text_;
  std::size_t position_ = 0;
  std::optional<Fault> fault_;
  std::vector<Member> members_;
  std::vector<std::string_view> items_;
  std::string unescaped_;
  std::deque<std::string> nested_keys_;
  std::size_t nested_key_bytes_ = 0;
  int depth_ = 0;
  bool has_nul_ = false;
};

}  // namespace crm
