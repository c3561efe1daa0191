#include "parse/parse.h"

#include <crm/error.h>
#include <crm/text.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "parse/line_parts.h"
#include "parse/token.h"

namespace crm::cmd {
namespace {

Error usage_error(std::string message, std::string hint = {}) {
  return {ErrorCode::usage, std::move(message), std::move(hint)};
}

std::string help_hint(const CommandSpec& spec) {
  return "see 'crm " + spec.path() + (spec.words.empty() ? "" : " ") + "--help'";
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& known,
                         std::string otherwise) {
  const auto near = nearest(name, known);
  return near ? "did you mean '" + *near + "'?" : std::move(otherwise);
}

// CLI11 takes "--name=" and the next word as its value, and has its own texts for a missing value and for a
// flag with one.
std::vector<std::string> prepared(std::vector<std::string> line, const CommandSpec& spec) {
  std::vector<std::string> words;
  words.reserve(line.size() + 1);
  for (std::size_t i = 0; i < line.size(); ++i) {
    const Token token = classify(line[i], spec);
    if (token.kind == Token::Kind::end_of_options) {
      std::move(line.begin() + static_cast<std::ptrdiff_t>(i), line.end(), std::back_inserter(words));
      break;
    }
    if (token.kind == Token::Kind::option) {
      const std::string name = "--" + token.option->name;
      if (token.has_value && token.option->type == ValueType::none) {
        throw usage_error("option '" + name + "' takes no value");
      }
      if (token.takes_next && i + 1 == line.size()) {
        throw usage_error("option '" + name + "' needs a value " + token.option->value, help_hint(spec));
      }
      if (token.has_value && line[i].size() == name.size() + 1 && line[i].back() == '=') {
        words.push_back(name);
        words.emplace_back();
        continue;
      }
    }
    words.push_back(std::move(line[i]));
    if (token.takes_next) words.push_back(std::move(line[++i]));
  }
  return words;
}

// The options that may stand in the line, by name or letter: making one takes longer than reading a line.
std::vector<const OptionSpec*> options_in(const std::vector<std::string>& line, const CommandSpec& spec) {
  std::vector<const OptionSpec*> found;
  const auto add = [&](const OptionSpec* option) {
    if (option != nullptr && std::find(found.begin(), found.end(), option) == found.end())
      found.push_back(option);
  };
  for (const std::string_view word : line) {
    if (word.starts_with("--")) {
      add(find_option(spec, word.substr(2, word.find('=') - 2)));
    } else if (word.starts_with('-')) {
      for (const char letter : word.substr(1)) add(find_option(spec, letter));
    }
  }
  return found;
}

std::vector<std::string> option_names(const CommandSpec& spec) {
  std::vector<std::string> names;
  for (const OptionSpec& option : spec.options) names.push_back("--" + option.name);
  for (const OptionSpec& option : global_options()) names.push_back("--" + option.name);
  return names;
}

// CLI11's part: one for a spec, whose options it learns as lines have them.
class LineReader {
 public:
  explicit LineReader(std::shared_ptr<const CommandSpec> spec) : spec_(std::move(spec)) {
    app_.set_help_flag();
    app_.allow_extras();
  }

  const std::shared_ptr<const CommandSpec>& spec() const { return spec_; }

  LineParts read(std::vector<std::string> line) {
    for (const OptionSpec* option : options_in(line, *spec_)) declare(*option);
    try {
      std::reverse(line.begin(), line.end());
      app_.parse(std::move(line));
    } catch (const CLI::Error&) {
      throw usage_error("the command line cannot be read", help_hint(*spec_));
    }
    LineParts parts;
    for (const auto& [option, found] : options_) {
      if (found->count() > 0) parts.options[option->name] = found->results();
    }
    bool only_words = false;
    for (std::string& word : app_.remaining()) {
      const bool option = !only_words && classify(word, *spec_).kind != Token::Kind::word;
      if (option && word == "--") {
        only_words = true;
      } else {
        (option ? parts.unknown : parts.words).push_back(std::move(word));
      }
    }
    return parts;
  }

 private:
  void declare(const OptionSpec& option) {
    CLI::Option*& declared = options_[&option];
    if (declared != nullptr) return;
    std::string name = "--" + option.name;
    if (option.letter != 0) name = std::string("-") + option.letter + ',' + name;
    if (option.type == ValueType::none) {
      declared = app_.add_flag(name);
    } else {
      declared = app_.add_option(name)->expected(1)->allow_extra_args(false);
    }
    declared->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }

  std::shared_ptr<const CommandSpec> spec_;
  CLI::App app_;
  std::map<const OptionSpec*, CLI::Option*> options_;
};

LineParts parts_of(const std::shared_ptr<const CommandSpec>& spec, const std::vector<std::string>& line) {
  std::optional<LineParts> plain = read_plain_line(*spec, line);
  return plain ? std::move(*plain) : read_any_line(spec, line);
}

void check_value(const OptionSpec& option, const std::string& value) {
  const std::string name = "'--" + option.name + "'";
  switch (option.type) {
    case ValueType::none:
    case ValueType::text:
      return;
    case ValueType::integer:
    case ValueType::count: {
      const auto number = parse_integer(value);
      if (!number) throw usage_error(name + " takes a whole number, not " + crm::quoted(value));
      if (option.type == ValueType::count && *number < 0) {
        throw usage_error(name + " takes no negative number: " + crm::quoted(value));
      }
      return;
    }
    case ValueType::choice:
      if (std::find(option.choices.begin(), option.choices.end(), value) == option.choices.end()) {
        throw usage_error(name + " does not take " + crm::quoted(value),
                          did_you_mean(value, option.choices, "it takes " + listed(option.choices)));
      }
  }
}

void check_values(const CommandSpec& spec, const Arguments::Values& options) {
  for (const auto& [name, values] : options) {
    const OptionSpec* option = find_option(spec, name);
    for (const std::string& value : values) check_value(*option, value);
  }
}

Arguments::Values arguments_by_name(const CommandSpec& spec, std::vector<std::string> words) {
  Arguments::Values arguments;
  std::size_t next = 0;
  for (const ArgumentSpec& argument : spec.arguments) {
    const std::size_t count =
        argument.repeated ? words.size() - next : std::min<std::size_t>(1, words.size() - next);
    if (count == 0) {
      if (argument.required)
        throw usage_error("argument " + argument.name + " is missing", "usage: " + spec.synopsis());
      continue;
    }
    std::vector<std::string>& values = arguments[argument.name];
    for (; values.size() < count; ++next) {
      if (!argument.choices.empty() && std::find(argument.choices.begin(), argument.choices.end(),
                                                 words[next]) == argument.choices.end()) {
        throw usage_error("unknown " + argument.name + ' ' + crm::quoted(words[next]),
                          did_you_mean(words[next], argument.choices, "one of " + listed(argument.choices)));
      }
      values.push_back(std::move(words[next]));
    }
  }
  if (next < words.size()) {
    throw usage_error("unexpected argument " + crm::quoted(words[next]), "usage: " + spec.synopsis());
  }
  return arguments;
}

}  // namespace

// The lines of a batch are often of one command: what read the last one is kept.
LineParts read_any_line(const std::shared_ptr<const CommandSpec>& spec, std::vector<std::string> line) {
  static std::unique_ptr<LineReader> reader;
  if (!reader || reader->spec() != spec) reader = std::make_unique<LineReader>(spec);
  return reader->read(prepared(std::move(line), *spec));
}

Arguments parse(std::shared_ptr<const CommandSpec> spec, const std::vector<std::string>& line,
                const MoreOptions& more_options) {
  LineParts parts = parts_of(spec, line);
  if (!parts.unknown.empty() && spec->field_options && more_options) {
    check_values(*spec, parts.options);
    std::vector<OptionSpec> more = more_options(Arguments(spec, parts.options, {}));
    const auto extended = std::make_shared<CommandSpec>(*spec);
    std::move(more.begin(), more.end(), std::back_inserter(extended->options));
    spec = extended;
    parts = parts_of(spec, line);
  }
  if (!parts.unknown.empty()) throw unknown_option(parts.unknown.front(), *spec);
  check_values(*spec, parts.options);
  Arguments::Values arguments = arguments_by_name(*spec, std::move(parts.words));
  return {std::move(spec), std::move(parts.options), std::move(arguments)};
}

Error unknown_option(std::string_view word, const CommandSpec& spec) {
  const std::string_view name = word.substr(0, word.find('='));
  return usage_error("unknown option " + crm::quoted(name),
                     did_you_mean(name, option_names(spec), help_hint(spec)));
}

void check_utf8(const std::vector<std::string>& line) {
  for (const std::string& word : line) {
    if (!is_valid_utf8(word)) {
      throw usage_error("argument " + crm::quoted(word) + " is not valid UTF-8",
                        "is the terminal set to UTF-8?");
    }
  }
}

}  // namespace crm::cmd
