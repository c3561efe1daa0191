#include "manual/completion.h"

#include <crm/error.h>
#include <crm/kind.h>
#include <crm/records.h>

#include <algorithm>
#include <utility>

#include "commands/registry.h"
#include "parse/token.h"

namespace crm::cmd {
namespace {

constexpr std::size_t kMostNames = 50;

class Completer {
 public:
  explicit Completer(Context& context) : context_(context) {}

  // `typed` is the part of the word to complete; `before` is put in front of each candidate.
  void words(const std::vector<std::string>& known, std::string_view typed, const std::string& before = {}) {
    for (const std::string& word : known) {
      if (word.starts_with(typed)) candidates_.push_back({before + word, {}});
    }
  }

  // What may stand behind the group's words, with what each is for; the first words for an empty group.
  void commands(const std::string& group, std::string_view typed) {
    for (const std::string& word : next_words(group)) {
      if (word.starts_with(typed)) candidates_.push_back({word, purpose(group, word)});
    }
  }

  void options(const CommandSpec& spec, std::string_view typed) {
    for (const auto* list : {&spec.options, &global_options()}) {
      for (const OptionSpec& option : *list) {
        if (("--" + option.name).starts_with(typed)) candidates_.push_back({"--" + option.name, option.help});
      }
    }
  }

  void value(const CommandSpec& spec, Completion completion, const std::vector<std::string>& choices,
             std::string_view typed, const std::string& before = {}) {
    switch (completion) {
      case Completion::nothing:
        return;
      case Completion::choices:
        return words(choices, typed, before);
      case Completion::file:
        candidates_.push_back({std::string(kFiles), {}});
        return;
      case Completion::kind:
        return words(kinds(), typed, before);
      case Completion::user:
        return names(Kind::user, typed, before);
      case Completion::team:
        return names(Kind::team, typed, before);
      case Completion::record:
        if (spec.kind == nullptr) return;
        if (const std::string prefix = std::string(spec.kind->name) + '/'; typed.starts_with(prefix))
          return names(spec.kind->kind, typed.substr(prefix.size()), before + prefix);
        return names(spec.kind->kind, typed, before);
      case Completion::subject:
        return subjects(typed, before);
      case Completion::stage:
        return stages(spec, typed, before);
      case Completion::field:
        return fields(spec, typed, before);
      case Completion::command:
        return words(next_words({}), typed, before);
    }
  }

  // "lead/42": first the kind, then its numbers.
  void subjects(std::string_view typed, const std::string& before) {
    for (const Kind kind : {Kind::lead, Kind::customer, Kind::contact}) {
      const std::string prefix = std::string(entity(kind).name) + '/';
      if (typed.starts_with(prefix)) {
        names(kind, typed.substr(prefix.size()), before + prefix);
      } else if (prefix.starts_with(typed)) {
        candidates_.push_back({before + prefix, {}});
      }
    }
  }

  // A condition: the field, then, behind '=', its value.
  void term(const CommandSpec& spec, std::string_view typed) {
    if (spec.kind == nullptr) return;
    const std::size_t equals = typed.find('=');
    const KindView& view = context_.session().view(spec.kind->kind);
    if (equals == std::string_view::npos) {
      for (const Field* field : view.fields()) {
        if (field->name.starts_with(typed))
          candidates_.push_back({std::string(field->name) + '=', std::string(field->help.en)});
      }
      return;
    }
    const Field* field = view.find(typed.substr(0, equals));
    if (field == nullptr) return;
    const std::string before(typed.substr(0, equals + 1));
    typed.remove_prefix(equals + 1);
    if (field->type == FieldType::stage) return stages(spec, typed, before);
    if (field->type == FieldType::reference) return names(field->target, typed, before);
    for (const Choice& choice : field->choices) {
      if (choice.name.starts_with(typed)) candidates_.push_back({before + std::string(choice.name), {}});
    }
  }

  std::vector<Candidate> take() { return std::move(candidates_); }

 private:
  static std::string purpose(const std::string& group, const std::string& word) {
    std::vector<std::string> line;
    for (std::size_t begin = 0; begin < group.size();) {
      const std::size_t end = std::min(group.find(' ', begin), group.size());
      line.push_back(group.substr(begin, end - begin));
      begin = end + 1;
    }
    line.push_back(word);
    const auto found = find_command(line);
    if (found && found->words_used == line.size()) return found->spec->summary;
    return group.empty() ? group_summary(word) : std::string();
  }

  static std::vector<std::string> kinds() {
    std::vector<std::string> names;
    for (const Entity& kind : entities()) names.emplace_back(kind.name);
    return names;
  }

  void names(Kind kind, std::string_view typed, const std::string& before) {
    for (const std::string& name : complete_names(context_.session(), kind, typed, kMostNames)) {
      // "42 王芳": the number is the word.
      const bool named = kind != Kind::user && kind != Kind::team;
      const std::size_t space = named ? name.find(' ') : std::string::npos;
      candidates_.push_back({before + name.substr(0, space),
                             space == std::string::npos ? std::string() : name.substr(space + 1)});
    }
  }

  void stages(const CommandSpec& spec, std::string_view typed, const std::string& before) {
    if (spec.kind != nullptr) words(context_.session().stages(spec.kind->kind), typed, before);
  }

  // A list of fields separated by commas: its last part is the one to complete.
  void fields(const CommandSpec& spec, std::string_view typed, const std::string& before) {
    if (spec.kind == nullptr) return;
    const std::size_t comma = typed.rfind(',');
    std::size_t begin = comma == std::string_view::npos ? 0 : comma + 1;
    if (begin < typed.size() && typed[begin] == '-') ++begin;
    words(context_.session().view(spec.kind->kind).names(), typed.substr(begin),
          before + std::string(typed.substr(0, begin)));
  }

  Context& context_;
  std::vector<Candidate> candidates_;
};

const ArgumentSpec* argument_at(const CommandSpec& spec, std::size_t place) {
  if (place < spec.arguments.size()) return &spec.arguments[place];
  const bool repeated = !spec.arguments.empty() && spec.arguments.back().repeated;
  return repeated ? &spec.arguments.back() : nullptr;
}

// `line`: what stands behind the command's words, before the word to complete.
void complete_within(Completer& completer, const CommandSpec& spec, const std::vector<std::string>& line,
                     std::string_view typed) {
  std::size_t place = 0;
  bool options_ended = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const Token token = options_ended ? Token() : classify(line[i], spec);
    if (token.kind == Token::Kind::word) ++place;
    options_ended = options_ended || token.kind == Token::Kind::end_of_options;
    if (!token.takes_next) continue;
    if (i + 1 == line.size())
      return completer.value(spec, token.option->completion, token.option->choices, typed);
    ++i;
  }
  if (!options_ended && typed.starts_with('-')) {
    const std::size_t equals = typed.find('=');
    if (equals == std::string_view::npos) return completer.options(spec, typed);
    const Token token = classify(typed, spec);
    if (token.option == nullptr) return;
    const std::string before(typed.substr(0, equals + 1));
    return completer.value(spec, token.option->completion, token.option->choices, typed.substr(equals + 1),
                           before);
  }
  const ArgumentSpec* argument = argument_at(spec, place);
  if (argument == nullptr) return;
  if (argument->name == "TERM") return completer.term(spec, typed);
  completer.value(spec, argument->completion, argument->choices, typed);
}

// Whether the next word is the value of an option that stands before any command.
bool is_value(const std::vector<std::string>& line) {
  static const CommandSpec kOnlyGlobal{};
  return !line.empty() && classify(line.back(), kOnlyGlobal).takes_next;
}

}  // namespace

std::vector<Candidate> complete(Context& context, const std::vector<std::string>& words) {
  Completer completer(context);
  const std::string typed = words.empty() ? std::string() : words.back();
  std::vector<std::string> line(words.begin(), words.empty() ? words.end() : words.end() - 1);
  const std::vector<std::size_t> at = leading_words(line);
  std::vector<std::string> leading;
  leading.reserve(at.size());
  for (const std::size_t i : at) leading.push_back(line[i]);
  try {
    if (const auto found = find_command(leading)) {
      for (std::size_t i = found->words_used; i > 0; --i)
        line.erase(line.begin() + static_cast<std::ptrdiff_t>(at[i - 1]));
      // "crm import" is a command, and there is "crm import list" too.
      if (leading.size() == found->words_used && is_group(leading[0]) && found->words_used == 1)
        completer.commands(leading[0], typed);
      complete_within(completer, *found->spec, line, typed);
    } else if (leading.size() == 2 && is_group(leading[0])) {
      completer.commands(leading[0] + ' ' + leading[1], typed);
    } else if (typed.starts_with('-') || leading.size() > 1 || is_value(line) ||
               (leading.size() == 1 && !is_group(leading[0]))) {
      if (leading.empty()) complete_within(completer, CommandSpec{}, line, typed);
    } else {
      completer.commands(leading.empty() ? std::string() : leading[0], typed);
    }
  } catch (const Error&) {
    // No database, no names; a shell is not to show a fault in the middle of a line.
    return completer.take();
  }
  return completer.take();
}

}  // namespace crm::cmd
