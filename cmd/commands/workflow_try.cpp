// What a workflow file does, before it is put in force: tests, a simulation, a picture.
#include <crm/rules.h>
#include <crm/workflow.h>
#include <crm/workflow_picture.h>
#include <crm/workflow_tests.h>

#include <crm/error.h>
#include <crm/text.h>

#include "app/context.h"
#include "app/run.h"
#include "commands/commands.h"
#include "commands/list.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

// As the program does, but for the user's own settings and what is printed.
int run_in_test(Session& session, const std::vector<std::string>& words) {
  static const Environment kNone{{}};
  Stream out;
  Stream messages;
  return run_line(words, kNone, out, messages, &session);
}

std::string count_of_tests(std::int64_t count) {
  return std::to_string(count) + (count == 1 ? " test" : " tests");
}

int run_workflow_test(Context& context, const Arguments& arguments) {
  std::int64_t tests = 0;
  std::int64_t failed = 0;
  std::vector<Problem> failures;
  for (const std::string& file : arguments.arguments("FILE")) {
    WorkflowTestResult result = run_workflow_tests(file, run_in_test);
    tests += result.tests;
    failed += result.failed;
    failures.insert(failures.end(), result.failures.begin(), result.failures.end());
  }
  if (failed == 0) {
    context.say(count_of_tests(tests) + " passed");
    return 0;
  }
  throw Error(ErrorCode::check_failed, std::to_string(failed) + " of " + count_of_tests(tests) + " failed")
      .with_problems(std::move(failures));
}

const Entity& chosen_kind(const Arguments& arguments) {
  const std::string name = arguments.text("on").value_or("");
  if (name.empty()) throw Error(ErrorCode::usage, "nothing says which records to look at", "give --on lead");
  if (const Entity* kind = find_entity(name)) return *kind;
  std::vector<std::string> names;
  for (const Entity& one : entities()) names.emplace_back(one.name);
  throw Error(ErrorCode::usage, "there is no kind " + quoted(name), "it is one of " + listed(names));
}

int run_simulate(Context& context, const Arguments& arguments) {
  SimulateOptions options;
  options.kind = chosen_kind(arguments).kind;
  options.selection.where = condition_option(arguments, "where");
  const std::string file = arguments.argument("FILE");
  simulate_workflow(context.session(), read_workflow_file(file), file, options,
                    *context.picking_writer(Shape::list));
  return 0;
}

int run_graph(Context& context, const Arguments& arguments) {
  const std::string file = arguments.argument("FILE");
  std::optional<std::string> text;
  if (!file.empty()) text = read_workflow_file(file);
  const std::string format = arguments.text("output").value_or("mermaid");
  try {
    context.session();
  } catch (const Error& error) {
    // A file has a picture where there is no database too.
    if (!text || error.code() != ErrorCode::not_found) throw;
    context.out().write(draw_workflow_file(*text, file, format));
    return 0;
  }
  context.out().write(draw_workflow(context.session(), text, file, format));
  return 0;
}

}  // namespace

CommandSpec workflow_test_command() {
  CommandSpec spec;
  spec.words = {"workflow", "test"};
  spec.summary = "run the tests of a workflow file";
  spec.details =
      "Each test has a database in memory and a clock of its own, which 'advance' moves: all that falls due "
      "on the way happens, in order. "
      "'do' runs a command, 'expect' says what must be there. A test ends at its first step that fails; what "
      "was expected and what "
      "was there is told with its place, and the exit code is 9.";
  spec.examples = {{"crm workflow test tests.yaml", "all tests of a file"}};
  spec.arguments = {
      {.name = "FILE", .help = "a file of tests", .repeated = true, .completion = Completion::file}};
  spec.needs = Needs::nothing;
  spec.run = run_workflow_test;
  return spec;
}

CommandSpec workflow_simulate_command() {
  CommandSpec spec;
  spec.words = {"workflow", "simulate"};
  spec.summary = "tell what a workflow file would do to today's records, changing nothing";
  spec.details =
      "How many records would fail its checks, come under each row of its tables, be acted on by each rule, "
      "have passed each limit, would be reminded of, would have to wait for an approval, go back to the "
      "pool, "
      "or have another score or level; with the "
      "first and the last of them. What it leaves out stands in its last row. A condition on a field that is "
      "not shown to you is refused.";
  spec.examples = {{"crm workflow simulate b2b.yaml --on lead", "all leads"},
                   {"crm workflow simulate b2b.yaml --on lead --where \"region = 'East'\"", "some of them"}};
  spec.arguments = {
      {.name = "FILE", .help = "a workflow file; - for the standard input", .completion = Completion::file}};
  spec.options = {{.name = "on",
                   .help = "which kind of records",
                   .value = "KIND",
                   .type = ValueType::text,
                   .completion = Completion::kind},
                  {.name = "where",
                   .help = "only records that meet the expression",
                   .value = "EXPR",
                   .type = ValueType::text}};
  spec.needs = Needs::writing;
  spec.run = run_simulate;
  return spec;
}

CommandSpec workflow_graph_command() {
  CommandSpec spec;
  spec.words = {"workflow", "graph"};
  spec.summary = "draw the stages and rules, with today's counts";
  spec.details =
      "Of the workflow in force, or of a file. On a stage stands how many records are in it, on an arrow how "
      "many have taken it.";
  spec.examples = {{"crm workflow graph -o svg > workflow.svg", "a picture"},
                   {"crm workflow graph b2b.yaml -o mermaid", "of a file, for a wiki"}};
  spec.arguments = {{.name = "FILE",
                     .help = "a workflow file; without it, the one in force",
                     .required = false,
                     .completion = Completion::file}};
  spec.options = {{.name = "output",
                   .help = "how it is drawn; default mermaid",
                   .value = "FORMAT",
                   .type = ValueType::choice,
                   .choices = {"dot", "mermaid", "svg"},
                   .letter = 'o',
                   .completion = Completion::choices}};
  spec.needs = Needs::reading;
  spec.run = run_graph;
  return spec;
}

}  // namespace crm::cmd
