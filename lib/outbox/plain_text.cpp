#include "outbox/plain_text.h"

#include "base/text.h"

namespace crm {

std::string one_line(std::string_view text) {
  std::string out;
  for (std::string_view rest = text; !rest.empty();) {
    const char32_t c = next_character(rest);
    // A line separator is white space too, so none is left for visible() to write as \u2028.
    if (!is_white_space(c)) {
      append_utf8(out, c);
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return visible(out);
}

std::string plain_lines(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string line(text.substr(0, end));
    for (char& c : line) {
      if (c == '\t') c = ' ';
    }
    line.erase(line.find_last_not_of(" \r") + 1);
    out += visible(line) + '\n';
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

}  // namespace crm
