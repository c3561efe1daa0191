#include "app/run.h"

#include <crm/error.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <exception>
#include <new>
#include <utility>

#include "app/command_line.h"
#include "app/context.h"
#include "app/report_error.h"
#include "app/settings.h"
#include "commands/field_options.h"
#include "commands/registry.h"
#include "manual/help.h"
#include "parse/parse.h"
#include "parse/token.h"

namespace crm::cmd {
namespace {

// A file that the program opens must never become one of the standard streams: where one is closed, something
// that refuses its use takes the place.
void occupy_standard_descriptors() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) == -1)
      ::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

void set_up_signals() {
  // A parent may have had it ignored (Python does); we are to end by it.
  std::signal(SIGPIPE, SIG_DFL);
  // A file at its size limit is an error like a full disk, not a death.
  std::signal(SIGXFSZ, SIG_IGN);
}

bool wants_json_errors(const std::vector<std::string>& line) {
  bool json = false;
  for (std::size_t i = 0; i < line.size() && line[i] != "--"; ++i) {
    std::string_view value;
    if (line[i] == "-o" || line[i] == "--output") {
      if (i + 1 < line.size()) value = line[i + 1];
    } else if (line[i].starts_with("--output=")) {
      value = std::string_view(line[i]).substr(9);
    } else if (line[i].starts_with("-o")) {
      value = std::string_view(line[i]).substr(2);
    }
    if (!value.empty()) json = value == "json" || value == "jsonl";
  }
  return json;
}

// The line without its first `count` leading words.
std::vector<std::string> without_words(std::vector<std::string> line, const std::vector<std::size_t>& at,
                                       std::size_t count) {
  for (std::size_t i = count; i > 0; --i) line.erase(line.begin() + static_cast<std::ptrdiff_t>(at[i - 1]));
  return line;
}

// The line without what only its output depends on: given again with another format, it does the same.
std::vector<std::string> without_output(const std::vector<std::string>& line, const CommandSpec& spec) {
  constexpr std::array<std::string_view, 5> kOfOutput{"output", "fields", "no-color", "quiet", "verbose"};
  std::vector<std::string> kept;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const Token token = classify(line[i], spec);
    if (token.kind == Token::Kind::end_of_options) {
      kept.insert(kept.end(), line.begin() + static_cast<std::ptrdiff_t>(i), line.end());
      break;
    }
    const bool is_output =
        token.kind == Token::Kind::option &&
        std::find(kOfOutput.begin(), kOfOutput.end(), token.option->name) != kOfOutput.end();
    const bool is_cluster =
        !line[i].starts_with("--") && line[i].size() > 2 && !token.has_value && !token.takes_next;
    const std::size_t end = std::min(line.size(), i + (token.takes_next ? 2 : 1));
    if (!is_output || is_cluster)
      kept.insert(kept.end(), line.begin() + static_cast<std::ptrdiff_t>(i),
                  line.begin() + static_cast<std::ptrdiff_t>(end));
    i = end - 1;
  }
  return kept;
}

// What was asked for without a command: the version, the whole help, or a list of the verbs of a group.
int run_without_command(const std::vector<std::string>& line, const std::vector<std::string>& words,
                        Stream& out) {
  static const CommandSpec kOnlyGlobal{};
  if (words.empty()) {
    if (asks_for("version", line, kOnlyGlobal)) {
      out.write("crm " CRM_VERSION "\n");
      return 0;
    }
    for (const std::string& word : line) {
      if (classify(word, kOnlyGlobal).kind == Token::Kind::unknown_option)
        throw unknown_option(word, kOnlyGlobal);
    }
    out.write(overall_help());
    return 0;
  }
  if (words.size() == 1 && is_group(words[0]) && asks_for("help", line, kOnlyGlobal)) {
    out.write(group_help(words[0]));
    return 0;
  }
  throw unknown_command(words);
}

// `whole`: the line with the command's own words.
int run_command(const std::shared_ptr<const CommandSpec>& spec, std::vector<std::string> line,
                const std::vector<std::string>& whole, const Environment& environment, Stream& out,
                Stream& messages, Session* shared, const Settings* settings) {
  const auto resolved = [&](const Arguments& known) {
    return settings != nullptr ? resolve_settings(known, *settings) : resolve_settings(known, environment);
  };
  if (asks_for("help", line, *spec)) {
    out.write(command_help(*spec));
    return 0;
  }
  const MoreOptions custom_fields = [&](const Arguments& known) {
    Context reading(environment, resolved(known), Needs::reading, {}, out, messages, shared);
    return custom_field_options(reading, known.spec());
  };
  const Arguments arguments = parse(spec, line, custom_fields);
  Context context(
      environment, resolved(arguments), arguments.spec().needs,
      [&] { return logged_line(arguments.spec(), line); }, out, messages, shared);
  context.keep_words(without_output(whole, arguments.spec()));
  try {
    const int code = arguments.spec().run(context, arguments);
    out.flush();
    for (const std::string& told : context.aftermath(true)) context.say(told);
    context.say_notices();
    context.leave_open();
    return code;
  } catch (const Error& error) {
    std::vector<std::string> told = context.aftermath(false);
    if (out.is_broken() && context.has_kept())
      told.emplace_back("what was done by then is kept all the same: see 'crm log'");
    if (told.empty()) throw;
    throw with_aftermath(error, told);
  }
}

int run_reporting(const std::vector<std::string>& line, const Environment& environment, Stream& out,
                  Stream& messages) {
  try {
    const int code = run_line(line, environment, out, messages);
    out.flush();
    return code;
  } catch (const Error& error) {
    report_error(messages, error, wants_json_errors(line));
    return static_cast<int>(error.code());
  } catch (const std::bad_alloc&) {
    report_error(messages, Error(ErrorCode::failed, "out of memory"), wants_json_errors(line));
  } catch (const std::exception& error) {
    report_error(
        messages,
        Error(ErrorCode::failed, std::string("unexpected fault: ") + error.what(), "please report this"),
        wants_json_errors(line));
  }
  return static_cast<int>(ErrorCode::failed);
}

}  // namespace

int run_line(std::vector<std::string> line, const Environment& environment, Stream& out, Stream& messages,
             Session* shared, const Settings* settings) {
  check_utf8(line);
  const std::vector<std::size_t> at = leading_words(line);
  std::vector<std::string> words;
  words.reserve(at.size());
  for (const std::size_t i : at) words.push_back(line[i]);
  std::optional<FoundCommand> found = find_command(words);
  if (!found) return run_without_command(line, words, out);
  std::vector<std::string> rest = without_words(line, at, found->words_used);
  return run_command(found->spec, std::move(rest), line, environment, out, messages, shared, settings);
}

int run(int argc, const char* const* argv) {
  occupy_standard_descriptors();
  set_up_signals();
  Stream out(STDOUT_FILENO, "the standard output");
  Stream messages(STDERR_FILENO, "the standard error");
  const std::vector<std::string> line(argv + (argc > 0 ? 1 : 0), argv + argc);
  const int code = run_reporting(line, Environment::of_process(), out, messages);
  try {
    // What was printed before a failure is shown too. A fault here adds nothing: the code says it already,
    // and there is nowhere to say that messages cannot be printed.
    out.flush();
    messages.flush();
  } catch (const Error&) {
    return code;
  }
  return code;
}

}  // namespace crm::cmd
