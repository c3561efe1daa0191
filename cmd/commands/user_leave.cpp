#include <crm/error.h>
#include <crm/users.h>

#include <string>

#include "app/context.h"
#include "commands/bulk_write.h"
#include "commands/commands.h"
#include "commands/targets.h"
#include "output/facts.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

// The name under which one part of a handover is printed: `leads`, or `teams_lead` where the field says more
// than whose it is.
std::string part_name(const Holding& part) {
  const std::string kind = std::string(entity(part.kind).name) + 's';
  return part.field == "owner" ? kind : kind + '_' + std::string(part.field);
}

int run_deactivate(Context& context, const Arguments& arguments) {
  return write_each(context, arguments, Kind::user,
                    [&](RecordId user) { return deactivate_user(context.session(), user); });
}

int run_transfer(Context& context, const Arguments& arguments) {
  Session& session = context.session();
  const auto to = arguments.text("to");
  if (!to) throw Error(ErrorCode::usage, "nothing says who takes over", "give --to USER");
  Write write(session);
  const RecordId user = resolve(session, Kind::user, arguments.argument("USER"));
  const Handover handover = transfer_holdings(session, user, *to);
  write.commit();
  context.say_notices();
  if (context.settings().dry_run) context.say("dry run: nothing was changed");
  if (context.settings().quiet) return 0;
  Facts facts;
  facts.text("from", handover.from);
  facts.text("to", handover.to);
  for (const Holding& part : handover.holdings) facts.number(part_name(part), part.records);
  facts.write(*context.picking_writer(Shape::object));
  return 0;
}

}  // namespace

CommandSpec user_deactivate_command() {
  CommandSpec spec = verb_on_records(Kind::user, "deactivate");
  spec.summary = "keep users who have left from getting anything new";
  spec.details =
      "Who is not active gets no leads and no messages. Their records stay theirs: 'crm user transfer' hands "
      "them over. 'crm user edit "
      "NAME --active yes' takes them back.";
  spec.examples = {{"crm user deactivate li", "li has left"},
                   {"crm user transfer li --to wang", "and wang takes over"}};
  spec.run = run_deactivate;
  return spec;
}

CommandSpec user_transfer_command() {
  CommandSpec spec;
  spec.words = {"user", "transfer"};
  spec.summary = "hand over all that a user answers for";
  spec.details =
      "Customers, leads and open plans get the other as their owner, teams as their lead, users as their "
      "manager: in one change, which "
      "'crm undo' takes back. Follow-ups that happened stay with whoever did them.";
  spec.examples = {{"crm user transfer li --to wang", "wang takes over from li"},
                   {"crm user transfer li --to wang --dry-run", "how much that is"}};
  spec.arguments = {
      {.name = "USER", .help = "who hands over: name, login or e-mail", .completion = Completion::user}};
  spec.options = {{.name = "to",
                   .help = "who takes over: name, login or e-mail",
                   .value = "USER",
                   .type = ValueType::text,
                   .completion = Completion::user}};
  spec.needs = Needs::writing;
  spec.run = run_transfer;
  return spec;
}

}  // namespace crm::cmd
