// The language of message templates: text with {{name}}, {{#each rows}}…{{/each}} and {{#if
// name}}…{{else}}…{{/if}}.
//
// A name stands for a text or a list of rows; within `each`, the row's own names come before those outside. A
// condition holds where the text is there and is none of "", "0" and "false", or the list has rows. A tag of
// `each`, `if` or `else` that stands alone on its line takes the line with it. There is no other logic and no
// escape: what is put in is never read as a template.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

// What the names of a template stand for.
struct TemplateScope {
  std::map<std::string, std::string, std::less<>> texts;
  std::map<std::string, std::vector<TemplateScope>, std::less<>> lists;
};

struct TemplateFault {
  std::size_t offset = 0;  // the byte of the text
  std::string message;     // lower case, without a final full stop
  std::string hint;
};

class Template {
 public:
  enum class PartKind : std::uint8_t { text, value, each, condition };
  struct Part {
    PartKind kind = PartKind::text;
    std::string text;  // literal text, or the name
    std::size_t offset = 0;
    std::vector<Part> parts;      // of each and condition
    std::vector<Part> otherwise;  // of a condition: after {{else}}
  };

  // What is wrong first, or nothing and the template.
  static std::optional<TemplateFault> parse(std::string_view text, Template& result);

  // A name that the scope does not have is empty.
  std::string render(const TemplateScope& scope) const;
  // Of a template that is HTML: what is put in is text, never markup. A whole document, whatever the template
  // has of one.
  std::string render_html(const TemplateScope& scope) const;

  // All that it names, within lists too.
  std::set<std::string, std::less<>> names() const;

  // The tree, for those who check its names.
  const std::vector<Part>& parts() const { return parts_; }

 private:
  std::vector<Part> parts_;
};

}  // namespace crm
