#include <crm/approvals.h>
#include <crm/error.h>
#include <crm/text.h>
#include <crm/write_group.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "app/command_line.h"
#include "app/context.h"
#include "app/report_error.h"
#include "app/run.h"
#include "app/settings.h"
#include "commands/add_checked.h"
#include "commands/batch_operation.h"
#include "commands/batch_outcome.h"
#include "commands/commands.h"
#include "commands/input_file.h"
#include "commands/input_lines.h"
#include "commands/registry.h"
#include "output/writer.h"
#include "parse/arguments.h"
#include "parse/token.h"

namespace crm::cmd {
namespace {

[[noreturn]] void refuse_word(const std::string& place, const std::string& word, const std::string& where,
                              const std::string& hint = {}) {
  throw Error(ErrorCode::usage, place + ": '" + word + "' cannot stand in " + where, hint);
}

// The whole batch has one database, user, time and standard input.
void check_operation(const std::vector<std::string>& line, const std::string& place) {
  static const CommandSpec kOnlyGlobal{};
  constexpr std::array<std::string_view, 5> kOfTheBatch{"db", "as", "now", "timeout", "dry-run"};
  for (std::size_t i = 0; i < line.size(); ++i) {
    const Token token = classify(line[i], kOnlyGlobal);
    if (token.kind == Token::Kind::end_of_options) break;
    if (token.kind == Token::Kind::option &&
        std::find(kOfTheBatch.begin(), kOfTheBatch.end(), token.option->name) != kOfTheBatch.end()) {
      refuse_word(place, "--" + token.option->name, "an operation", "give it to 'crm batch'");
    }
    if (token.takes_next) ++i;
  }
  for (const std::string& word : line) {
    if (word == "-") throw Error(ErrorCode::usage, place + ": an operation cannot read the standard input");
  }
  for (const std::string_view word : {"batch", "init", "migrate"}) {
    if (!line.empty() && line.front() == word) refuse_word(place, line.front(), "a batch");
  }
}

// A verb of a kind writes by the session alone; others have transactions, files or a connection of their own.
bool is_verb_of_kind(const BatchOperation& operation) {
  return operation.command.empty() || find_entity(operation.command.front()) != nullptr;
}

WriteResult write_operation(Session& session, const BatchOperation& operation) {
  const Kind kind = operation.kind->kind;
  if (operation.op == "add")
    return add_checked(session, kind, operation.fields, {}, operation.allow_duplicate);
  if (operation.op == "delete") return remove(session, resolve_itself(session, kind, operation.record));
  const RecordId record = resolve(session, kind, operation.record, operation.op == "restore");
  if (operation.op == "edit") return edit(session, record, operation.fields);
  if (operation.op == "restore") return restore(session, record);
  return operation.op == "tag" ? tag(session, record, operation.tags)
                               : untag(session, record, operation.tags);
}

// How the lines become transactions.
enum class Transactions {
  of_groups,    // a change each, several in a transaction
  of_each,      // one for each
  of_the_whole  // all are one change
};

Transactions transactions_of(const Arguments& arguments) {
  if (!arguments.has("atomic"))
    return arguments.has("each") ? Transactions::of_each : Transactions::of_groups;
  if (arguments.has("each")) throw Error(ErrorCode::usage, "'--atomic' and '--each' exclude each other");
  return Transactions::of_the_whole;
}

class Batch {
 public:
  Batch(Context& context, Transactions transactions)
      : context_(context),
        settings_(settings_of_lines(context)),
        atomic_(transactions == Transactions::of_the_whole),
        each_(transactions == Transactions::of_each) {
    if (atomic_) whole_.emplace(context.session());
  }

  // False where nothing more is to be run.
  bool take(const std::string& line, const std::string& number, const std::string& place) {
    return answer(number, outcome_of(line, place));
  }

  // A line that could not be read.
  bool refuse(const std::string& number, const Error& error) { return answer(number, failure(error)); }

  // References count lines, also those that say nothing.
  void pass_blank() { results_.add({}); }
  // Lines that an atomic batch does not come to.
  void pass_over(const std::string& number) { waiting_.push_back({number, {}}); }

  bool is_full() const {
    if (atomic_) return false;
    return waiting_.size() >= kMostWaiting ||
           ((group_ || series_) && std::chrono::steady_clock::now() - group_began_ >= kLongestGroup);
  }

  // Makes what was done last, then says it; what is all or nothing waits for the end.
  void settle() {
    if (atomic_) return;
    keep_group();
    print();
  }

  int finish() {
    settle();
    if (!atomic_) return code_;
    if (code_ == 0) {
      whole_->commit();
    } else {
      const Error not_kept(ErrorCode::failed, "not done: another operation of the batch failed",
                           "the batch is all or nothing");
      for (auto& [number, outcome] : waiting_) {
        if (outcome.exit == 0) outcome = failure(not_kept);
      }
    }
    whole_.reset();
    print();
    return code_;
  }

 private:
  static constexpr std::size_t kMostWaiting = 500;
  // Others wait for as long as a group holds the database, and need a moment between two to take it.
  static constexpr std::chrono::milliseconds kLongestGroup{25};
  static constexpr std::chrono::microseconds kMoment{500};

  // A line may open the database by itself: the same, as the same user, at the same time.
  static Settings settings_of_lines(const Context& context) {
    Settings settings = resolve_settings(context.environment());
    const Settings& whole = context.settings();
    settings.database = whole.database;
    settings.user = whole.user;
    settings.acts_as = whole.acts_as;
    settings.now = whole.now;
    settings.timeout = whole.timeout;
    return settings;
  }

  BatchOutcome outcome_of(const std::string& line, const std::string& place) {
    try {
      const BatchOperation operation = read_operation(line, place, results_);
      if (!operation.command.empty()) check_operation(operation.command, place);
      prepare_for(operation, place);
      return foretells() && whole_ ? run_foretold(operation) : run(operation);
    } catch (const Error& error) {
      return failure(error);
    }
  }

  // A dry run of lines that stand by themselves: each goes on from what those before it did, and all of it is
  // undone in the end.
  bool foretells() const { return !atomic_ && context_.session().dry_run(); }

  BatchOutcome run(const BatchOperation& operation) {
    return operation.command.empty() ? run_operation(operation) : run_command(operation.command);
  }

  BatchOutcome run_foretold(const BatchOperation& operation) {
    Step step(context_.session());
    BatchOutcome outcome = run(operation);
    if (outcome.exit != 0) return outcome;
    whole_->settle();
    step.keep();
    return outcome;
  }

  // False where nothing more is to be run.
  bool answer(const std::string& number, BatchOutcome outcome) {
    if (outcome.exit != 0 && code_ == 0)
      code_ = atomic_ ? outcome.exit : static_cast<int>(ErrorCode::partly_done);
    results_.add(outcome.result);
    const bool broken = outcome.exit == static_cast<int>(ErrorCode::io);
    waiting_.push_back({number, std::move(outcome)});
    // The first line has waited for the database: the group has it from here.
    if (waiting_.size() == 1) group_began_ = std::chrono::steady_clock::now();
    if (broken) settle();  // the engine may have undone the whole group: then nobody is told otherwise
    return !atomic_ || code_ == 0;
  }

  void keep_group() {
    gives_way_ = is_full();
    try {
      if (group_) group_->commit();
      if (series_) series_->sync();
    } catch (const Error& error) {
      constexpr int kPartly = static_cast<int>(ErrorCode::partly_done);
      for (auto& [number, outcome] : waiting_) {
        // In a series one that failed did so by itself.
        if (group_ || outcome.exit == 0 || outcome.exit == kPartly) outcome = failure(error);
      }
      group_.reset();
      series_.reset();
      print();
      throw;
    }
    group_.reset();
    series_.reset();
    free_since_ = std::chrono::steady_clock::now();
  }

  void begin_group() {
    if (gives_way_) std::this_thread::sleep_until(free_since_ + kMoment);
    gives_way_ = false;
    if (each_) {
      series_.emplace(context_.session());
    } else {
      group_.emplace(context_.session());
    }
  }

  void prepare_for(const BatchOperation& operation, const std::string& place) {
    if (is_verb_of_kind(operation)) {
      if (foretells()) {
        if (!whole_) whole_.emplace(context_.session());
      } else if (!atomic_ && !group_ && !series_) {
        begin_group();
      }
    } else if (atomic_) {
      throw Error(ErrorCode::usage,
                  place + ": '" + operation.command.front() + "' cannot stand in an atomic batch",
                  "verbs of records can");
    } else {
      settle();
      if (foretells()) whole_.reset();
    }
  }

  // What is all or nothing asks for no approval.
  BatchOutcome refusal(const Error& error) const {
    if (!atomic_ || error.code() != ErrorCode::waiting) return failure(error);
    Error refused(ErrorCode::not_permitted, error.message(), error.hint());
    refused.about_record(error.record());
    return failure(refused);
  }

  BatchOutcome run_command(std::vector<std::string> words) {
    BatchOutcome outcome;
    Stream out;
    Stream messages;
    words.insert(words.begin(), {"-o", "json"});
    try {
      outcome.exit =
          run_line(std::move(words), context_.environment(), out, messages, &context_.session(), &settings_);
    } catch (const Error& error) {
      outcome = refusal(error);
    }
    const std::string printed = out.take();
    if (!printed.empty()) outcome.result = result_value(printed);
    std::string said = messages.take();
    while (!said.empty() && said.back() == '\n') said.pop_back();
    if (!said.empty()) append_json_string(outcome.messages, said);
    return outcome;
  }

  // What it leaves to be asked for is asked for as the command that does the same.
  BatchOutcome run_operation(const BatchOperation& operation) {
    Session& session = context_.session();
    const std::vector<std::string> words = words_of(operation);
    session.note_words(words);
    try {
      return write_and_show(session, operation);
    } catch (const Error& error) {
      const std::optional<FoundCommand> found = find_command(words);
      if (!found) throw;
      const auto line = std::span(words).subspan(found->words_used);
      const std::vector<std::string> told =
          write_aftermath_of(session, words, logged_line(*found->spec, line), false);
      return refusal(told.empty() ? error : with_aftermath(error, told));
    }
  }

  static BatchOutcome write_and_show(Session& session, const BatchOperation& operation) {
    BatchOutcome outcome;
    Stream out;
    Write write(session);
    const WriteResult written = write_operation(session, operation);
    // Before the end: a dry run is undone by then.
    show(session, {&written.record, 1}, {},
         *make_writer(out, {.format = Format::json, .shape = Shape::object}));
    write.commit();
    outcome.result = result_value(out.take());
    std::string said;
    for (const std::string& notice : session.take_notices()) said += (said.empty() ? "" : "\n") + notice;
    if (!said.empty()) append_json_string(outcome.messages, said);
    return outcome;
  }

  void print() {
    for (const auto& [number, outcome] : waiting_) {
      if (outcome.exit == 0 && context_.settings().quiet) continue;
      context_.out().write(as_line(number, outcome));
    }
    waiting_.clear();
    // Whoever drives a batch through pipes waits for the answer; and what was done is said at once.
    context_.out().flush();
  }

  Context& context_;
  Settings settings_;  // of each line, but for its options
  bool atomic_;
  bool each_;
  std::optional<Write> whole_;
  std::optional<WriteGroup> group_;
  std::optional<WriteSeries> series_;
  std::chrono::steady_clock::time_point group_began_;
  bool gives_way_ = false;  // the group before was ended to let others write
  // Since when they can: to print what was done takes a part of their moment.
  std::chrono::steady_clock::time_point free_since_;
  BatchResults results_;
  std::vector<std::pair<std::string, BatchOutcome>> waiting_;
  int code_ = 0;
};

// Each line is answered by one of JSON, as its own options say.
void check_output(const Arguments& arguments) {
  const std::string format = arguments.text("output").value_or("jsonl");
  if (format != "jsonl" && format != "json")
    throw Error(ErrorCode::usage, "a batch answers in JSON lines, not in " + format, "leave out '-o'");
  if (arguments.has("fields"))
    throw Error(ErrorCode::usage, "'--fields' is of one operation, not of a batch",
                R"(give it in the line: {"cmd": ["lead", "list", "--fields", "id,name"]})");
}

int run_batch(Context& context, const Arguments& arguments) {
  check_output(arguments);
  const std::string path = arguments.argument("FILE");
  const InputFile file(path);
  InputLines lines(file.descriptor(), path.empty() || path == "-" ? "the standard input" : path);
  context.session();  // where it cannot be opened, that is one fault, not one for each line
  Batch batch(context, transactions_of(arguments));
  bool goes_on = true;
  std::string line;
  for (;;) {
    if (batch.is_full() || !lines.is_ready()) batch.settle();
    std::optional<Error> unreadable;
    try {
      if (!lines.next(line)) break;
    } catch (const Error& error) {
      if (error.code() == ErrorCode::io) throw;
      unreadable = error;
    }
    if (!unreadable && line.empty()) {
      batch.pass_blank();
      continue;
    }
    const std::string number = std::to_string(lines.line_number());
    if (!goes_on) {
      batch.pass_over(number);
    } else if (unreadable) {
      goes_on = batch.refuse(number, *unreadable);
    } else {
      goes_on = batch.take(line, number, lines.name() + ":" + number);
    }
  }
  return batch.finish();
}

}  // namespace

CommandSpec batch_command() {
  CommandSpec spec;
  spec.words = {"batch"};
  spec.summary = "run many operations in one process";
  spec.details =
      "Each line of the input is {\"cmd\": [\"lead\", \"add\", \"--name\", \"…\"]}, the words of a command, "
      "or {\"op\": \"add\", \"kind\": \"lead\", "
      "\"fields\": {…}}: add, edit, delete, restore, tag or untag, with \"id\" for all but add. \"$1.id\" in "
      "a value is the id that line 1 "
      "gave, \"lead/$1.id\" the record.\n\n"
      "Each stands by itself, as a change of its own, and gets one line of the result, in order: "
      "{\"line\":1,\"exit\":0,\"result\":…} or "
      "{\"line\":2,\"exit\":4,\"error\":…}. They reach the disk together, when no more input is ready or "
      "after 500 lines, and "
      "only then the results are printed: a program that waits for each answer gets it at once. Exit code 7 "
      "where one failed; with --quiet only those that failed are answered.\n\n"
      "With --each every line is a transaction of its own, so that others who write come in between any "
      "two, and a kill takes back no more than the one at hand. Results still wait for the disk, which "
      "several "
      "reach together.\n\n"
      "With --atomic all of them are one change: all or nothing.";
  spec.examples = {{"crm batch operations.jsonl", "from a file"},
                   {"crm batch --atomic < operations.jsonl", "all or nothing"},
                   {"generate | crm batch", "from a pipe, answered line by line"}};
  spec.options = {{.name = "atomic", .help = "all or nothing, as one change"},
                  {.name = "each", .help = "a transaction for each line"}};
  spec.arguments = {{.name = "FILE",
                     .help = "JSON lines; none or '-' is the standard input",
                     .required = false,
                     .completion = Completion::file}};
  spec.needs = Needs::writing;
  spec.run = run_batch;
  return spec;
}

}  // namespace crm::cmd
