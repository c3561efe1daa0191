#include <crm/records.h>
#include <crm/session.h>

#include <array>

#include "app/context.h"
#include "commands/commands.h"
#include "output/facts.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

int run_status(Context& context, const Arguments& /*arguments*/) {
  const auto writer = context.picking_writer(Shape::object);
  FactsSink facts(*writer);
  status(context.session(), facts);
  return 0;
}

int run_backup(Context& context, const Arguments& arguments) {
  const std::string path = arguments.argument("FILE");
  backup(context.session(), path);
  if (context.settings().dry_run) context.say("dry run: nothing was written");
  Facts facts;
  facts.text("backup", path);
  if (!context.settings().quiet) facts.write(*context.picking_writer(Shape::object));
  return 0;
}

int run_migrate(Context& context, const Arguments& /*arguments*/) {
  const std::array<Column, 1> columns{{{.name = "step", .label = {}}}};
  const auto writer = context.picking_writer(Shape::list);
  writer->begin(columns);
  for (const std::string& step : migrate_database(context.session_options())) {
    const std::array<Cell, 1> cells{{{CellType::text, step, {}}}};
    writer->row(cells);
  }
  writer->end();
  if (context.settings().dry_run) context.say("dry run: nothing was changed");
  return 0;
}

}  // namespace

CommandSpec status_command() {
  CommandSpec spec;
  spec.words = {"status"};
  spec.summary = "show what is in the database";
  spec.examples = {
      {"crm status", "its path, size, version, process, and the number of records of each kind"}};
  spec.needs = Needs::reading;
  spec.run = run_status;
  return spec;
}

CommandSpec backup_command() {
  CommandSpec spec;
  spec.words = {"backup"};
  spec.summary = "copy the database, while it is in use";
  spec.details =
      "The copy is of one moment, is checked after it was written, and only its owner may read it.";
  spec.examples = {{"crm backup crm-$(date +%F).db", "a copy for today"}};
  spec.arguments = {{.name = "FILE", .help = "the new file", .completion = Completion::file}};
  spec.needs = Needs::reading;
  spec.run = run_backup;
  return spec;
}

CommandSpec migrate_command() {
  CommandSpec spec;
  spec.words = {"migrate"};
  spec.summary = "bring the database to this program's version";
  spec.details =
      "After a backup beside it. Commands that write do this by themselves; this one is for a database that "
      "is only read.";
  spec.examples = {{"crm migrate", "prints the steps taken; nothing where it is up to date"},
                   {"crm migrate --dry-run", "prints the steps that are to be taken"}};
  spec.needs = Needs::writing;
  spec.run = run_migrate;
  return spec;
}

}  // namespace crm::cmd
