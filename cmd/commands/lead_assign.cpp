#include <crm/error.h>
#include <crm/leads.h>

#include "app/context.h"
#include "commands/bulk_write.h"
#include "commands/commands.h"
#include "commands/targets.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

// All at once, so that whoever can take them is counted just once. With --keep-going one by one, so that one
// can fail alone.
int assign_automatically(Context& context, const Arguments& arguments) {
  BulkWrite bulk(context, arguments);
  const Targets targets = bulk.targets(arguments.arguments("RECORD"), Kind::lead);
  if (arguments.has("keep-going")) {
    for (const RecordId& lead : targets.records) {
      bulk.step(to_string(lead), [&] {
        return assign_leads_automatically(context.session(), {&lead, 1}).front();
      });
    }
    return bulk.finish(targets.several);
  }
  for (const WriteResult& result : assign_leads_automatically(context.session(), targets.records)) {
    bulk.step(to_string(result.record), [&] { return result; });
  }
  return bulk.finish(targets.several);
}

int run_assign(Context& context, const Arguments& arguments) {
  const auto user = arguments.text("to");
  if (user.has_value() == arguments.has("auto")) {
    throw Error(ErrorCode::usage,
                user ? "'--to' and '--auto' exclude each other" : "nothing says who gets the leads",
                "give --to USER or --auto");
  }
  if (!user) return assign_automatically(context, arguments);
  return write_each(context, arguments, Kind::lead,
                    [&](RecordId lead) { return assign_lead(context.session(), lead, *user); });
}

int run_claim(Context& context, const Arguments& arguments) {
  return write_each(context, arguments, Kind::lead,
                    [&](RecordId lead) { return claim_lead(context.session(), lead); });
}

int run_release(Context& context, const Arguments& arguments) {
  return write_each(context, arguments, Kind::lead,
                    [&](RecordId lead) { return release_lead(context.session(), lead); });
}

}  // namespace

CommandSpec lead_assign_command() {
  CommandSpec spec = verb_on_records(Kind::lead, "assign");
  spec.summary = "give leads to a user";
  spec.details =
      "--auto gives each lead to one of the active users of its team who are not absent, or, where it has "
      "none, of all who have a team: to "
      "whoever has the fewest open leads; among equals they take turns.";
  spec.examples = {
      {"crm lead assign 42 --to li", "one"},
      {"crm lead list stage=new owner= -o ids | crm lead assign - --auto", "all new ones that nobody has"},
      {"crm lead assign region=East owner= --to li --dry-run", "show what would change"}};
  spec.options.insert(spec.options.begin(), {{.name = "to",
                                              .help = "who gets them: name, login or e-mail",
                                              .value = "USER",
                                              .type = ValueType::text,
                                              .completion = Completion::user,
                                              .field = "owner"},
                                             {.name = "auto", .help = "whoever has the fewest open leads"}});
  spec.run = run_assign;
  return spec;
}

CommandSpec lead_claim_command() {
  CommandSpec spec = verb_on_records(Kind::lead, "claim");
  spec.summary = "take leads out of the shared pool";
  spec.details =
      "Whoever runs the command becomes the owner. A lead that somebody has is refused, with exit code 6.";
  spec.examples = {{"crm lead claim 42", "one"}, {"crm lead claim 42 --as li", "for somebody else"}};
  spec.run = run_claim;
  return spec;
}

CommandSpec lead_release_command() {
  CommandSpec spec = verb_on_records(Kind::lead, "release");
  spec.summary = "give leads back to the shared pool";
  spec.examples = {{"crm lead release 42", "one"},
                   {"crm lead release owner=li stage=new", "all new ones of one user"}};
  spec.run = run_release;
  return spec;
}

}  // namespace crm::cmd
