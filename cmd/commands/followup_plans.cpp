#include <crm/error.h>
#include <crm/followups.h>

#include "app/context.h"
#include "commands/commands.h"
#include "commands/field_list.h"
#include "commands/list.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

constexpr std::int64_t kMostDays = 36500;

int run(Context& context, const Arguments& arguments, PlanList which) {
  if (wants_field_list(context)) return print_field_list(context, Kind::followup);
  PlanQuery plans;
  plans.list = which;
  plans.owner = arguments.text("owner").value_or("");
  if (which == PlanList::agenda) {
    const std::int64_t days = arguments.integer("days").value_or(plans.days);
    if (days < 1 || days > kMostDays)
      throw Error(ErrorCode::usage, "'--days' takes 1 to " + std::to_string(kMostDays));
    plans.days = static_cast<int>(days);
  }
  plans.query = list_query(context, arguments, Kind::followup);
  if (which == PlanList::agenda && arguments.has("ics")) {
    context.out().write(plan_calendar(context.session(), plans));
    return 0;
  }
  const auto writer = context.writer(Shape::list, arguments.has("safe-csv"), {"at", "outcome", "type"});
  say_more(context, list_plans(context.session(), plans, *writer));
  return 0;
}

int run_due(Context& context, const Arguments& arguments) {
  return run(context, arguments, PlanList::due);
}
int run_overdue(Context& context, const Arguments& arguments) {
  return run(context, arguments, PlanList::overdue);
}
int run_agenda(Context& context, const Arguments& arguments) {
  return run(context, arguments, PlanList::agenda);
}

CommandSpec plan_list(const std::string& verb) {
  CommandSpec spec;
  spec.kind = &entity(Kind::followup);
  spec.words = {"followup", verb};
  spec.arguments = {term_argument()};
  spec.options = list_options();
  spec.options.insert(spec.options.begin(), {.name = "owner",
                                             .help = "just this user's",
                                             .value = "USER",
                                             .type = ValueType::text,
                                             .completion = Completion::user});
  spec.needs = Needs::reading;
  return spec;
}

}  // namespace

CommandSpec followup_due_command() {
  CommandSpec spec = plan_list("due");
  spec.summary = "list plans that are due today or overdue";
  spec.examples = {{"crm followup due --owner li", "what one user has to do today"}};
  spec.run = run_due;
  return spec;
}

CommandSpec followup_overdue_command() {
  CommandSpec spec = plan_list("overdue");
  spec.summary = "list plans whose time has passed";
  spec.details = "The oldest come first, unless --sort says otherwise.";
  spec.examples = {{"crm followup overdue -o json", "all of them"},
                   {"crm followup overdue --owner li --limit 50", "one user's"},
                   {"crm followup overdue --now 2026-01-15 -o jsonl | head -3",
                    "what of today's open plans was, or will be, overdue on another day"}};
  spec.run = run_overdue;
  return spec;
}

CommandSpec followup_agenda_command() {
  CommandSpec spec = plan_list("agenda");
  spec.summary = "list the plans of the next days, overdue ones first";
  spec.examples = {{"crm followup agenda --owner li", "a week"},
                   {"crm followup agenda --days 1", "today, everybody's"},
                   {"crm followup agenda --days 90 --owner li --ics > li.ics", "for a calendar program"}};
  spec.options.insert(spec.options.begin(), {.name = "days",
                                             .help = "how many days, today being the first; default: 7",
                                             .value = "N",
                                             .type = ValueType::count});
  spec.options.push_back({.name = "ics", .help = "as an iCalendar file, for calendar programs"});
  spec.run = run_agenda;
  return spec;
}

}  // namespace crm::cmd
