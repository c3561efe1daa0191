#include <crm/records.h>

#include "app/context.h"
#include "commands/commands.h"
#include "commands/wording.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

int run_history(Context& context, const Arguments& arguments) {
  Session& session = context.session();
  const RecordId record = resolve(session, arguments.spec().kind->kind, arguments.argument("RECORD"), true);
  history(session, record, *context.picking_writer(Shape::list, {"rule", "command"}));
  return 0;
}

int run_log(Context& context, const Arguments& arguments) {
  LogQuery query;
  query.limit = arguments.integer("limit");
  query.change = arguments.integer("change");
  log(context.session(), query, *context.picking_writer(Shape::list, {"acted_at", "reason", "undoes"}));
  return 0;
}

}  // namespace

CommandSpec history_command(const Entity& kind) {
  const std::string name(kind.name);
  CommandSpec spec;
  spec.words = {name, "history"};
  spec.summary = "show what happened to " + with_article(kind.label.en);
  spec.examples = {
      {"crm " + name + " history 42", "each change of each field: when, by whom, from what, to what"}};
  spec.arguments = {{.name = "RECORD",
                     .help = "a number, e-mail, phone, exact name or ref:SOURCE/KEY",
                     .completion = Completion::record}};
  spec.needs = Needs::reading;
  spec.kind = &kind;
  spec.run = run_history;
  return spec;
}

CommandSpec log_command() {
  CommandSpec spec;
  spec.words = {"log"};
  spec.summary = "list the changes of the database, newest first";
  spec.examples = {{"crm log --limit 10", "the last ten commands that changed something"},
                   {"crm log --change 17 -o json", "one of them"}};
  spec.options = {{.name = "limit", .help = "at most so many", .value = "N", .type = ValueType::count},
                  {.name = "change", .help = "just this one", .value = "NUMBER", .type = ValueType::count}};
  spec.needs = Needs::reading;
  spec.run = run_log;
  return spec;
}

}  // namespace crm::cmd
