#include <crm/error.h>
#include <crm/exchange.h>
#include <crm/import_runs.h>

#include <algorithm>

#include "app/context.h"
#include "commands/commands.h"
#include "output/facts.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

std::int64_t run_argument(const Arguments& arguments) {
  const std::string text = arguments.argument("RUN");
  const auto run = parse_integer(text);
  if (!run)
    throw Error(ErrorCode::usage, "the number of an import is wanted, not '" + text + "'",
                "see 'crm import list'");
  return *run;
}

int run_import_list(Context& context, const Arguments& arguments) {
  const auto writer = context.picking_writer(
      Shape::list,
      {"digest", "change", "preset", "finished_at", "undone_by", "unchanged", "skipped", "by", "updated"});
  list_imports(context.session(), arguments.integer("limit"), *writer);
  return 0;
}

int run_import_presets(Context& context, const Arguments& /*arguments*/) {
  list_presets(*context.picking_writer(Shape::list));
  return 0;
}

int run_import_show(Context& context, const Arguments& arguments) {
  show_import(context.session(), run_argument(arguments), *context.picking_writer(Shape::object));
  return 0;
}

int run_import_ids(Context& context, const Arguments& arguments) {
  import_ids(context.session(), run_argument(arguments), *context.picking_writer(Shape::list));
  return 0;
}

int run_import_undo(Context& context, const Arguments& arguments) {
  const std::int64_t run = run_argument(arguments);
  const UndoneImport undone = undo_import(context.session(), run);
  constexpr std::size_t kMostSaid = 20;
  const std::size_t said = std::min(undone.kept.size(), kMostSaid);
  for (std::size_t i = 0; i < said; ++i) context.say("kept " + undone.kept[i]);
  if (const auto more = undone.kept_count - static_cast<std::int64_t>(said); more > 0)
    context.say("… and " + std::to_string(more) + " more" +
                (undone.kept.size() > said ? ": -o json names all" : ""));
  context.say(std::to_string(undone.removed) + " removed, " + std::to_string(undone.restored) +
              " restored, " + std::to_string(undone.kept_count) + " kept");
  if (undone.removed + undone.restored + undone.kept_count == 0)
    context.say("nothing of import " + std::to_string(run) + " is left to take back");
  if (context.settings().dry_run) context.say("dry run: nothing was changed");
  if (!context.settings().format || context.settings().quiet) return 0;
  Facts facts;
  facts.number("removed", undone.removed);
  facts.number("restored", undone.restored);
  facts.number("kept", undone.kept_count);
  facts.list("kept_records", undone.kept);
  facts.write(*context.writer(Shape::object));
  return 0;
}

ArgumentSpec run_spec() {
  return {.name = "RUN", .help = "the number of an import, as 'crm import list' shows it"};
}

}  // namespace

CommandSpec import_list_command() {
  CommandSpec spec;
  spec.words = {"import", "list"};
  spec.summary = "list the imports that were made, newest first";
  spec.details =
      "Each is a run with a number. Its state is done, undone, failed, running, or interrupted: its process "
      "is gone, and nothing of "
      "it is in the database; 'crm import KIND FILE --resume' does it then.";
  spec.examples = {{"crm import list", "all of them"},
                   {"crm import list --limit 1 --fields id", "the number of the last one"}};
  spec.options = {{.name = "limit", .help = "at most so many", .value = "N", .type = ValueType::count}};
  spec.needs = Needs::reading;
  spec.run = run_import_list;
  return spec;
}

CommandSpec import_presets_command() {
  CommandSpec spec;
  spec.words = {"import", "presets"};
  spec.summary = "list the systems whose files an import knows by their headings";
  spec.details =
      "An import says which one it recognised; 'crm import KIND FILE --preset NAME' names one. A preset of "
      "your own is a YAML file, which --preset names:\n\n"
      "  system: oldcrm              # also the source of its references\n"
      "  kind: customer\n"
      "  about: companies of OldCRM  # for people\n"
      "  needs: [[Firm, Firm No], [Firm, Tel.]]\n"
      "  create_missing: [owner]     # as --create-missing\n"
      "  columns: {Firm: name, Firm No: ref, Tel.: phone, Rep: owner}\n"
      "  values: {level: {Gold: A, Silver: B}}\n"
      "  set: {source: oldcrm}\n\n"
      "needs says by which headings such files are known: all of one of the lists. columns, values and set "
      "are those of a mapping "
      "file, see 'crm help import'; a column that is not in a file is no fault.";
  spec.examples = {{"crm import presets", "all of them"},
                   {"crm import customer firms.csv --preset oldcrm.yaml", "a preset of one's own"}};
  spec.needs = Needs::nothing;
  spec.run = run_import_presets;
  return spec;
}

CommandSpec import_show_command() {
  CommandSpec spec;
  spec.words = {"import", "show"};
  spec.summary = "show one import";
  spec.examples = {{"crm import show 7", "its file, counts and state"}};
  spec.arguments = {run_spec()};
  spec.needs = Needs::reading;
  spec.run = run_import_show;
  return spec;
}

CommandSpec import_ids_command() {
  CommandSpec spec;
  spec.words = {"import", "ids"};
  spec.summary = "show which record each row of an import became";
  spec.details =
      "One row for each reference of a record that the import added or updated: what it was called in the "
      "file, as SOURCE/KEY, and what it "
      "is now. A later file refers to it by that key. Rows that changed nothing are left out.";
  spec.examples = {{"crm import ids 7 -o csv > ids.csv", "for a spreadsheet"}};
  spec.arguments = {run_spec()};
  spec.needs = Needs::reading;
  spec.run = run_import_ids;
  return spec;
}

CommandSpec import_undo_command() {
  CommandSpec spec;
  spec.words = {"import", "undo"};
  spec.summary = "take back an import";
  spec.details =
      "What it added is removed, and what it updated is as it was before, the moment of its last change "
      "included. A record that was changed "
      "since, or that another record hangs on by now, stays as it is and is named; once that change is "
      "undone, "
      "or what hangs on it is gone, the same command takes it back too. 'crm undo' takes this back in turn.";
  spec.examples = {{"crm import undo 7 --dry-run", "how much would go, and what would stay"},
                   {"crm import undo 7", "take it back"}};
  spec.arguments = {run_spec()};
  spec.needs = Needs::writing;
  spec.run = run_import_undo;
  return spec;
}

}  // namespace crm::cmd
