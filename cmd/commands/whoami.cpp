#include <crm/identity.h>

#include "app/account.h"
#include "app/context.h"
#include "commands/commands.h"
#include "output/facts.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

// A session of its own: strangers may ask too.
int run_whoami(Context& context, const Arguments& /*arguments*/) {
  SessionOptions options = context.session_options();
  options.account = operating_system_account();
  Session session(options);
  const Identity identity = whoami(session);
  std::string concealed;
  for (const std::string& field : identity.concealed) concealed += (concealed.empty() ? "" : ", ") + field;
  Facts facts;
  const auto text = [&](const std::string& name, const std::string& value) {
    if (value.empty()) {
      facts.nothing(name);
    } else {
      facts.text(name, value);
    }
  };
  text("account", identity.account);
  text("user", identity.user);
  text("team", identity.team);
  text("role", identity.role);
  text("see", identity.see);
  text("edit", identity.edit);
  text("masked", concealed);
  facts.write(*context.picking_writer(Shape::object));
  if (identity.user.empty()) context.say("no user of this database has that name, login or e-mail");
  if (!identity.user.empty() && !identity.refused.empty())
    context.say("all other commands are refused: " + identity.refused);
  if (!identity.roles) context.say("the workflow has no roles: everybody may do everything");
  return 0;
}

}  // namespace

CommandSpec whoami_command() {
  CommandSpec spec;
  spec.words = {"whoami"};
  spec.summary = "show who acts, and what the role lets them see and do";
  spec.details =
      "Who acts is the operating system's account, held against the users' logins, names and e-mails. --as, "
      "CRM_USER and "
      "LOGNAME name another; where the workflow has roles, only a role with 'as' lets one act for others. "
      "What is masked are "
      "the sensitive fields that the role does not reveal.";
  spec.examples = {{"crm whoami", "account, user, team, role"}};
  spec.needs = Needs::reading;
  spec.run = run_whoami;
  return spec;
}

}  // namespace crm::cmd
