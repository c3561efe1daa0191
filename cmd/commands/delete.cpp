#include <crm/records.h>

#include "app/context.h"
#include "commands/bulk_write.h"
#include "commands/commands.h"
#include "commands/targets.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

OptionSpec reason_option() {
  return {.name = "reason", .help = "why, for the change log", .value = "TEXT", .type = ValueType::text};
}

int run_delete(Context& context, const Arguments& arguments) {
  const Entity& kind = *arguments.spec().kind;
  BulkWrite bulk(context, arguments);
  bulk.call_updated("deleted");
  const Targets targets = bulk.targets(arguments.arguments("RECORD"), kind.kind, {.itself = true});
  if (!arguments.has("yes") && !context.session().dry_run() && !targets.records.empty()) {
    const std::string what = targets.records.size() == 1
                                 ? to_string(targets.records.front())
                                 : std::to_string(targets.records.size()) + ' ' + std::string(kind.plural.en);
    context.confirm("delete " + what);
  }
  for (const RecordId record : targets.records) {
    bulk.step(to_string(record), [&] { return remove(context.session(), record); });
  }
  return bulk.finish(targets.several);
}

int run_restore(Context& context, const Arguments& arguments) {
  return write_each(
      context, arguments, arguments.spec().kind->kind,
      [&](RecordId record) { return restore(context.session(), record); }, /*deleted_too=*/true);
}

}  // namespace

CommandSpec delete_command(const Entity& kind) {
  const std::string name(kind.name);
  CommandSpec spec;
  spec.words = {name, "delete"};
  spec.summary = "delete " + std::string(kind.plural.en);
  spec.details = "They leave every list and report, and 'crm " + name + " restore' brings them back.";
  spec.examples = {{"crm " + name + " delete 42", "asks, and deletes one"},
                   {"crm " + name + " delete 42 43 --yes --reason \"entered twice\"", "from a script"}};
  spec.arguments = {records_argument()};
  spec.options = {{.name = "yes", .help = "do not ask"}, reason_option()};
  for (OptionSpec& option : target_options()) spec.options.push_back(std::move(option));
  spec.needs = Needs::writing;
  spec.kind = &kind;
  spec.run = run_delete;
  return spec;
}

CommandSpec restore_command(const Entity& kind) {
  const std::string name(kind.name);
  CommandSpec spec;
  spec.words = {name, "restore"};
  spec.summary = "bring deleted " + std::string(kind.plural.en) + " back";
  spec.examples = {{"crm " + name + " list --deleted", "what there is to restore"},
                   {"crm " + name + " restore 42", "bring one back"}};
  spec.arguments = {records_argument()};
  spec.options = {reason_option()};
  for (OptionSpec& option : target_options()) spec.options.push_back(std::move(option));
  spec.needs = Needs::writing;
  spec.kind = &kind;
  spec.run = run_restore;
  return spec;
}

}  // namespace crm::cmd
