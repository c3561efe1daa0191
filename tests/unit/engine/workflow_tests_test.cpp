// Tests of workflow files.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "crm/leads.h"
#include "crm/workflow_tests.h"
#include "engine/shell_words.h"
#include "unit/engine/engine_desk.h"

using namespace crm;

namespace {

class Files {
 public:
  Files() {
    std::string name = (std::filesystem::temp_directory_path() / "crm-test-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) directory_ = name;
  }
  ~Files() { std::filesystem::remove_all(directory_); }
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(directory_ / name) << text;
    return directory_ / name;
  }

 private:
  std::filesystem::path directory_;
};

constexpr const char* kWorkflow = R"yaml(workflow: test
timezone: Asia/Shanghai
stages: {lead: [{name: new, within: 8h}, {name: talked}, {name: won, outcome: won}]}
templates: {t: {subject: "{{name}}", body: "{{name}}"}}
rules:
  - {name: late, on: lead.overdue, do: [{tag: late}, {notify: {to: owner, template: t}}]}
)yaml";

int advance(Session& session, const std::vector<std::string>& words) {
  advance_lead(session, {Kind::lead, std::stol(words.at(2))});
  return 0;
}

WorkflowTestResult run(const std::string& tests, const char* workflow = kWorkflow) {
  const Files files;
  files.write("w.yaml", workflow);
  return run_workflow_tests(files.write("t.yaml", "workflow: w.yaml\ntests:\n" + tests), advance);
}

}  // namespace

TEST_SUITE_BEGIN("engine/workflow-tests");

TEST_CASE("a test passes where all that it expects is there") {
  const WorkflowTestResult result = run(R"yaml(
  - name: late
    at: 2026-03-02 09:00
    given:
      - user: {name: li}
      - lead: {name: A, owner: li, amount: 5}
    steps:
      - expect: {lead/1: {owner: li, stage: new, amount: 5, tags: []}, lead/2: null, followups: 0, outbox-exactly: []}
      - advance: 8h
      - expect: {lead/1: {tags: [late]}, outbox-exactly: [{to: li, template: t, about: lead/1, subject: A}]}
      - do: crm lead advance 1
      - do: crm lead advance 7
        fails: 3
      - advance: 30d
      - expect: {lead/1: {stage: talked}, overdue: 0}
)yaml");
  for (const Problem& failure : result.failures) MESSAGE(failure.message);
  CHECK(result.tests == 1);
  CHECK(result.failed == 0);
}

TEST_CASE("a test that fails tells what was expected, what was there, and where") {
  const WorkflowTestResult result = run(R"yaml(
  - name: first
    at: 2026-03-02 09:00
    given: [{user: {name: li}}, {lead: {name: A, owner: li}}]
    steps:
      - expect: {lead/1: {owner: wang}}
  - name: second
    at: 2026-03-02 09:00
    given: [{lead: {name: A}}]
    steps:
      - expect: {lead/1: {stage: new}}
      - expect: {outbox: [{to: li, template: t}]}
  - name: third
    at: 2026-03-02 09:00
    given: [{lead: {name: A}}]
    steps:
      - do: crm lead advance 9
)yaml");
  CHECK(result.tests == 3);
  CHECK(result.failed == 3);
  REQUIRE(result.failures.size() == 3);
  CHECK(result.failures[0].message == "first: lead/1 owner: expected 'wang', got 'li'");
  CHECK(result.failures[0].location.line == 8);
  CHECK(result.failures[1].message == "second: outbox: expected {to: li, template: t}, got no other message");
  CHECK(result.failures[2].message.starts_with(
      "third: the command was expected to end with 0, it ended with 3"));
}

TEST_CASE("messages of clocks and of the pool are known by their templates, too") {
  const WorkflowTestResult result = run(R"yaml(
  - name: both
    at: 2026-03-02 09:00
    given:
      - user: {name: li}
      - lead: {name: A, owner: li}
    steps:
      - advance: 1d
      - expect: {outbox-exactly: [{to: li, template: t}]}
      - advance: 6d
      - expect: {outbox-exactly: [{to: li, template: t}, {to: li, template: back}]}
)yaml",
                                        R"yaml(workflow: test
timezone: Asia/Shanghai
templates:
  t: {subject: "{{name}}", body: "{{name}}"}
  back: {subject: "{{count}}", body: "{{count}}"}
sla: {lead: [{respond: 16h, escalate: [{at: 100%, to: owner, template: t}]}]}
pool: {lead: {template: back, recycle: [{after: 7d, warn: 2d}]}}
)yaml");
  for (const Problem& failure : result.failures) MESSAGE(failure.message);
  CHECK(result.failed == 0);
}

TEST_CASE("a file that is no test file is refused with places") {
  const Files files;
  files.write("w.yaml", kWorkflow);
  const std::string file = files.write(
      "t.yaml", "workflow: w.yaml\ntests:\n  - {name: a, at: 2026-03-02 09:00, steps: [{expct: {}}]}\n");
  try {
    run_workflow_tests(file, advance);
    FAIL("no error");
  } catch (const Error& error) {
    REQUIRE(!error.problems().empty());
    CHECK(error.problems()[0].message == "unknown key 'expct'");
    CHECK(error.problems()[0].location.line == 3);
  }
}

TEST_CASE("command lines are split as a shell does") {
  using Words = std::vector<std::string>;
  CHECK(shell_words("crm lead add 'a b' \"c \\\" d\" e\\ f ''") ==
        Words{"crm", "lead", "add", "a b", "c \" d", "e f", ""});
  CHECK(shell_words("  ").empty());
  CHECK_THROWS_AS(shell_words("a 'b"), Error);
}

TEST_SUITE_END();
