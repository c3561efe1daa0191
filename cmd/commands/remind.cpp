#include <crm/remind.h>

#include <utility>

#include "commands/commands.h"
#include "commands/delivery.h"
#include "commands/message_printer.h"
#include "commands/stop_signals.h"

namespace crm::cmd {
namespace {

std::string count_of(std::int64_t count) {
  return std::to_string(count) + (count == 1 ? " message" : " messages");
}

int run_remind(Context& context, const Arguments& arguments) {
  RemindOptions options;
  options.to = arguments.text("to").value_or("");
  options.explain = context.settings().verbose;
  StopSignals signals;
  const ChannelOptions channel = stoppable(chosen_channel(context, arguments), signals);
  if (!channel.name.empty()) options.channel = channel;
  Session& session = context.session();
  MessagePrinter printer(context,
                         session.dry_run() || (options.channel && options.channel->name == "stdout"));
  const RemindResult result = remind(session, options, printer);
  printer.finish();
  for (const std::string& line : result.skipped) context.say(line);
  if (context.settings().verbose && !session.dry_run()) {
    context.say(count_of(result.made) + " made, " + count_of(result.delivery.sent) + " sent");
  }
  // Who hears of it again is up to the delivery: without one, only who looks on is told.
  Delivery delivery = result.delivery;
  if (!options.channel) {
    const std::string held = without_address_line(std::exchange(delivery.without_address, {}));
    const bool looks_on = context.settings().verbose || session.dry_run() || context.out().is_terminal();
    if (!held.empty() && looks_on) context.say(held);
  }
  const int code = report_delivery(context, delivery);
  signals.end_by_them(context);
  return code;
}

}  // namespace

CommandSpec remind_command() {
  CommandSpec spec;
  spec.words = {"remind"};
  spec.summary = "remind people of what is overdue: one message per person and day";
  spec.details =
      "Acts by the reminder rules of the workflow. For each person and period of a rule there is one message "
      "that lists all that is due; "
      "it goes to the outbox, and with --channel out. However often it is run, and however many run at once, "
      "nobody gets a message "
      "twice. Nothing due: nothing is printed.\n\n"
      "What belongs to nobody goes to the team's lead, what belongs to somebody who has left to their "
      "manager, else to the team's lead; what then reaches nobody is told on the standard error. A message "
      "to a "
      "person "
      "without e-mail address stays open, which the delivery tells once; and so does one at an hour that a "
      "rule's 'hours' or the channel's "
      "leave quiet. Exit code 7: some messages could not be handed over; they are "
      "tried again.";
  spec.examples = {{"crm remind --dry-run", "the messages that would go out"},
                   {"crm remind --channel sendmail --from crm@example.com", "for cron: make and mail them"},
                   {"crm remind --to li --channel stdout", "print one person's"}};
  spec.options = channel_options();
  spec.options.insert(spec.options.begin(), {.name = "to",
                                             .help = "only this person's messages",
                                             .value = "USER",
                                             .type = ValueType::text,
                                             .completion = Completion::user});
  spec.needs = Needs::writing;
  spec.run = run_remind;
  return spec;
}

}  // namespace crm::cmd
