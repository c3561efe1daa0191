#include <crm/error.h>
#include <crm/text.h>

#include <algorithm>

#include "commands/commands.h"
#include "commands/delivery.h"
#include "commands/message_printer.h"
#include "commands/stop_signals.h"
#include "output/no_rows.h"

namespace crm::cmd {
namespace {

std::int64_t message_number(const std::string& text) {
  const auto id = parse_integer(text);
  if (!id)
    throw Error(ErrorCode::usage, quoted(text) + " is no number of a message",
                "list them with 'crm outbox list'");
  return *id;
}

int run_outbox_list(Context& context, const Arguments& arguments) {
  OutboxQuery query;
  query.state = arguments.text("state").value_or("");
  query.person = arguments.text("person").value_or("");
  query.limit = arguments.integer("limit");
  list_outbox(context.session(), query,
              *context.picking_writer(
                  Shape::list, {"next_try_at", "channel", "rule", "attempts", "address", "created_at"}));
  return 0;
}

int run_outbox_show(Context& context, const Arguments& arguments) {
  show_message(context.session(), message_number(arguments.argument("ID")),
               *context.picking_writer(Shape::object));
  return 0;
}

int run_flush(Context& context, const Arguments& arguments) {
  StopSignals signals;
  const ChannelOptions channel = stoppable(chosen_channel(context, arguments), signals);
  Session& session = context.session();
  MessagePrinter printer(context, session.dry_run() || channel.name == "stdout");
  const Delivery delivery = flush_outbox(session, channel, printer);
  printer.finish();
  if (context.settings().verbose && !session.dry_run()) context.say(std::to_string(delivery.sent) + " sent");
  const int code = report_delivery(context, delivery);
  signals.end_by_them(context);
  return code;
}

using MoveMessages = void (*)(Session&, std::span<const std::int64_t>, RowSink&);

int move(Context& context, const Arguments& arguments, MoveMessages act) {
  std::vector<std::int64_t> messages;
  for (const std::string& word : arguments.arguments("ID")) messages.push_back(message_number(word));
  NoRows no_rows;
  if (context.settings().quiet) {
    act(context.session(), messages, no_rows);
  } else {
    act(context.session(), messages,
        *context.picking_writer(messages.size() > 1 ? Shape::list : Shape::object));
  }
  if (context.session().dry_run()) context.say("dry run: nothing was changed");
  return 0;
}

int run_retry(Context& context, const Arguments& arguments) {
  return move(context, arguments, retry_messages);
}

int run_outbox_cancel(Context& context, const Arguments& arguments) {
  return move(context, arguments, cancel_messages);
}

int run_purge(Context& context, const Arguments& arguments) {
  const auto before = arguments.text("before");
  if (!before)
    throw Error(ErrorCode::usage, "nothing says how old the messages must be", "give --before -90d");
  if (const auto seconds = arguments.integer("wait")) context.wait_at_most(std::chrono::seconds(*seconds));
  Session& session = context.session();
  const std::int64_t count = purge_outbox(session, parse_when(*before, session.now(), session.zone()));
  // Cron runs it: nothing is said of what went well.
  if (!session.dry_run() && !context.settings().verbose) return 0;
  context.say(std::to_string(count) + (count == 1 ? " message" : " messages") +
              (session.dry_run() ? " would be erased" : " erased"));
  return 0;
}

int run_sandbox(Context& context, const Arguments& arguments) {
  const std::string word = arguments.argument("ON-OFF");
  Session& session = context.session();
  if (!word.empty()) set_sandbox(session, word == "on");
  context.out().write(is_sandbox(session) ? "on\n" : "off\n");
  return 0;
}

CommandSpec verb_on_messages(const char* verb) {
  CommandSpec spec;
  spec.words = {"outbox", verb};
  spec.arguments = {{.name = "ID", .help = "its number in 'crm outbox list'", .repeated = true}};
  spec.needs = Needs::writing;
  return spec;
}

}  // namespace

CommandSpec outbox_list_command() {
  CommandSpec spec;
  spec.words = {"outbox", "list"};
  spec.summary = "list messages, newest first";
  spec.details =
      "A message is queued, sending, sent, failed (refused for good), dead (given up after many tries), "
      "doubt (its sender was killed, or no answer came: it may have arrived; one that is to be sent again "
      "goes at the next flush) or cancelled. Times here are by "
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
  spec.run = run_outbox_list;
  return spec;
}

CommandSpec outbox_show_command() {
  CommandSpec spec;
  spec.words = {"outbox", "show"};
  spec.summary = "show one message with its text: when, to whom, by which rule, what the other side said";
  spec.examples = {{"crm outbox show 17", "one message"}};
  spec.arguments = {{.name = "ID", .help = "its number in 'crm outbox list'"}};
  spec.needs = Needs::reading;
  spec.run = run_outbox_show;
  return spec;
}

CommandSpec outbox_flush_command() {
  CommandSpec spec;
  spec.words = {"outbox", "flush"};
  spec.summary = "deliver the messages that wait";
  spec.details =
      "Each message goes by the channel that it names, else by the default one; with --channel only what "
      "goes by that "
      "one, or names none.\n\n"
      "Each message has one sender at a time, whatever else runs. One whose sender was killed before it "
      "could note what came of it is "
      "sent again with the same Message-ID, or held in doubt where it is to a customer. A message that "
      "cannot be delivered now is tried again after a minute, then 5, 30, two hours and six (by --now, where "
      "it "
      "is ahead); after these five retries it is given up. A fault of the server before a mail was begun (no "
      "line, no encryption, the account refused) counts against no message. One to somebody without an "
      "e-mail "
      "address stays open, which is told once. SIGTERM ends it after the message at hand. Exit code 7: some "
      "did "
      "not go out; 74: the channel is out of order, and its messages wait.";
  spec.examples = {
      {"crm outbox flush", "for cron: each message by its channel"},
      {"crm outbox flush --channel sendmail --from crm@example.com", "by the local mail program"},
      {"crm outbox flush --channel file:out", "as mail files in the directory 'out'"}};
  spec.options = channel_options();
  spec.needs = Needs::writing;
  spec.run = run_flush;
  return spec;
}

CommandSpec outbox_retry_command() {
  CommandSpec spec = verb_on_messages("retry");
  spec.summary = "put messages that are in doubt, failed or dead into the queue again";
  spec.details = "Sent again they have the same Message-ID. All of them or none.";
  spec.examples = {{"crm outbox retry 17", "one"}};
  spec.run = run_retry;
  return spec;
}

CommandSpec outbox_cancel_command() {
  CommandSpec spec = verb_on_messages("cancel");
  spec.summary = "never send these messages";
  spec.details = "What was sent or is being sent cannot be cancelled. All of them or none.";
  spec.examples = {{"crm outbox cancel 18 19", "two"}};
  spec.run = run_outbox_cancel;
  return spec;
}

CommandSpec outbox_purge_command() {
  CommandSpec spec;
  spec.words = {"outbox", "purge"};
  spec.summary = "erase what old messages said and to whom";
  spec.details =
      "Only of messages that were sent, failed, given up or cancelled. Their keys stay, so that nothing is "
      "made a "
      "second time. How many it were is said with -v.";
  spec.examples = {{"crm outbox purge --before -90d", "what was made more than 90 days ago"}};
  spec.options = {{.name = "before", .help = "made before then", .value = "TIME", .type = ValueType::text},
                  {.name = "wait",
                   .help = "how long to wait for a busy database; 0: not at all",
                   .value = "SECONDS",
                   .type = ValueType::count}};
  spec.needs = Needs::writing;
  spec.run = run_purge;
  return spec;
}

CommandSpec outbox_sandbox_command() {
  CommandSpec spec;
  spec.words = {"outbox", "sandbox"};
  spec.summary = "mark the database as a sandbox, which sends nothing to anybody";
  spec.details =
      "For copies and trials. Messages can still be printed with '--channel stdout'. Without a word it says "
      "how it is.";
  spec.examples = {{"crm outbox sandbox on", "from now on nothing is sent"}};
  spec.arguments = {{.name = "ON-OFF",
                     .help = "on or off",
                     .required = false,
                     .choices = {"on", "off"},
                     .completion = Completion::choices}};
  spec.needs = Needs::writing;
  spec.run = run_sandbox;
  return spec;
}

}  // namespace crm::cmd
