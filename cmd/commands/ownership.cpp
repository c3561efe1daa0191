// Who has a record: assign, claim, release. For every kind whose records have an owner.
#include <crm/error.h>
#include <crm/ownership.h>

#include <array>
#include <string>
#include <vector>

#include "app/context.h"
#include "commands/bulk_write.h"
#include "commands/commands.h"
#include "commands/targets.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

Kind kind_of(const Arguments& arguments) {
  return arguments.spec().kind->kind;
}

// All at once, so that whoever can take them is counted just once. With --keep-going one by one, so that one
// can fail alone.
int run_automatically(Context& context, const Arguments& arguments) {
  BulkWrite bulk(context, arguments);
  const Targets targets = bulk.targets(arguments.arguments("RECORD"), kind_of(arguments));
  if (arguments.has("keep-going")) {
    for (const RecordId& record : targets.records) {
      bulk.step(to_string(record), [&] {
        return assign_automatically(context.session(), {&record, 1}).front();
      });
    }
    return bulk.finish(targets.several);
  }
  for (const WriteResult& result : assign_automatically(context.session(), targets.records)) {
    bulk.step(to_string(result.record), [&] { return result; });
  }
  return bulk.finish(targets.several);
}

const std::array<Column, 8> kExplanation{{{.name = "record", .label = "record"},
                                          {.name = "line", .label = "line", .right = true},
                                          {.name = "when", .label = "when", .wide = true},
                                          {.name = "matched", .label = "matched"},
                                          {.name = "user", .label = "user"},
                                          {.name = "open", .label = "open", .right = true},
                                          {.name = "today", .label = "today", .right = true},
                                          {.name = "outcome", .label = "outcome", .wide = true}}};

void write_step(Writer& writer, const std::string& record, const AssignmentStep& step) {
  const std::string line = std::to_string(step.line);
  const auto write = [&](const AssignmentCandidate* person, const std::string& outcome) {
    const auto number = [](const std::optional<std::int64_t>& count) {
      return count ? std::to_string(*count) : std::string();
    };
    const std::string open = person == nullptr ? "" : number(person->open);
    const std::string today = person == nullptr ? "" : number(person->today);
    const std::array<Cell, 8> cells{{{CellType::text, record, {}},
                                     {CellType::number, line, {}},
                                     step.when.empty() ? Cell() : Cell{CellType::text, step.when, {}},
                                     {CellType::boolean, step.matched ? "true" : "false", {}},
                                     person == nullptr ? Cell() : Cell{CellType::text, person->user, {}},
                                     open.empty() ? Cell() : Cell{CellType::number, open, {}},
                                     today.empty() ? Cell() : Cell{CellType::number, today, {}},
                                     {CellType::text, outcome, {}}}};
    writer.row(cells);
  };
  if (!step.matched) return write(nullptr, step.why_not);
  if (step.pool) return write(nullptr, "stays in the pool");
  if (step.candidates.empty()) return write(nullptr, "nobody is in this row");
  for (const AssignmentCandidate& one : step.candidates) {
    write(&one, one.chosen ? "chosen" : one.why_not.empty() ? "could" : one.why_not);
  }
}

// Assigns, and prints why instead of the records.
int run_explaining(Context& context, const Arguments& arguments) {
  Session& session = context.session();
  Write write(session);
  const Targets targets = find_targets(context, arguments, arguments.arguments("RECORD"), kind_of(arguments));
  const auto writer = context.picking_writer(Shape::list);
  writer->begin(kExplanation);
  for (const RecordId& record : targets.records) {
    const AssignmentExplanation explanation = explain_assignment(session, record);
    if (explanation.steps.empty()) {
      throw Error(ErrorCode::invalid,
                  "the workflow has no table that assigns a " + std::string(arguments.spec().kind->name),
                  "add one to 'assign' of the workflow file");
    }
    for (const AssignmentStep& step : explanation.steps) write_step(*writer, to_string(record), step);
    const WriteResult result = assign_automatically(session, {&record, 1}).front();
    if (result.written == Written::unchanged && !explanation.owner.empty())
      context.say(to_string(record) + " has an owner already, and stays with them");
  }
  write.commit();
  writer->end();
  return 0;
}

int run_assign(Context& context, const Arguments& arguments) {
  const auto user = arguments.text("to");
  const std::string records(arguments.spec().kind->plural.en);
  if (user.has_value() == arguments.has("auto")) {
    throw Error(ErrorCode::usage,
                user ? "'--to' and '--auto' exclude each other" : "nothing says who gets the " + records,
                "give --to USER or --auto");
  }
  if (arguments.has("explain")) {
    if (user)
      throw Error(ErrorCode::usage, "'--explain' is about --auto: '--to' needs no reason", "leave one out");
    return run_explaining(context, arguments);
  }
  if (!user) return run_automatically(context, arguments);
  return write_each(context, arguments, kind_of(arguments),
                    [&](RecordId record) { return assign(context.session(), record, *user); });
}

int run_claim(Context& context, const Arguments& arguments) {
  return write_each(context, arguments, kind_of(arguments),
                    [&](RecordId record) { return claim(context.session(), record); });
}

int run_release(Context& context, const Arguments& arguments) {
  return write_each(context, arguments, kind_of(arguments),
                    [&](RecordId record) { return release(context.session(), record); });
}

}  // namespace

CommandSpec assign_command(const Entity& kind) {
  const std::string name(kind.name);
  CommandSpec spec = verb_on_records(kind.kind, "assign");
  spec.summary = "give " + std::string(kind.plural.en) + " to a user";
  spec.details =
      "--auto gives each record that nobody has to whom the workflow's table ('assign') names: the first row "
      "that matches "
      "decides. Without such a table, each goes to one of the active users of its team who are not absent, "
      "or, where it has "
      "none, of all who have a team: to "
      "whoever has the fewest open ones; among equals they take turns. --explain prints, for each row and "
      "each person in it, why "
      "and why not; with --dry-run nothing is changed.";
  spec.examples = {
      {"crm " + name + " assign 42 --to li", "one"},
      {"crm " + name + " list owner= -o ids | crm " + name + " assign - --auto", "all that nobody has"},
      {"crm " + name + " assign 42 --auto --explain --dry-run", "who would get it, and why"}};
  spec.options.insert(spec.options.begin(), {{.name = "to",
                                              .help = "who gets them: name, login or e-mail",
                                              .value = "USER",
                                              .type = ValueType::text,
                                              .completion = Completion::user,
                                              .field = "owner"},
                                             {.name = "auto", .help = "whom the workflow's table names"},
                                             {.name = "explain", .help = "with --auto: print why"}});
  spec.run = run_assign;
  return spec;
}

CommandSpec claim_command(const Entity& kind) {
  const std::string name(kind.name);
  CommandSpec spec = verb_on_records(kind.kind, "claim");
  spec.summary = "take " + std::string(kind.plural.en) + " out of the shared pool";
  spec.details =
      "Whoever runs the command becomes the owner. A record that somebody has is refused, with exit code 6; "
      "one that the "
      "workflow's rules for the pool ('pool') are against, with 4. Their limits count by the system's clock, "
      "not by --now.";
  spec.examples = {{"crm " + name + " claim 42", "one"},
                   {"crm " + name + " claim 42 --as li", "for somebody else"}};
  spec.run = run_claim;
  return spec;
}

CommandSpec release_command(const Entity& kind) {
  const std::string name(kind.name);
  CommandSpec spec = verb_on_records(kind.kind, "release");
  spec.summary = "give " + std::string(kind.plural.en) + " back to the shared pool";
  spec.examples = {{"crm " + name + " release 42", "one"},
                   {"crm " + name + " release owner=li", "all of one user"}};
  spec.run = run_release;
  return spec;
}

}  // namespace crm::cmd
