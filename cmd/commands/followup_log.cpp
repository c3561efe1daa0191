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

// The options of the follow-up's fields, but for some.
std::vector<OptionSpec> options_without(std::vector<std::string_view> fields) {
  std::vector<OptionSpec> options = field_options(entity(Kind::followup));
  const auto unwanted = [&](const OptionSpec& option) {
    return std::find(fields.begin(), fields.end(), option.field) != fields.end();
  };
  options.erase(std::remove_if(options.begin(), options.end(), unwanted), options.end());
  return options;
}

CommandSpec verb_about_records(const std::string& verb, std::vector<OptionSpec> options) {
  CommandSpec spec = verb_on_records(Kind::followup, verb);
  spec.arguments.front().completion = Completion::subject;
  spec.arguments.front().help =
      "what it is about: lead/42, customer/7, contact/3; without a kind a lead; '-' reads them from the "
      "standard input; or terms "
      "such as stage=new, which choose leads";
  spec.options.insert(spec.options.begin(), options.begin(), options.end());
  spec.field_options = true;
  return spec;
}

Targets records_spoken_of(BulkWrite& bulk, const Arguments& arguments) {
  TargetRules rules;
  rules.other_kinds = true;
  return bulk.targets(arguments.arguments("RECORD"), Kind::lead, rules);
}

std::string record_names(const LoggedFollowup& logged) {
  std::string text;
  if (logged.completed) text += "settled " + to_string(*logged.completed);
  if (logged.next) text += (text.empty() ? "planned " : ", planned ") + to_string(*logged.next);
  return text;
}

int run_followup_log(Context& context, const Arguments& arguments) {
  if (arguments.has("plan") && arguments.has("keep-plan"))
    throw Error(ErrorCode::usage, "'--plan' and '--keep-plan' exclude each other");
  BulkWrite bulk(context, arguments);
  LogFollowup log;
  log.fields = field_texts(arguments);
  log.next = arguments.text("next").value_or("");
  log.keep_plan = arguments.has("keep-plan");
  if (const auto plan = arguments.text("plan"))
    log.plan = resolve(context.session(), Kind::followup, *plan).id;
  const Targets targets = records_spoken_of(bulk, arguments);
  if (log.plan && targets.records.size() != 1) throw Error(ErrorCode::usage, "'--plan' is for one record");
  for (const RecordId& about : targets.records) {
    bulk.step(to_string(about), [&] {
      log.about = about;
      const LoggedFollowup logged = log_followup(context.session(), log);
      const std::string others = record_names(logged);
      if (!others.empty()) context.session().notice(to_string(logged.followup) + ": " + others);
      return WriteResult{logged.followup, Written::added};
    });
  }
  return bulk.finish(targets.several);
}

int run_plan(Context& context, const Arguments& arguments) {
  std::vector<FieldText> fields = field_texts(arguments);
  if (const auto due = arguments.text("due")) fields.push_back({"due_at", *due});
  BulkWrite bulk(context, arguments);
  const Targets targets = records_spoken_of(bulk, arguments);
  for (const RecordId& about : targets.records) {
    bulk.step(to_string(about), [&] { return plan_followup(context.session(), about, fields); });
  }
  return bulk.finish(targets.several);
}

}  // namespace

CommandSpec followup_log_command() {
  CommandSpec spec = verb_about_records("log", options_without({"about", "due_at"}));
  spec.summary = "record talks that happened";
  spec.details =
      "The record's oldest open plan is settled by it. A talk that is logged more than 24 hours after it "
      "happened counts as late.";
  spec.examples = {
      {"crm followup log lead/1 --type call --note \"Interested, wants a quote\" --next +3d",
       "a call just now, and the next one planned"},
      {"crm followup log customer/7 --type visit --at 2026-03-01T15:00 --outcome agreed",
       "a visit some time ago"},
      {"crm followup log lead/1 --type email --plan 12", "settles that plan instead of the oldest one"}};
  const OptionSpec own[] = {
      {.name = "next", .help = "plan the next one at that time", .value = "TIME", .type = ValueType::text},
      {.name = "plan",
       .help = "the plan that it settles; default: the record's oldest open one",
       .value = "FOLLOWUP",
       .type = ValueType::text},
      {.name = "keep-plan", .help = "settle no plan"}};
  spec.options.insert(spec.options.begin(), std::begin(own), std::end(own));
  spec.run = run_followup_log;
  return spec;
}

CommandSpec followup_plan_command() {
  CommandSpec spec = verb_about_records("plan", options_without({"about", "at", "outcome"}));
  spec.summary = "plan talks";
  spec.details =
      "The plan is the record's owner's unless --owner says otherwise. A record in a stage with an outcome "
      "gets none.";
  spec.examples = {{"crm followup plan lead/1 --due +3d --type call", "in three days"},
                   {"crm followup plan stage=proposal owner=li --due mon --note \"ask for the decision\"",
                    "for all leads that meet the conditions"}};
  spec.options.insert(spec.options.begin(), {.name = "due",
                                             .help = "when it is to happen; the same as --due-at",
                                             .value = "TIME",
                                             .type = ValueType::text});
  spec.run = run_plan;
  return spec;
}

}  // namespace crm::cmd
