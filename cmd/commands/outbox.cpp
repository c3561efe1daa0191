#include <crm/error.h>
#include <crm/text.h>

#include "commands/commands.h"
#include "commands/delivery.h"
#include "commands/message_printer.h"

namespace crm::cmd {
namespace {

int run_list(Context& context, const Arguments& arguments) {
  OutboxQuery query;
  query.state = arguments.text("state").value_or("");
  query.person = arguments.text("person").value_or("");
  query.limit = arguments.integer("limit");
  list_outbox(context.session(), query, *context.picking_writer(Shape::list));
  return 0;
}

int run_show(Context& context, const Arguments& arguments) {
  const std::string text = arguments.argument("ID");
  const auto id = parse_integer(text);
  if (!id)
    throw Error(ErrorCode::usage, quoted(text) + " is no number of a message",
                "list them with 'crm outbox list'");
  show_message(context.session(), *id, *context.picking_writer(Shape::object));
  return 0;
}

int run_flush(Context& context, const Arguments& arguments) {
  if (!arguments.has("channel"))
    throw Error(ErrorCode::usage, "where to deliver is not said", "give '--channel sendmail' or another");
  Session& session = context.session();
  const ChannelOptions channel = chosen_channel(context, arguments);
  MessagePrinter printer(context, session.dry_run() || channel.name == "stdout");
  const Delivery delivery = flush_outbox(session, channel, printer);
  printer.finish();
  if (context.settings().verbose && !session.dry_run()) context.say(std::to_string(delivery.sent) + " sent");
  return report_delivery(context, delivery);
}

}  // namespace

CommandSpec outbox_list_command() {
  CommandSpec spec;
  spec.words = {"outbox", "list"};
  spec.summary = "list messages, newest first";
  spec.details =
      "A message is queued, sending, sent, failed (refused for good), dead (given up after many tries), "
      "doubt or cancelled. Times here are by "
      "the system's clock.";
  spec.examples = {{"crm outbox list --state queued", "what waits"},
                   {"crm outbox list --person li --limit 5 -o json", "what one person got"}};
  spec.options = {{.name = "state",
                   .help = "only those in this state",
                   .value = "STATE",
                   .type = ValueType::choice,
                   .choices = outbox_states(),
                   .completion = Completion::choices},
                  {.name = "person",
                   .help = "only those to this person",
                   .value = "USER",
                   .type = ValueType::text,
                   .completion = Completion::user},
                  {.name = "limit", .help = "at most so many", .value = "N", .type = ValueType::count}};
  spec.needs = Needs::reading;
  spec.run = run_list;
  return spec;
}

CommandSpec outbox_show_command() {
  CommandSpec spec;
  spec.words = {"outbox", "show"};
  spec.summary = "show one message with its text: when, to whom, by which rule, what the other side said";
  spec.examples = {{"crm outbox show 17", "one message"}};
  spec.arguments = {{.name = "ID", .help = "its number in 'crm outbox list'"}};
  spec.needs = Needs::reading;
  spec.run = run_show;
  return spec;
}

CommandSpec outbox_flush_command() {
  CommandSpec spec;
  spec.words = {"outbox", "flush"};
  spec.summary = "deliver the messages that wait";
  spec.details =
      "Each message has one sender at a time, whatever else runs. One whose sender was killed before it "
      "could note what came of it is "
      "sent again with the same Message-ID. A message that cannot be delivered now waits a minute, then 5, "
      "30, two hours and six; then it "
      "is given up. Exit code 7: some did not go out.";
  spec.examples = {{"crm outbox flush --channel sendmail --from crm@example.com", "for cron"},
                   {"crm outbox flush --channel file:out", "as mail files in the directory 'out'"}};
  spec.options = channel_options();
  spec.needs = Needs::writing;
  spec.run = run_flush;
  return spec;
}

}  // namespace crm::cmd
