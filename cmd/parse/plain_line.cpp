#include "parse/line_parts.h"

namespace crm::cmd {
namespace {

// The option that the word names and is nothing but; null where there is none.
const OptionSpec* option_alone(std::string_view word, const CommandSpec& spec) {
  if (word.starts_with("--")) return find_option(spec, word.substr(2));
  return word.size() == 2 ? find_option(spec, word[1]) : nullptr;
}

}  // namespace

std::optional<LineParts> read_plain_line(const CommandSpec& spec, std::span<const std::string> line) {
  LineParts parts;
  for (auto word = line.begin(); word != line.end(); ++word) {
    if (!word->starts_with('-')) {
      parts.words.push_back(*word);
      continue;
    }
    const OptionSpec* const option = option_alone(*word, spec);
    if (option == nullptr) return std::nullopt;
    const bool takes_value = option->type != ValueType::none;
    if (takes_value && ++word == line.end()) return std::nullopt;
    parts.options[option->name].push_back(takes_value ? *word : "true");
  }
  return parts;
}

}  // namespace crm::cmd
