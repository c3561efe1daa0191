#include <crm/error.h>
#include <crm/text.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "app/context.h"
#include "app/report_error.h"
#include "app/run.h"
#include "commands/commands.h"
#include "commands/input_lines.h"
#include "commands/json_line.h"
#include "parse/arguments.h"
#include "parse/token.h"

namespace crm::cmd {
namespace {

class InputFile {
 public:
  explicit InputFile(const std::string& path) {
    if (path.empty() || path == "-") return;
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) {
      const ErrorCode code = errno == ENOENT ? ErrorCode::not_found : ErrorCode::io;
      throw Error(code, "cannot read " + crm::quoted(path) + ": " + std::strerror(errno));
    }
  }
  ~InputFile() {
    if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
  }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  int descriptor() const { return descriptor_; }

 private:
  int descriptor_ = STDIN_FILENO;
};

// The whole batch has one database, user, time and standard input.
void check_operation(const std::vector<std::string>& line, const std::string& place) {
  static const CommandSpec kOnlyGlobal{};
  for (const char* option : {"db", "as", "now", "timeout", "dry-run"}) {
    if (asks_for(option, line, kOnlyGlobal)) {
      throw Error(ErrorCode::usage, place + ": '--" + std::string(option) + "' cannot stand in an operation",
                  "give it to 'crm batch'");
    }
  }
  for (const std::string& word : line) {
    if (word == "-") throw Error(ErrorCode::usage, place + ": an operation cannot read the standard input");
    if (word == "batch" || word == "init" || word == "migrate") {
      if (&word == &line.front())
        throw Error(ErrorCode::usage, place + ": '" + word + "' cannot stand in a batch");
    }
  }
}

// What the command printed, as a JSON value.
std::string result_value(std::string printed) {
  while (!printed.empty() && printed.back() == '\n') printed.pop_back();
  if (!printed.empty() && (printed.front() == '{' || printed.front() == '[')) {
    for (char& c : printed) {
      if (c == '\n') c = ' ';
    }
    return printed;
  }
  std::string text;
  append_json_string(text, printed);
  return text;
}

struct Outcome {
  int exit = 0;
  std::string members;  // of the result line, behind "exit"
};

Outcome run_operation(Context& context, const std::string& line, const std::string& place) {
  Outcome outcome;
  Stream out;
  Stream messages;
  try {
    std::vector<std::string> words = command_of_json(line, place);
    check_operation(words, place);
    words.insert(words.begin(), {"-o", "json"});
    outcome.exit = run_line(std::move(words), context.environment(), out, messages, &context.session());
    const std::string printed = out.take();
    if (!printed.empty()) outcome.members += ",\"result\":" + result_value(printed);
  } catch (const Error& error) {
    outcome.exit = static_cast<int>(error.code());
    outcome.members += ",\"error\":" + error_object(error);
  }
  std::string said = messages.take();
  while (!said.empty() && said.back() == '\n') said.pop_back();
  if (!said.empty()) {
    outcome.members += ",\"messages\":";
    append_json_string(outcome.members, said);
  }
  return outcome;
}

int run_batch(Context& context, const Arguments& arguments) {
  const std::string path = arguments.argument("FILE");
  const InputFile file(path);
  InputLines lines(file.descriptor(), path.empty() || path == "-" ? "the standard input" : path);
  context.session();  // where it cannot be opened, that is one fault, not one for each line
  bool failed = false;
  std::string line;
  while (lines.next(line)) {
    if (line.empty()) continue;
    const std::string number = std::to_string(lines.line_number());
    const Outcome outcome = run_operation(context, line, lines.name() + ":" + number);
    failed = failed || outcome.exit != 0;
    context.out().write("{\"line\":" + number + ",\"exit\":" + std::to_string(outcome.exit) +
                        outcome.members + "}\n");
    // Whoever drives a batch through pipes waits for the answer; and what was done is said at once.
    context.out().flush();
  }
  return failed ? static_cast<int>(ErrorCode::partly_done) : 0;
}

}  // namespace

CommandSpec batch_command() {
  CommandSpec spec;
  spec.words = {"batch"};
  spec.summary = "run many operations in one process";
  spec.details =
      "Each line of the input is {\"cmd\": [\"lead\", \"add\", \"--name\", \"…\"]}: the words of a command. "
      "Each is a transaction of its own and "
      "gets one line of the result, in order: {\"line\":1,\"exit\":0,\"result\":…} or "
      "{\"line\":2,\"exit\":4,\"error\":…}. Exit code 7 where one "
      "failed.";
  spec.examples = {{"crm batch operations.jsonl", "from a file"},
                   {"generate | crm batch", "from a pipe, answered line by line"}};
  spec.arguments = {{.name = "FILE",
                     .help = "JSON lines; none or '-' is the standard input",
                     .required = false,
                     .completion = Completion::file}};
  spec.needs = Needs::writing;
  spec.run = run_batch;
  return spec;
}

}  // namespace crm::cmd
