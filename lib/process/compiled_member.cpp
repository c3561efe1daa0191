#include "process/compiled_member.h"

#include <cstddef>

namespace crm {
namespace {

// Behind the string that begins at `at`. Most of the text is in strings: templates, conditions.
std::size_t end_of_string(std::string_view json, std::size_t at) {
  for (;;) {
    const std::size_t quote = json.find('"', at + 1);
    if (quote == std::string_view::npos) return json.size() + 1;
    std::size_t before = quote;
    while (json[before - 1] == '\\') --before;
    if ((quote - before) % 2 == 0) return quote + 1;
    at = quote;
  }
}

// Behind the value that begins at `at`.
std::size_t end_of_value(std::string_view json, std::size_t at) {
  std::size_t depth = 0;
  while (at < json.size()) {
    switch (json[at]) {
      case '"':
        at = end_of_string(json, at);
        break;
      case '{':
      case '[':
        ++depth;
        ++at;
        break;
      case '}':
      case ']':
        if (depth == 0) return at;
        --depth;
        ++at;
        break;
      case ',':
        if (depth == 0) return at;
        ++at;
        continue;
      default:
        ++at;
        continue;
    }
    if (depth == 0) return at;
  }
  return json.size();
}

}  // namespace

std::string_view compiled_member(std::string_view json, std::string_view name) {
  std::size_t at = 1;
  while (at < json.size() && json[at] == '"') {
    const std::size_t colon = end_of_string(json, at);
    const std::size_t end = end_of_value(json, colon + 1);
    if (end > json.size() || colon >= end) break;
    const std::string_view found = json.substr(at + 1, colon - at - 2);
    if (found == name) return json.substr(colon + 1, end - colon - 1);
    if (found > name) break;
    at = end + 1;
  }
  return {};
}

}  // namespace crm
