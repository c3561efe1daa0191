#include <crm/duplicates.h>
#include <crm/leads.h>

#include <optional>

#include "app/context.h"
#include "commands/bulk_write.h"
#include "commands/commands.h"
#include "commands/targets.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

// The company may be a customer already, by another lead of it or under another spelling.
void tell_of_likely(Context& context, RecordId made) {
  for (const DuplicatePair& pair : duplicates_of(context.session(), made)) {
    const RecordId other = pair.a == made ? pair.b : pair.a;
    context.say(to_string(made) + " is likely " + to_string(other) + ": 'crm customer merge " +
                std::to_string(other.id) + " --from " + std::to_string(made.id) + "' makes them one");
  }
}

int run_convert(Context& context, const Arguments& arguments) {
  BulkWrite bulk(context, arguments);
  bulk.set_columns({"id", "name", "stage", "customer", "contact"});
  std::optional<RecordId> customer;
  if (const auto name = arguments.text("customer"))
    customer = resolve(context.session(), Kind::customer, *name);
  const Targets targets = bulk.targets(arguments.arguments("RECORD"), Kind::lead);
  for (const RecordId& lead : targets.records) {
    bulk.step(to_string(lead), [&] {
      const Conversion conversion = convert_lead(context.session(), lead, customer);
      if (conversion.written != Written::unchanged && !customer) tell_of_likely(context, conversion.customer);
      return WriteResult{lead,
                         conversion.written == Written::unchanged ? Written::unchanged : Written::updated};
    });
  }
  return bulk.finish(targets.several);
}

}  // namespace

CommandSpec lead_convert_command() {
  CommandSpec spec = verb_on_records(Kind::lead, "convert");
  spec.summary = "make customers and contacts of leads that are won";
  spec.details =
      "A customer (the lead's company, else the person) and a contact are made, and the lead comes into the "
      "stage that is won: all or nothing. "
      "The result names them; a lead that was converted before keeps those it has.";
  spec.examples = {
      {"crm lead convert 42", "one"},
      {"crm lead convert 42 --customer 7", "its contact joins a customer that is there already"},
      {"crm lead convert 42 -o json | jq -r .customer", "the customer that it became, for a script"}};
  spec.options.insert(spec.options.begin(), {.name = "customer",
                                             .help = "the customer that it belongs to, instead of a new one",
                                             .value = "CUSTOMER",
                                             .type = ValueType::text});
  spec.run = run_convert;
  return spec;
}

}  // namespace crm::cmd
