#include <crm/workflow.h>

#include <crm/error.h>
#include <crm/identity.h>
#include <crm/text.h>

#include <array>

#include "app/account.h"
#include "app/context.h"
#include "commands/commands.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

std::vector<StageMapping> mappings_of(const Arguments& arguments) {
  std::vector<StageMapping> mappings;
  for (const std::string& text : arguments.texts("map")) {
    const std::size_t sign = text.find('=');
    if (sign == 0 || sign == std::string::npos || sign + 1 == text.size()) {
      throw Error(ErrorCode::usage, "--map takes OLD=NEW, not " + quoted(text),
                  "name the stage that is gone and the one its records go to");
    }
    mappings.push_back({text.substr(0, sign), text.substr(sign + 1)});
  }
  return mappings;
}

std::string outcome_line(const Context& context, const WorkflowChange& change) {
  const std::string number = std::to_string(change.revision);
  if (change.unchanged) return "unchanged: this file is in force already, as revision " + number;
  const std::size_t moved = change.moved.size();
  std::string line = context.settings().dry_run ? "dry run: revision " + number + " would be in force"
                                                : "revision " + number + " is in force";
  if (moved > 0) line += ", " + std::to_string(moved) + (moved == 1 ? " record" : " records") + " moved";
  if (change.differences.empty()) line += "; nothing but comments differs";
  return line;
}

void print_change(Context& context, const WorkflowChange& change) {
  context.say(outcome_line(context, change));
  if (context.settings().quiet) return;
  const auto writer = context.picking_writer(Shape::document);
  const std::string number = std::to_string(change.revision);
  const std::string moved = std::to_string(change.moved.size());
  writer->fact("revision", {CellType::number, number, {}});
  writer->fact("unchanged", {CellType::boolean, change.unchanged ? "true" : "false", {}});
  writer->fact("moved", {CellType::number, moved, {}});
  const std::array<Column, 1> columns{{{.name = "difference", .label = "what changes", .wide = true}}};
  writer->begin(columns);
  for (const std::string& line : change.differences) {
    const std::array<Cell, 1> cells{{{CellType::text, line, {}}}};
    writer->row(cells);
  }
  writer->end();
  writer->finish();
}

int run_apply(Context& context, const Arguments& arguments) {
  const std::string file = arguments.argument("FILE");
  const std::vector<StageMapping> mappings = mappings_of(arguments);
  set_account(context.session(), operating_system_account());
  print_change(context, apply_workflow(context.session(), read_workflow_file(file), file, mappings));
  return 0;
}

int run_rollback(Context& context, const Arguments& arguments) {
  const std::string text = arguments.argument("REVISION");
  const auto revision = parse_integer(text);
  if (!revision)
    throw Error(ErrorCode::usage, "REVISION is a number, not " + quoted(text),
                "'crm workflow list' shows those there are");
  set_account(context.session(), operating_system_account());
  print_change(context, roll_back_workflow(context.session(), *revision, mappings_of(arguments)));
  return 0;
}

OptionSpec map_option() {
  return {.name = "map",
          .help = "records in the stage OLD, which is gone, go to NEW",
          .value = "OLD=NEW",
          .type = ValueType::text,
          .repeated = true};
}

}  // namespace

CommandSpec workflow_apply_command() {
  CommandSpec spec;
  spec.words = {"workflow", "apply"};
  spec.summary = "put a workflow file in force";
  spec.details =
      "It is checked, stored as a new revision, and every command after it acts by it. What changes is "
      "printed. "
      "New custom fields get their columns; those that are gone keep their values, and have them again when "
      "they come back.\n\n"
      "Where records are in a stage that the file does not have, nothing is done and they are listed, unless "
      "--map says where they go.";
  spec.examples = {{"crm workflow apply b2b.yaml --dry-run", "what would change"},
                   {"crm workflow apply b2b.yaml", "put it in force"},
                   {"crm workflow apply b2b.yaml --map contacted=reached", "a stage has another name now"}};
  spec.arguments = {
      {.name = "FILE", .help = "a workflow file; - for the standard input", .completion = Completion::file}};
  spec.options = {map_option()};
  spec.needs = Needs::writing;
  spec.run = run_apply;
  return spec;
}

CommandSpec workflow_rollback_command() {
  CommandSpec spec;
  spec.words = {"workflow", "rollback"};
  spec.summary = "put an earlier revision in force again";
  spec.details = "It becomes the latest one: revisions are kept for ever. What changes is printed.";
  spec.examples = {{"crm workflow rollback 3", "as it was by revision 3"}};
  spec.arguments = {{.name = "REVISION", .help = "its number in 'crm workflow list'"}};
  spec.options = {map_option()};
  spec.needs = Needs::writing;
  spec.run = run_rollback;
  return spec;
}

}  // namespace crm::cmd
