#include "app/command_line.h"

#include <algorithm>

#include "parse/token.h"

namespace crm::cmd {
namespace {

constexpr std::string_view kHidden = "***";

std::string in_shell_quotes(std::string_view word) {
  const auto safe = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80) != 0 ||
           std::string_view("-_=+./,:@%").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), safe)) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + '\'';
}

bool is_sensitive(const CommandSpec& spec, std::string_view field) {
  return std::any_of(spec.options.begin(), spec.options.end(),
                     [&](const OptionSpec& option) { return option.sensitive && option.field == field; });
}

// NAME=VALUE, NAME>=VALUE, NAME~VALUE …: terms and values of --field.
std::string without_secret(const CommandSpec& spec, std::string_view word) {
  const std::size_t end = word.find_first_of("=!<>~");
  if (end == std::string_view::npos || !is_sensitive(spec, word.substr(0, end))) return std::string(word);
  return std::string(word.substr(0, end + 1)) + std::string(kHidden);
}

// "https://h.example.com/***"
std::string without_path(std::string_view address) {
  const std::size_t scheme = address.find("://");
  if (scheme == std::string_view::npos) return std::string(address);
  const std::size_t path = address.find_first_of("/?#", scheme + 3);
  if (path == std::string_view::npos) return std::string(address);
  return std::string(address.substr(0, path)) + '/' + std::string(kHidden);
}

// An option's value, with the option's name before it or alone; or a word.
std::string kept(const CommandSpec& spec, const OptionSpec* option, std::string_view word) {
  return option != nullptr && option->secret_path ? without_path(word) : without_secret(spec, word);
}

}  // namespace

std::string logged_line(const CommandSpec& spec, std::span<const std::string> line) {
  std::string logged = "crm " + spec.path();
  for (std::size_t i = 0; i < line.size(); ++i) {
    const Token token = classify(line[i], spec);
    if (token.kind == Token::Kind::end_of_options) {
      logged += " --";
      for (++i; i < line.size(); ++i) logged += ' ' + in_shell_quotes(without_secret(spec, line[i]));
      break;
    }
    const bool secret = token.option != nullptr && token.option->sensitive;
    if (secret) {
      logged += " --" + token.option->name + '=' + std::string(kHidden);
    } else {
      logged += ' ' + in_shell_quotes(kept(spec, token.option, line[i]));
    }
    if (!token.takes_next || i + 1 == line.size()) continue;
    ++i;
    if (!secret) logged += ' ' + in_shell_quotes(kept(spec, token.option, line[i]));
  }
  return logged;
}

}  // namespace crm::cmd
