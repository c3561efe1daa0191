#include <crm/error.h>
#include <crm/leads.h>

#include <algorithm>

#include "app/context.h"
#include "commands/bulk_write.h"
#include "commands/commands.h"
#include "commands/field_options.h"
#include "commands/targets.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

int run_advance(Context& context, const Arguments& arguments) {
  const std::string stage = arguments.text("to").value_or("");
  const std::vector<FieldText> fields = field_texts(arguments);
  return write_each(context, arguments, Kind::lead, [&](RecordId lead) {
    // What the new stage requires is filled in first.
    if (!fields.empty()) edit(context.session(), lead, fields);
    return advance_lead(context.session(), lead, stage);
  });
}

int run_lose(Context& context, const Arguments& arguments) {
  const auto reason = arguments.text("reason");
  if (!reason || reason->empty())
    throw Error(ErrorCode::usage, "nothing says why the leads are lost", "give --reason TEXT");
  return write_each(context, arguments, Kind::lead,
                    [&](RecordId lead) { return lose_lead(context.session(), lead, *reason); });
}

}  // namespace

CommandSpec lead_advance_command() {
  CommandSpec spec = verb_on_records(Kind::lead, "advance");
  spec.summary = "move leads to the next stage";
  spec.details =
      "Options of fields set what the new stage requires, in the same change. A lead that reaches a stage "
      "with an outcome has its open plans "
      "cancelled. A lost lead is opened again by a stage that the workflow lets it go to.";
  spec.examples = {{"crm lead advance 42", "to the next stage in the workflow's order"},
                   {"crm lead advance 42 --to qualified --amount 5000", "to a stage, with what it asks for"},
                   {"crm lead advance owner=li stage=new --to contacted", "all that meet the conditions"}};
  std::vector<OptionSpec> options = field_options(*spec.kind);
  options.erase(std::remove_if(options.begin(), options.end(),
                               [](const OptionSpec& option) { return option.field == "stage"; }),
                options.end());
  options.insert(options.begin(), {.name = "to",
                                   .help = "the stage; default: the next one",
                                   .value = "STAGE",
                                   .type = ValueType::text,
                                   .completion = Completion::stage});
  spec.options.insert(spec.options.begin(), options.begin(), options.end());
  spec.field_options = true;
  spec.run = run_advance;
  return spec;
}

CommandSpec lead_lose_command() {
  CommandSpec spec = verb_on_records(Kind::lead, "lose");
  spec.summary = "move leads to the lost stage, with the reason";
  spec.details = "The reason becomes the leads' lost_reason. Their open plans are cancelled.";
  spec.examples = {{"crm lead lose 42 --reason \"no budget\"", "one"},
                   {"crm lead lose --where \"last_followup_at < now - 90d\" --reason \"no answer\"",
                    "all that have gone quiet"}};
  spec.options.insert(spec.options.begin(),
                      {.name = "reason", .help = "why", .value = "TEXT", .type = ValueType::text});
  spec.run = run_lose;
  return spec;
}

}  // namespace crm::cmd
