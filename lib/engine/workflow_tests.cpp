#include "crm/workflow_tests.h"

#include <filesystem>
#include <utility>

#include "base/text.h"
#include "crm/records.h"
#include "crm/rules.h"
#include "crm/workflow.h"
#include "engine/shell_words.h"
#include "engine/test_expectation.h"
#include "engine/test_file.h"
#include "modules/yaml_tree.h"
#include "outbox/enqueue.h"
#include "records/read_value.h"
#include "records/rights.h"
#include "records/session_state.h"
#include "workflow/columns.h"
#include "workflow/definition.h"
#include "workflow/revisions.h"

namespace crm {
namespace {

// Whoever runs the tests is nobody in particular.
constexpr const char* kTester = "admin";

[[noreturn]] void throw_problems(const std::string& file, std::vector<Problem> problems) {
  const std::string count =
      std::to_string(problems.size()) + (problems.size() == 1 ? " problem" : " problems");
  throw Error(ErrorCode::invalid, crm::quoted(file) + " has " + count, "no test was run")
      .with_problems(std::move(problems));
}

struct Workflow {
  std::string name;
  std::string file;
  std::string text;
  std::string compiled;
  std::string timezone;
};

Workflow load_workflow(const std::string& file) {
  Workflow workflow;
  workflow.file = file;
  workflow.text = read_workflow_file(file);
  std::vector<Problem> problems;
  const auto process = read_definition(workflow.text, file, problems);
  if (process == nullptr) throw_problems(file, std::move(problems));
  workflow.name = process->name;
  workflow.compiled = compile(*process);
  workflow.timezone = process->timezone.empty() ? "UTC" : process->timezone;
  return workflow;
}

// For one command somebody else acts.
class ActingAs {
 public:
  ActingAs(Session& session, const std::string& login)
      : state_(session.state()), login_(state_.options.login) {
    if (!login.empty()) state_.options.login = login;
    state_.forget_people();
  }
  ~ActingAs() {
    state_.options.login = login_;
    state_.forget_people();
  }
  ActingAs(const ActingAs&) = delete;
  ActingAs& operator=(const ActingAs&) = delete;

 private:
  Session::State& state_;
  std::string login_;
};

// Takes `--as USER` out of the words.
std::string take_login(std::vector<std::string>& words) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i] != "--as") continue;
    std::string login = std::move(words[i + 1]);
    words.erase(words.begin() + static_cast<std::ptrdiff_t>(i),
                words.begin() + static_cast<std::ptrdiff_t>(i) + 2);
    return login;
  }
  return {};
}

// One test: a database in memory with one session, whose clock is set by hand.
class TestRun {
 public:
  TestRun(const Workflow& workflow, const TestCase& test, const CommandRunner& runner)
      : test_(test), runner_(runner) {
    NewDatabase database;
    database.options.timezone = workflow.timezone;
    database.options.login = kTester;
    // The first revision has no fields: those of the file get their columns with the next.
    database.workflow_compiled = compile(Process());
    database.options.now = parse_when(test.at, {}, TimeZone::load(workflow.timezone));
    session_ = open_in_memory(database);
    Connection& connection = *session_->state().connection;
    add_columns(connection, *from_compiled(workflow.compiled));
    add_revision(connection, {0, workflow.name, workflow.file, workflow.text, workflow.compiled},
                 now_seconds(*session_), kTester);
    session_->state().replace_process(workflow.compiled);
  }

  // What failed first; nothing where all steps hold.
  std::vector<Mismatch> run() {
    if (auto failed = attempt(test_.line, 1, [&] { give(); })) return {*failed};
    for (const TestStep& step : test_.steps) {
      std::vector<Mismatch> failed = run_step(step);
      if (!failed.empty()) return failed;
    }
    return {};
  }

 private:
  template <typename Act>
  std::optional<Mismatch> attempt(int line, int column, const Act& act) {
    try {
      act();
      return std::nullopt;
    } catch (const Error& error) {
      return Mismatch{error.message() + (error.hint().empty() ? "" : "; " + error.hint()), line, column};
    }
  }

  void give() {
    const WorkflowRights rights(*session_);
    const FieldText tester[] = {{"name", kTester}, {"login", kTester}, {"role", "admin"}};
    add(*session_, Kind::user, tester);
    for (const Node& one : test_.given) {
      const NodeEntry& entry = one.entries.front();
      const Entity* kind = find_entity(entry.key.text);
      if (kind == nullptr) throw Error(ErrorCode::invalid, "there is no kind " + crm::quoted(entry.key.text));
      std::vector<FieldText> fields;
      for (const NodeEntry& field : entry.value.entries)
        fields.push_back({field.key.text, field_text(field.value)});
      if (kind->kind == Kind::user)
        tester_given(fields);
      else
        add(*session_, kind->kind, fields);
    }
  }

  // The tester may be given other values.
  void tester_given(const std::vector<FieldText>& fields) {
    for (const FieldText& field : fields) {
      if (field.field != "name" || field.text != kTester) continue;
      edit(*session_, resolve(*session_, Kind::user, kTester), fields);
      return;
    }
    add(*session_, Kind::user, fields);
  }

  static std::string field_text(const Node& node) {
    if (node.kind != Node::Kind::list) return node.text;
    std::string text;
    for (const Node& item : node.items) text += (text.empty() ? "" : ";") + item.text;
    return text;
  }

  std::vector<Mismatch> run_step(const TestStep& step) {
    std::optional<Mismatch> failed;
    switch (step.kind) {
      case TestStep::Kind::expect:
        return hold_against(*session_, step.value);
      case TestStep::Kind::advance:
        failed = attempt(step.line, step.column, [&] { advance(step.value.text); });
        break;
      case TestStep::Kind::act:
        failed = attempt(step.line, step.column, [&] { carry_out(step.value.text, step.fails); });
        break;
    }
    return failed ? std::vector<Mismatch>{*failed} : std::vector<Mismatch>();
  }

  // All that falls due on the way happens at its time, in order.
  void advance(const std::string& text) {
    const auto length = parse_duration(text);
    const Moment end =
        length ? session_->now() + *length : parse_when(text, session_->now(), session_->zone());
    if (end < session_->now()) throw Error(ErrorCode::invalid, "the clock of a test does not go back");
    while (const auto due = next_due(*session_, end)) {
      set_clock(std::max(*due, session_->now()));
      const WorkflowRun run = run_workflow(*session_);
      deliver_reminders();
      if (!run.failures.empty()) throw Error(ErrorCode::failed, run.failures.front());
      if (next_due(*session_, *due)) break;  // it could not be done, and never will be
    }
    set_clock(end);
  }

  // As a flush after each run does, so that a later one does not take the place of one that nobody has got.
  // What has hours of its own waits for them.
  void deliver_reminders() {
    const Param params[] = {outbox_state::kSent, now_seconds(*session_), outbox_state::kQueued};
    session_->state().connection->execute(
        "UPDATE outbox SET state = $1, sent_at = $2 WHERE state = $3 AND made_for IS NOT NULL AND hours IS "
        "NULL",
        params);
  }

  void set_clock(Moment moment) {
    Session::State& state = session_->state();
    state.now = moment;
    state.options.now = moment;
    for (auto& conditions : state.conditions) conditions.clear();
  }

  // "crm lead advance 1 --to contacted".
  void carry_out(const std::string& line, int wanted) {
    std::vector<std::string> words = shell_words(line);
    if (words.empty() || words.front() != "crm")
      throw Error(ErrorCode::invalid, "a command begins with 'crm'", "write crm lead advance 1");
    words.erase(words.begin());
    const ActingAs acting(*session_, take_login(words));
    int code = 0;
    std::string message;
    try {
      code = runner_(*session_, words);
    } catch (const Error& error) {
      code = static_cast<int>(error.code());
      message = ": " + error.message();
    }
    deliver_reminders();
    if (code == wanted) return;
    throw Error(ErrorCode::failed, "the command was expected to end with " + std::to_string(wanted) +
                                       ", it ended with " + std::to_string(code) + message);
  }

  const TestCase& test_;
  const CommandRunner& runner_;
  std::unique_ptr<Session> session_;
};

std::string beside(const std::string& file, const std::string& path) {
  const std::filesystem::path named(path);
  return named.is_absolute() ? path : (std::filesystem::path(file).parent_path() / named).string();
}

// A test that cannot begin fails, and the others run.
std::vector<Mismatch> run_test(const Workflow& workflow, const TestCase& test, const CommandRunner& runner) {
  std::optional<TestRun> run;
  try {
    run.emplace(workflow, test, runner);
  } catch (const Error& error) {
    return {
        {error.message() + (error.hint().empty() ? "" : "; " + error.hint()), test.at_line, test.at_column}};
  }
  return run->run();
}

}  // namespace

WorkflowTestResult run_workflow_tests(const std::string& file, const CommandRunner& runner) {
  const std::string text = read_workflow_file(file);
  std::vector<Problem> problems;
  const TestFile tests = read_test_file(text, file, problems);
  if (!problems.empty()) throw_problems(file, std::move(problems));
  const Workflow workflow = load_workflow(beside(file, tests.workflow));
  WorkflowTestResult result;
  for (const TestCase& test : tests.tests) {
    ++result.tests;
    const std::vector<Mismatch> failed = run_test(workflow, test, runner);
    if (!failed.empty()) ++result.failed;
    for (const Mismatch& one : failed)
      result.failures.push_back(
          {{file, one.line, one.column}, test.name + ": " + one.message, {}, line_text(text, one.line)});
  }
  return result;
}

}  // namespace crm
