#include "process/compiled_member.h"

#include <cstddef>

namespace crm {
namespace {

// Behind the string that begins at `at`.
std::size_t end_of_string(std::string_view json, std::size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at) {
    if (json[at] == '\\') ++at;
  }
  return at + 1;
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
    if (json.substr(at + 1, colon - at - 2) == name) return json.substr(colon + 1, end - colon - 1);
    at = end + 1;
  }
  return {};
}

}  // namespace crm
