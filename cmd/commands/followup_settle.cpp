#include <crm/error.h>
#include <crm/followups.h>

#include <algorithm>

#include "app/context.h"
#include "commands/bulk_write.h"
#include "commands/commands.h"
#include "commands/field_options.h"
#include "commands/targets.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

int run_done(Context& context, const Arguments& arguments) {
  const std::vector<FieldText> fields = field_texts(arguments);
  return write_each(context, arguments, Kind::followup,
                    [&](RecordId plan) { return complete_followup(context.session(), plan, fields); });
}

int run_reschedule(Context& context, const Arguments& arguments) {
  const auto given = arguments.text("due");
  const std::string due = given ? *given : arguments.text("due-at").value_or("");
  if (due.empty()) throw Error(ErrorCode::usage, "nothing says when the plans are due", "give --due TIME");
  return write_each(context, arguments, Kind::followup,
                    [&](RecordId plan) { return reschedule_followup(context.session(), plan, due); });
}

int run_snooze(Context& context, const Arguments& arguments) {
  const auto until = arguments.text("until");
  if (!until) throw Error(ErrorCode::usage, "nothing says how long", "give --until TIME");
  return write_each(context, arguments, Kind::followup,
                    [&](RecordId plan) { return snooze_followup(context.session(), plan, *until); });
}

int run_ack(Context& context, const Arguments& arguments) {
  return write_each(context, arguments, Kind::followup,
                    [&](RecordId plan) { return acknowledge_followup(context.session(), plan); });
}

int run_followup_cancel(Context& context, const Arguments& arguments) {
  const std::string reason = arguments.text("reason").value_or("");
  return write_each(context, arguments, Kind::followup,
                    [&](RecordId plan) { return cancel_followup(context.session(), plan, reason); });
}

}  // namespace

CommandSpec followup_done_command() {
  CommandSpec spec = verb_on_records(Kind::followup, "done");
  spec.summary = "settle plans that were carried out";
  spec.details = "The plan becomes a talk that happened: now, or at --at.";
  spec.examples = {{"crm followup done 12 --outcome agreed", "one"},
                   {"crm followup done 12 --at -2h --note \"left a message\"", "two hours ago"}};
  for (OptionSpec& option : field_options(*spec.kind)) {
    static constexpr std::string_view kSettable[] = {"at", "type", "outcome", "note"};
    if (std::find(std::begin(kSettable), std::end(kSettable), option.field) != std::end(kSettable))
      spec.options.push_back(std::move(option));
  }
  spec.run = run_done;
  return spec;
}

CommandSpec followup_snooze_command() {
  CommandSpec spec = verb_on_records(Kind::followup, "snooze");
  spec.summary = "remind nobody of plans for a while";
  spec.details = "They stay due, and in every list. 'crm followup reschedule' ends it.";
  spec.examples = {{"crm followup snooze 12 --until tomorrow", "one"}};
  spec.options.insert(
      spec.options.begin(),
      {.name = "until", .help = "when reminders may come again", .value = "TIME", .type = ValueType::text});
  spec.run = run_snooze;
  return spec;
}

CommandSpec followup_ack_command() {
  CommandSpec spec = verb_on_records(Kind::followup, "ack");
  spec.summary = "acknowledge plans: remind nobody of them, the manager neither, until they are rescheduled";
  spec.examples = {{"crm followup ack 12 13", "two"}};
  spec.run = run_ack;
  return spec;
}

CommandSpec followup_reschedule_command() {
  CommandSpec spec = verb_on_records(Kind::followup, "reschedule");
  spec.summary = "move plans to another time";
  spec.examples = {{"crm followup reschedule 12 --due +1w", "a week from now"},
                   {"crm followup overdue --owner li -o ids | crm followup reschedule - --due tomorrow",
                    "all that is overdue"}};
  const OptionSpec own[] = {
      {.name = "due", .help = "when it is to happen", .value = "TIME", .type = ValueType::text},
      {.name = "due-at", .help = "the same", .value = "TIME", .type = ValueType::text}};
  spec.options.insert(spec.options.begin(), std::begin(own), std::end(own));
  spec.run = run_reschedule;
  return spec;
}

CommandSpec followup_cancel_command() {
  CommandSpec spec = verb_on_records(Kind::followup, "cancel");
  spec.summary = "settle plans that are no longer needed";
  spec.details = "Their outcome becomes the reason, else 'cancelled'.";
  spec.examples = {{"crm followup cancel 12 --reason \"called us first\"", "one"}};
  spec.options.insert(spec.options.begin(),
                      {.name = "reason", .help = "why", .value = "TEXT", .type = ValueType::text});
  spec.run = run_followup_cancel;
  return spec;
}

}  // namespace crm::cmd
