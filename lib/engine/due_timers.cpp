#include "engine/due_timers.h"

#include <vector>

#include "engine/messages.h"
#include "engine/reactions.h"
#include "engine/record_texts.h"
#include "engine/rule_reactor.h"
#include "engine/sla_points.h"
#include "engine/timers.h"
#include "engine/unix_seconds.h"
#include "records/write_record.h"

namespace crm {
namespace {

void note_step(Session& session, const DueTimer& due, const std::optional<Moment>& next, std::int64_t step,
               const char* state) {
  const Param params[] = {static_cast<std::int64_t>(due.record.kind), due.record.id, due.name,
                          next ? Param(seconds_of(*next)) : Param(),  step,          state};
  session.state().connection->execute(
      "UPDATE timer SET due_at = $4, step = $5, state = $6 WHERE kind = $1 AND record = $2 AND name = $3",
      params);
}

std::string tell(Session& session, const StoredRecord& record, const DueTimer& due, const SlaStep& step) {
  RecordMessage message;
  message.rule = "sla-" + due.name + "-" + std::to_string(step.percent);
  message.to = step.to;
  message.template_name = step.template_name;
  const std::string what = due.name == kRespondTimer ? "to be answered" : "to be settled";
  message.subject = "{{#if zh}}{{name}}:时限已过 " + std::to_string(step.percent) + "%{{else}}{{name}} is " +
                    what + ": " + std::to_string(step.percent) + "% of the time has passed{{/if}}";
  message.body = "{{#if zh}}{{name}}({{record}})的处理时限已过 " + std::to_string(step.percent) +
                 "%,当前阶段 {{stage}},负责人 {{owner}}。\n{{else}}{{name}} ({{record}}) is " + what + ": " +
                 std::to_string(step.percent) +
                 "% of the time has passed. Stage: {{stage}}. Owner: {{owner}}.\n{{/if}}";
  message.cause = Reactions::of(session).cause(session);
  return due.name + " " + std::to_string(step.percent) + "%: " + send_about(session, record, message);
}

}  // namespace

std::optional<std::int64_t> next_timer(Connection& connection) {
  return connection.query_integer(
      "SELECT due_at FROM timer WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1");
}

void stop_timer(Session& session, const DueTimer& due) {
  const Param params[] = {static_cast<std::int64_t>(due.record.kind), due.record.id, due.name};
  session.state().connection->execute(
      "UPDATE timer SET due_at = NULL, step = step + 1, state = 'over' WHERE kind = $1 AND record = $2 AND "
      "name = $3",
      params);
}

namespace {

// The row that the clock runs by, though another may match as time goes by: each step acts once.
std::vector<SlaPoint> points_of_timer(Session& session, const DueTimer& due) {
  if (due.name == kStageTimer) return {SlaPoint{}};
  for (const SlaRow& row : session.state().process().sla_of(due.record.kind)) {
    if (row.when == due.row) return points_of(row);
  }
  return {SlaPoint{}};
}

}  // namespace

std::string fire(Session& session, const DueTimer& due) {
  const auto record = find_record(session, due.record);
  const std::vector<SlaPoint> points = points_of_timer(session, due);
  if (!record || static_cast<std::size_t>(due.step) >= points.size()) {
    note_step(session, due, std::nullopt, due.step, "over");
    return {};
  }
  // First that it acted, then the act: what it sets off may give the record other timers.
  note_step(session, due, std::nullopt, due.step + 1, "over");
  if (static_cast<std::size_t>(due.step) + 1 < points.size())
    set_timers(session, due.record, TimerStart::as_known);
  const SlaPoint& point = points[static_cast<std::size_t>(due.step)];
  if (point.step != nullptr) return tell(session, *record, due, *point.step);
  raise_event(session, {EventType::overdue, due.record.kind, {}}, due.record);
  return (due.name == kStageTimer ? "stage " + shown_value(session, *record, "stage") : due.name) +
         " overdue";
}

}  // namespace crm
