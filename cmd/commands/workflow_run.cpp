#include <crm/rules.h>

#include <crm/error.h>
#include <crm/text.h>

#include <array>

#include "app/context.h"
#include "commands/commands.h"
#include "commands/delivery.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

void print_lines(Context& context, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  const std::array<Column, 1> columns{{{.name = "done", .label = "done", .wide = true}}};
  const auto writer = context.picking_writer(Shape::list);
  writer->begin(columns);
  for (const std::string& line : lines) {
    const std::array<Cell, 1> cells{{{CellType::text, line, {}}}};
    writer->row(cells);
  }
  writer->end();
}

// Whoever skips comes again soon: a short moment for somebody else's write, then they are told.
constexpr std::chrono::seconds kPatience{1};

WorkflowRun run(Context& context, const Arguments& arguments, bool skip) {
  RunOptions options;
  const auto wait = arguments.integer("wait");
  options.wait = std::chrono::seconds(wait.value_or(0));
  if (wait || (skip && !arguments.integer("timeout"))) context.wait_at_most(wait ? options.wait : kPatience);
  return run_workflow(context.session(), options);
}

int run_run(Context& context, const Arguments& arguments) {
  const bool skip = arguments.text("if-busy") == "skip";
  WorkflowRun result;
  try {
    result = run(context, arguments, skip);
  } catch (const Error& error) {
    // Another run does the work; a database that somebody else holds would be a run that nobody misses.
    if (skip && error.code() == ErrorCode::busy && is_workflow_running(context.session())) return 0;
    throw;
  }
  // Whoever looks on is told; cron is told nothing.
  if (context.out().is_terminal() || context.settings().format || context.session().dry_run()) {
    print_lines(context, result.lines);
  } else if (context.settings().verbose) {
    for (const std::string& line : result.lines) context.say(line);
  }
  // Cron hears of it from 'crm outbox flush'.
  const std::string held = without_address_line(result.without_address);
  if (!held.empty() && (context.settings().verbose || context.out().is_terminal())) context.say(held);
  for (const std::string& failure : result.failures)
    context.messages().write("crm: " + visible(failure) + '\n');
  if (context.session().dry_run()) context.say("dry run: nothing was changed");
  return result.failures.empty() ? 0 : static_cast<int>(ErrorCode::partly_done);
}

int run_runs(Context& context, const Arguments& arguments) {
  RuleRunQuery query;
  query.rule = arguments.argument("RULE");
  query.limit = arguments.integer("limit");
  if (const auto record = arguments.text("record")) {
    query.record = parse_record_id(*record);
    if (!query.record)
      throw Error(ErrorCode::usage, quoted(*record) + " names no record", "write it as lead/42");
  }
  list_rule_runs(context.session(), query, *context.picking_writer(Shape::list, {"change", "cause"}));
  return 0;
}

int run_explain(Context& context, const Arguments& arguments) {
  const std::string kind_name = arguments.argument("KIND");
  const Entity* kind = find_entity(kind_name);
  if (kind == nullptr) {
    std::vector<std::string> names;
    for (const Entity& one : entities()) names.emplace_back(one.name);
    const auto near = nearest(kind_name, names);
    throw Error(ErrorCode::usage, "there is no kind " + quoted(kind_name),
                near ? "did you mean " + quoted(*near) + "?" : "it is one of " + listed(names));
  }
  const RecordId record = resolve(context.session(), kind->kind, arguments.argument("ID"));
  explain(context.session(), record, *context.picking_writer(Shape::list));
  return 0;
}

}  // namespace

CommandSpec workflow_run_command() {
  CommandSpec spec;
  spec.words = {"workflow", "run"};
  spec.summary = "do all that is due: the one line for cron";
  spec.details =
      "Limits of stages and clocks that have run out, scheduled rules, reminders, approvals that have waited "
      "too long. Each thing is done "
      "for its planned time and just once, however often this runs; after an outage a schedule runs once. "
      "Where nothing is due, "
      "nothing is printed; what was done is printed on a terminal or with -v.\n\n"
      "While one run is at work, a second one ends with exit code 75, or with --if-busy skip quietly; where "
      "somebody else has the database in hand, both say so with exit code 75. Exit code 7: some of it failed "
      "and was "
      "told; the rest is done.";
  spec.examples = {{"crm workflow run", "for cron, every few minutes"},
                   {"crm workflow run --dry-run", "what is due now"},
                   {"crm workflow run --if-busy skip", "end quietly where another run is at work"}};
  spec.options = {{.name = "wait",
                   .help = "for another run or a busy database, so many seconds",
                   .value = "SECONDS",
                   .type = ValueType::count},
                  {.name = "if-busy",
                   .help = "what to do where another run is at work",
                   .value = "ACTION",
                   .type = ValueType::choice,
                   .choices = {"fail", "skip"},
                   .completion = Completion::choices}};
  spec.needs = Needs::writing;
  spec.run = run_run;
  return spec;
}

CommandSpec workflow_runs_command() {
  CommandSpec spec;
  spec.words = {"workflow", "runs"};
  spec.summary = "list what rules did, newest first, and why they did not";
  spec.details =
      "A row for each time that a rule was looked at for a record: it acted, it did not (with the part of "
      "its condition that did not "
      "hold), or it failed. Of scheduled rules only the records they acted on. Kept as long as the "
      "workflow's 'history' says.";
  spec.examples = {{"crm workflow runs --record lead/42", "all that concerns one record"},
                   {"crm workflow runs first-call --limit 20", "the latest of one rule"}};
  spec.arguments = {{.name = "RULE", .help = "the name of a rule; without it, all", .required = false}};
  spec.options = {{.name = "record",
                   .help = "only those of this record",
                   .value = "KIND/ID",
                   .type = ValueType::text,
                   .completion = Completion::record},
                  {.name = "limit", .help = "at most so many", .value = "N", .type = ValueType::count}};
  spec.needs = Needs::reading;
  spec.run = run_runs;
  return spec;
}

CommandSpec workflow_explain_command() {
  CommandSpec spec;
  spec.words = {"workflow", "explain"};
  spec.summary = "tell why a record is where it is, and what comes next";
  spec.details =
      "How it was assigned, which rules ran and what they did, which did not and on which part of their "
      "condition, its clocks, "
      "the terms of its score and level, approvals, and what comes next and when: rules, reminders, its way "
      "back to the pool.";
  spec.examples = {{"crm workflow explain lead 42", "one lead"},
                   {"crm workflow explain lead 42 -o json", "for a program"}};
  spec.arguments = {
      {.name = "KIND", .help = "its kind", .completion = Completion::kind},
      {.name = "ID", .help = "the record: a number, a name, an e-mail address, ref:SOURCE/KEY"}};
  spec.needs = Needs::reading;
  spec.run = run_explain;
  return spec;
}

}  // namespace crm::cmd
