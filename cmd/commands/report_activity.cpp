#include <crm/report.h>

#include <utility>

#include "app/context.h"
#include "commands/commands.h"
#include "commands/report_options.h"
#include "output/row_builder.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

void write_columns(Writer& writer, const Activity& activity) {
  std::vector<Column> columns = {{.name = "owner", .label = "owner"},
                                 {.name = "followups", .label = "follow-ups", .right = true}};
  for (const std::string& type : activity.types)
    columns.push_back({.name = type, .label = type, .right = true});
  columns.push_back({.name = "on_time", .label = "on time", .right = true});
  columns.push_back({.name = "late", .label = "late", .right = true});
  columns.push_back({.name = "not_measurable", .label = "not measurable", .right = true});
  columns.push_back({.name = "on_time_rate", .label = "on-time rate", .right = true});
  writer.begin(columns);
}

void append_rate(RowBuilder& cells, const ActivityRow& row, bool for_people) {
  if (for_people) {
    cells.text(row.on_time_rate ? percent(row.on_time_rate) : "not measurable");
  } else {
    cells.number(row.on_time_rate);
  }
}

void write_row(Writer& writer, const ActivityRow& row, bool for_people) {
  RowBuilder cells;
  cells.text(row.owner);
  cells.number(row.followups);
  for (const std::int64_t count : row.by_type) cells.number(count);
  for (const std::int64_t count : {row.on_time, row.late, row.not_measurable}) cells.number(count);
  append_rate(cells, row, for_people);
  writer.row(cells.cells());
}

int run_activity(Context& context, const Arguments& arguments) {
  const Activity result =
      activity(context.session(), {arguments.text("owner").value_or(""), period_of(arguments)});
  const bool for_people = context.format() == Format::table;
  const auto writer = context.picking_writer(
      Shape::document, {"other", "meeting", "visit", "email", "wechat", "call", "not_measurable"});
  write_report_facts(*writer, arguments, {"owner"});
  write_period(*writer, context.session(), period_of(arguments));
  write_columns(*writer, result);
  for (const ActivityRow& row : result.rows) write_row(*writer, row, for_people);
  writer->end();
  write_fact(*writer, "followups", result.total.followups);
  write_fact(*writer, "on_time", result.total.on_time);
  write_fact(*writer, "late", result.total.late);
  write_fact(*writer, "not_measurable", result.total.not_measurable);
  RowBuilder rate;
  append_rate(rate, result.total, for_people);
  writer->fact("on_time_rate", rate.cells().front());
  writer->finish();
  return 0;
}

int run_report_overdue(Context& context, const Arguments& arguments) {
  Session& session = context.session();
  const Overdue result = overdue(session);
  const bool for_people = context.format() == Format::table;
  const auto writer = context.picking_writer(Shape::document);
  write_report_facts(*writer, arguments, {});
  const Column columns[] = {{.name = "owner", .label = "owner"},
                            {.name = "overdue", .label = "overdue", .right = true},
                            {.name = "oldest_due_at", .label = "oldest", .moment = true},
                            {.name = "oldest_days", .label = "days overdue", .right = true},
                            {.name = "median_days", .label = "median days", .right = true}};
  writer->begin(columns);
  for (const OverdueRow& row : result.rows) {
    RowBuilder cells;
    cells.text(row.owner);
    cells.number(row.plans);
    cells.text(format_moment(row.oldest, session.zone()));
    for (const double days : {row.oldest_days, row.median_days}) {
      for_people ? cells.text(decimal(days, 1)) : cells.number(std::optional(days));
    }
    writer->row(cells.cells());
  }
  writer->end();
  write_fact(*writer, "overdue", result.plans);
  writer->finish();
  return 0;
}

}  // namespace

CommandSpec report_activity_command() {
  CommandSpec spec;
  spec.words = {"report", "activity"};
  spec.summary = "show who followed up how often, and whether it was logged in time";
  spec.details =
      "Counts follow-ups that happened; plans are none. One that was logged at most 24 hours after it "
      "happened is on time (exactly 24:00:00 is); where "
      "nothing says when it was logged, that is not measurable. The on-time rate is on time ÷ (on time + "
      "late).";
  spec.examples = {{"crm report activity --from -1w", "the last seven days, for each person"},
                   {"crm report activity --owner li --from 2026-03-01 --to 2026-03-31 -o json",
                    "one person's month, for a script"}};
  spec.options = period_options("it happened");
  spec.options.push_back({.name = "owner",
                          .help = "just this user's",
                          .value = "USER",
                          .type = ValueType::text,
                          .completion = Completion::user});
  spec.needs = Needs::reading;
  spec.run = run_activity;
  return spec;
}

CommandSpec report_overdue_command() {
  CommandSpec spec;
  spec.words = {"report", "overdue"};
  spec.summary = "show who has how many overdue plans, and since when";
  spec.details = "Counts open plans whose due time has passed; 'crm followup overdue' lists them.";
  spec.examples = {{"crm report overdue", "everybody, the most plans first"},
                   {"crm report overdue --now 2026-01-15 -o csv",
                    "what of today's open plans was overdue on another day"}};
  spec.needs = Needs::reading;
  spec.run = run_report_overdue;
  return spec;
}

}  // namespace crm::cmd
