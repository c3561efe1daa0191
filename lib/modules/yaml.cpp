#include "modules/yaml.h"

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "modules/module.h"
#include "modules/yaml/interface.h"
#include "modules/yaml_tree.h"

namespace crm {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20;
// yaml-cpp may hold all tokens of a bracketed collection at once, at 88 bytes each. A JSON text of 100,000
// values comes to 450,000.
constexpr std::size_t kMostTokens = 500'000;
// Open brackets more than this can only be meant to do harm; the exact depth is counted while the tree is
// built.
constexpr std::size_t kMostOpenBrackets = 1'000;

std::string with_plain_line_ends(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      out += text[i];
    } else if (i + 1 == text.size() || text[i + 1] != '\n') {
      out += '\n';
    }
  }
  return out;
}

// The offset of the first control character other than tab and line feed, or npos.
std::size_t find_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte < 0x20 && byte != '\t' && byte != '\n') || byte == 0x7F) return i;
    const bool c1 = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (c1) return i;
  }
  return std::string_view::npos;
}

// The most tokens that the character can stand for, with those that come before the next such character.
std::size_t tokens_of(char character) {
  switch (character) {
    case ':':
      return 3;
    case '[':
    case '{':
    case ',':
    case '-':
      return 2;
    case ']':
    case '}':
    case '?':
    case '!':
    case '&':
    case '*':
    case '"':
    case '\'':
      return 1;
    default:
      return 0;
  }
}

// The offset from which on the text would cost too much to parse, or npos. An upper bound that no file for
// people comes near: brackets and quotes inside texts count too.
std::size_t find_excess(std::string_view text) {
  std::size_t tokens = 0;
  std::size_t open_brackets = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char character = text[i];
    tokens += tokens_of(character);
    if (character == '[' || character == '{') {
      ++open_brackets;
    } else if ((character == ']' || character == '}') && open_brackets > 0) {
      --open_brackets;
    }
    if (tokens > kMostTokens || open_brackets > kMostOpenBrackets) return i;
  }
  return std::string_view::npos;
}

// False where the text was refused.
bool check_text(std::string_view text, YamlTree& tree) {
  if (const std::size_t at = find_invalid_utf8(text); at != std::string_view::npos) {
    tree.refuse(at, "this is not valid UTF-8", "save the file as UTF-8");
    return false;
  }
  if (const std::size_t at = find_control(text); at != std::string_view::npos) {
    tree.refuse(at, "a control character", "remove it, or write it as an escape in double quotes");
    return false;
  }
  if (const std::size_t at = find_excess(text); at != std::string_view::npos) {
    tree.refuse(at, "too many brackets, colons, commas and quotes to read", "split the file");
    return false;
  }
  return true;
}

const YamlModule& yaml_module() {
  static const auto* module = static_cast<const YamlModule*>(load_module("yaml"));
  return *module;
}

// A tab in the indentation makes yaml-cpp stumble over what follows it.
void refuse_fault(std::string_view text, const YamlFault& fault, YamlTree& tree) {
  const std::size_t offset = std::min(fault.offset, text.size());
  const std::size_t line_start = text.substr(0, offset).rfind('\n') + 1;
  const std::size_t tab = text.find_first_not_of(' ', line_start);
  if (tab < offset && text[tab] == '\t') {
    tree.refuse(tab, "a tab in the indentation", "indent with spaces");
  } else {
    tree.refuse(offset, fault.message, fault.hint);
  }
}

// Whether the text at the offset opens quotes that are not closed before the end: yaml-cpp takes the rest of
// the file.
bool is_left_open(std::string_view text, std::size_t offset) {
  if (offset >= text.size() || (text[offset] != '"' && text[offset] != '\'')) return false;
  const char quote = text[offset];
  for (std::size_t i = offset + 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      if (quote == '"' || i + 1 == text.size() || text[i + 1] != quote) return false;
      ++i;
    }
  }
  return true;
}

void sort_by_place(std::vector<Problem>& problems, std::size_t from) {
  std::stable_sort(problems.begin() + static_cast<std::ptrdiff_t>(from), problems.end(),
                   [](const Problem& a, const Problem& b) {
                     return std::tie(a.location.line, a.location.column) <
                            std::tie(b.location.line, b.location.column);
                   });
}

}  // namespace

std::optional<Node> read_yaml(std::string_view text, const std::string& file,
                              std::vector<Problem>& problems) {
  if (text.size() > kMostBytes) {
    problems.push_back({{file, 0, 0}, "the file is larger than 1 MiB", "split the file", {}});
    return std::nullopt;
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::string plain;
  if (text.find('\r') != std::string_view::npos) text = plain = with_plain_line_ends(text);

  const std::size_t before = problems.size();
  YamlTree tree(text, file, problems);
  if (check_text(text, tree)) {
    const YamlFault fault = yaml_module().parse(text, tree);
    if (fault.message != nullptr) {
      refuse_fault(text, fault, tree);
    } else if (is_left_open(text, tree.last_quoted())) {
      tree.refuse(tree.last_quoted(), "the quotes opened here are never closed", "close them");
    }
  }
  if (problems.size() > before) {
    sort_by_place(problems, before);
    return std::nullopt;
  }
  return tree.take_root();
}

}  // namespace crm
