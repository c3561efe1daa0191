#include "engine/rule_reactor.h"

#include <algorithm>
#include <set>

#include "engine/approvals.h"
#include "engine/reactions.h"
#include "engine/rule_runner.h"
#include "engine/scheduled_rule.h"
#include "engine/schedules.h"
#include "engine/timers.h"
#include "entity/descriptors.h"
#include "outbox/cancel_about.h"
#include "outbox/channel_settings.h"
#include "outbox/enqueue.h"
#include "records/rights.h"
#include "records/write_record.h"

namespace crm {
namespace {

bool is_waited_for(const Process& process, const RuleEvent& event) {
  return std::any_of(process.rules.begin(), process.rules.end(),
                     [&](const Rule& rule) { return is_set_off_by(rule, event); });
}

Value value_of(Session& session, const StoredRecord* record, std::string_view field) {
  if (record == nullptr) return {};
  const std::size_t at = session.view(record->id.kind).position(field);
  return at == KindView::npos ? Value() : (*record)[at];
}

bool is_talk(Session& session, const StoredRecord* record) {
  return !is_null(value_of(session, record, "at"));
}

// What a change of a record is, in the order in which it counts as having happened.
std::vector<RuleEvent> events_of(Session& session, const RecordChange& change) {
  const Kind kind = change.after.id.kind;
  if (change.action == Action::remove) return {{EventType::deleted, kind, {}}};
  if (change.action == Action::restore) return {};
  std::vector<RuleEvent> events;
  const bool created = change.before == nullptr;
  events.push_back({created ? EventType::created : EventType::updated, kind, {}});
  const auto differs = [&](std::string_view field) {
    return value_of(session, change.before, field) != value_of(session, &change.after, field);
  };
  if (entity(kind).kind != Kind::followup && differs("owner") &&
      !is_null(value_of(session, &change.after, "owner")))
    events.push_back({EventType::assigned, kind, {}});
  if (entity(kind).has_stages && differs("stage")) {
    const Value stage = value_of(session, &change.after, "stage");
    const auto& stages = session.state().process().stages_of(kind);
    const std::string name = text_of(stage) != nullptr ? *text_of(stage) : std::string();
    // A new record in the first stage has not moved.
    if (!created || stages.empty() || stages.front().name != name)
      events.push_back({EventType::stage, kind, name});
  }
  if (kind == Kind::followup && is_talk(session, &change.after) && !is_talk(session, change.before))
    events.push_back({EventType::logged, kind, {}});
  return events;
}

// A scheduled rule that is new acts on what matches already, or passes over it; what comes to match from now
// on it acts on.
void take_backlog(Session& session, const Process& before, const Rule& rule) {
  if (rule.event.type != EventType::schedule || !is_new(before, rule)) return;
  const std::vector<std::int64_t> backlog =
      compare_matches(session, rule, matching_records(session, rule.kind, rule.when)).acted_on;
  if (!rule.backlog) {
    for (const std::int64_t record : backlog) note_match(session, rule, record, false);
    return;
  }
  const std::size_t count = backlog.size();
  if (count == 0) return;
  const Entity& kind = entity(rule.kind);
  session.notice("the rule '" + rule.name + "' acts on " + std::to_string(count) + ' ' +
                 std::string(count == 1 ? kind.label.en : kind.plural.en) +
                 " that match already, at its first run; 'backlog: skip' passes over them");
}

void tell_missing_channel(Session& session, const std::string& name) {
  session.notice("there is no channel '" + name + "': what goes by it waits until 'crm outbox channel add " +
                 name + "' makes one");
}

// Where messages are to go that nobody has set up yet.
void tell_missing_channels(Session& session) {
  std::set<std::string> names;
  const Process& process = session.state().process();
  for (const Reminder& reminder : process.reminders) names.insert(reminder.channel);
  for (const Rule& rule : process.rules) {
    for (const RuleAction& action : rule.actions) names.insert(action.channel);
  }
  for (const std::string& name : names) {
    if (name.empty() || name == kDefaultVia || find_channel(*session.state().connection, name)) continue;
    tell_missing_channel(session, name);
  }
}

// What was there before the command, for changed() and was().
void keep_before(Session& session, const RecordChange& change) {
  auto& kept = Reactions::of(session).before;
  const auto [at, added] = kept.try_emplace(key_of(change.after.id));
  if (added && change.before != nullptr) at->second = std::make_shared<const StoredRecord>(*change.before);
}

}  // namespace

void raise_event(Session& session, const RuleEvent& event, RecordId record) {
  if (!is_waited_for(session.state().process(), event)) return;
  Reactions& reactions = Reactions::of(session);
  reactions.queue.push_back({event, record, reactions.chain});
}

void RuleReactor::before(Session& session, RecordChange& change) {
  const bool by_row = change.origin == Origin::imported;
  if (session.state().process().approvals.empty() || (change.origin != Origin::command && !by_row) ||
      !session.state().rule.empty())
    return;
  const auto check = by_row ? check_approvals_of_row : check_approvals;
  check(session, events_of(session, change), change.after, change.before);
}

void RuleReactor::after(Session& session, const RecordChange& change) {
  const Process& process = session.state().process();
  if (change.origin == Origin::undo && !process.approvals.empty()) {
    for (const RuleEvent& event : events_of(session, change))
      check_approvals_of_undo(session, event, change.after, *change.before);
  }
  follow_timers(session, change);
  if (change.action == Action::remove && change.origin != Origin::undo)
    cancel_about(*session.state().connection, change.after.id);
  if (process.rules.empty() || !session.state().sets_off_rules(change.origin)) return;
  for (const RuleEvent& event : events_of(session, change)) {
    if (!is_waited_for(process, event)) continue;
    keep_before(session, change);
    raise_event(session, event, change.after.id);
  }
}

void RuleReactor::verb(Session& session, RecordId record, std::string_view verb) {
  const RuleEvent event{EventType::verb, record.kind, std::string(verb)};
  if (!session.state().process().approvals.empty() && session.state().rule.empty()) {
    const StoredRecord before = load_record(session, record);
    check_approvals(session, {&event, 1}, before, &before);
  }
  raise_event(session, event, record);
}

void RuleReactor::settle(Session& session) {
  Reactions* reactions = Reactions::find(session);
  if (reactions == nullptr || reactions->settling) return;
  reactions->settling = true;
  if (reactions->clocks)
    reactions->clocks->take_all([&](RecordId record) { set_timers(session, record, TimerStart::imported); });
  const WorkflowRights rights(session);
  while (!reactions->queue.empty()) {
    const PendingEvent event = std::move(reactions->queue.front());
    reactions->queue.pop_front();
    run_rules(session, event);
  }
  reactions->before.clear();
  reactions->settling = false;
}

void RuleReactor::put_back(Session& session, RecordId record) {
  if (!find_record(session, record)) cancel_about(*session.state().connection, record);
  set_timers(session, record, TimerStart::as_known);
}

void RuleReactor::taken_out(Session& session, std::span<const StoredRecord> records) {
  cancel_about_all(*session.state().connection, records.front().id, records.back().id);
  if (!has_limits(session.state().process(), records.front().id.kind)) return;
  for (const StoredRecord& record : records) set_timers(session, record.id, TimerStart::as_known);
}

void RuleReactor::process_changed(Session& session, const Process& before) {
  note_schedules(session, before);
  reset_timers(session, before);
  for (const Rule& rule : session.state().process().rules) take_backlog(session, before, rule);
  tell_missing_channels(session);
}

}  // namespace crm
