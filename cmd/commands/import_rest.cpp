#include "commands/import_rest.h"

#include <crm/export_rest.h>

#include <cstdint>
#include <string>
#include <utility>

#include "app/context.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

int run_import_rest(Context& context, const Arguments& arguments) {
  const RestCounts counts = import_rest(context.session(), arguments.argument("FILE"));
  const std::pair<std::int64_t, const char*> told[] = {{counts.records, "record"},
                                                       {counts.references, "reference"},
                                                       {counts.merges, "merge"},
                                                       {counts.segments, "segment"}};
  std::string line;
  for (const auto& [count, word] : told)
    line += std::to_string(count) + ' ' + word + (count == 1 ? ", " : "s, ");
  context.say(line + std::to_string(counts.outreach) + " outreach put back");
  if (context.settings().dry_run) context.say("dry run: nothing was changed");
  return 0;
}

}  // namespace

CommandSpec import_rest_command() {
  CommandSpec spec;
  spec.words = {"import", "rest"};
  spec.summary = "put back what the files of the kinds leave out of a whole export";
  spec.details =
      "The last step of the rebuild.sh that 'crm export --all' writes: deleted records with their numbers "
      "and "
      "moments, what is about them or refers to them, which records became part of which, segments and "
      "outreach. All of it or nothing, and by an admin alone. No check and no rule has a say, as these "
      "records "
      "were there before.";
  spec.examples = {{"crm import rest backup/rest.jsonl", "after the other files"}};
  spec.arguments = {{.name = "FILE", .help = "the rest.jsonl of an export", .completion = Completion::file}};
  spec.needs = Needs::writing;
  spec.run = run_import_rest;
  return spec;
}

}  // namespace crm::cmd
