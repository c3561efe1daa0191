// Why a record has its score and its level.
#include <crm/ratings.h>

#include "app/context.h"
#include "commands/commands.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

int run_rating(Context& context, const Arguments& arguments) {
  Session& session = context.session();
  const RecordId record = resolve(session, arguments.spec().kind->kind, arguments.argument("RECORD"));
  list_rating(session, record, *context.picking_writer(Shape::list));
  return 0;
}

CommandSpec rating_command(const Entity& kind, const std::string& verb) {
  const std::string name(kind.name);
  CommandSpec spec;
  spec.words = {name, verb};
  spec.summary = "show why a " + name + " has its " + verb;
  spec.details = "Each row of the workflow's table ('" + verb +
                 "'), whether it counts, and where not, the part of its condition that fails. To set the " +
                 verb + " by hand for a time: crm " + name + " edit ID --" + verb + " VALUE --" + verb +
                 "-until DATE.";
  spec.examples = {{"crm " + name + " " + verb + " 42", "term by term"}};
  spec.arguments = {{.name = "RECORD",
                     .help = "a number, e-mail, phone, exact name or ref:SOURCE/KEY",
                     .completion = Completion::record}};
  spec.needs = Needs::reading;
  spec.kind = &kind;
  spec.run = run_rating;
  return spec;
}

}  // namespace

CommandSpec lead_score_command() {
  return rating_command(entity(Kind::lead), "score");
}
CommandSpec customer_level_command() {
  return rating_command(entity(Kind::customer), "level");
}

}  // namespace crm::cmd
