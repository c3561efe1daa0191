#include "parse/token.h"

namespace crm::cmd {
namespace {

bool takes_value(const OptionSpec& option) {
  return option.type != ValueType::none;
}

Token classify_long(std::string_view name, const CommandSpec& spec) {
  const std::size_t equals = name.find('=');
  const OptionSpec* option = find_option(spec, name.substr(0, equals));
  if (option == nullptr) return {.kind = Token::Kind::unknown_option};
  const bool has_value = equals != std::string_view::npos;
  return {Token::Kind::option, option, has_value, !has_value && takes_value(*option)};
}

Token classify_letters(std::string_view letters, const CommandSpec& spec) {
  const OptionSpec* first = nullptr;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const OptionSpec* option = find_option(spec, letters[i]);
    if (option == nullptr) return {.kind = Token::Kind::unknown_option};
    if (first == nullptr) first = option;
    if (takes_value(*option)) {
      const bool last = i + 1 == letters.size();
      return {Token::Kind::option, option, !last, last};
    }
  }
  return {Token::Kind::option, first, false, false};
}

}  // namespace

Token classify(std::string_view text, const CommandSpec& spec) {
  if (text.size() < 2 || text[0] != '-' || (text[1] >= '0' && text[1] <= '9')) return {};
  if (text == "--") return {.kind = Token::Kind::end_of_options};
  return text[1] == '-' ? classify_long(text.substr(2), spec) : classify_letters(text.substr(1), spec);
}

std::vector<std::size_t> leading_words(std::span<const std::string> line) {
  static const CommandSpec kOnlyGlobal{};
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < line.size() && found.size() < 3; ++i) {
    const Token token = classify(line[i], kOnlyGlobal);
    if (token.kind == Token::Kind::word) {
      found.push_back(i);
    } else if (token.kind != Token::Kind::option) {
      break;
    } else if (token.takes_next) {
      ++i;
    }
  }
  return found;
}

bool asks_for(std::string_view option, std::span<const std::string> line, const CommandSpec& spec) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    const Token token = classify(line[i], spec);
    if (token.kind == Token::Kind::end_of_options) return false;
    if (token.kind == Token::Kind::option && token.option->name == option) return true;
    if (token.takes_next) ++i;
  }
  return false;
}

}  // namespace crm::cmd
