#include "engine/due_queue.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/unix_seconds.h"

namespace crm {
namespace {

// What such an action does is seen by no other record: no turn is taken, no message or plan is made.
bool stays_within_record(const RuleAction& action) {
  return action.type == ActionType::set || action.type == ActionType::tag ||
         action.type == ActionType::untag || action.type == ActionType::stage;
}

bool concerns_records_alone(const Process& process) {
  const auto sends_nothing = [](const SlaRow& row) { return row.steps.empty(); };
  const auto stays_within = [](const Rule& rule) {
    return std::all_of(rule.actions.begin(), rule.actions.end(), stays_within_record);
  };
  return process.approvals.empty() && std::all_of(process.rules.begin(), process.rules.end(), stays_within) &&
         std::all_of(process.sla.begin(), process.sla.end(), [&](const std::vector<SlaRow>& rows) {
           return std::all_of(rows.begin(), rows.end(), sends_nothing);
         });
}

DueTimer due_timer_of(const Row& row) {
  return {{static_cast<Kind>(row.integer(0)), row.integer(1)},
          std::string(row.text(2)),
          row.integer(3),
          row.integer(4),
          std::string(row.text(5))};
}

}  // namespace

bool DueQueue::Earlier::operator()(const Waiting& one, const Waiting& other) const {
  const RecordKey record = key_of(one.timer.record), other_record = key_of(other.timer.record);
  if (by_record && record != other_record) return record < other_record;
  return std::tie(one.timer.due_at, record, one.timer.name, one.reading) <
         std::tie(other.timer.due_at, other_record, other.timer.name, other.reading);
}

DueQueue::DueQueue(Session& session, Moment until, std::size_t at_once)
    : session_(session),
      until_(seconds_of(until)),
      at_once_(at_once),
      earlier_{concerns_records_alone(session.state().process())},
      again_(earlier_) {
  Reactions::of(session).rewritten_clocks = &rewritten_;
}

DueQueue::~DueQueue() {
  if (Reactions* reactions = Reactions::find(session_)) reactions->rewritten_clocks = nullptr;
}

std::optional<DueTimer> DueQueue::next() {
  read_rewritten();
  while (auto waiting = take()) {
    const auto reading = readings_.find(key_of(waiting->timer.record));
    if (waiting->reading == (reading == readings_.end() ? 0 : reading->second))
      return std::move(waiting->timer);
  }
  read_many();
  return many_.empty() ? std::nullopt : std::optional(std::move(many_[next_++].timer));
}

void DueQueue::read_anew() {
  many_.clear();
  next_ = 0;
  again_.clear();
}

std::optional<DueQueue::Waiting> DueQueue::take() {
  const bool some_again = !again_.empty();
  if (next_ < many_.size() && (!some_again || earlier_(many_[next_], *again_.begin())))
    return std::move(many_[next_++]);
  if (some_again) return std::move(again_.extract(again_.begin()).value());
  return std::nullopt;
}

void DueQueue::read_many() {
  read_anew();
  readings_.clear();
  rewritten_.clear();
  const Param params[] = {until_, static_cast<std::int64_t>(at_once_)};
  session_.state().connection->each(
      "SELECT kind, record, name, due_at, step, row FROM timer WHERE due_at <= $1 ORDER BY due_at, kind, "
      "record, name LIMIT $2",
      params, [&](const Row& row) { many_.push_back({due_timer_of(row)}); });
  last_.reset();
  if (many_.size() == at_once_) last_ = many_.back();
  std::sort(many_.begin(), many_.end(), earlier_);
}

void DueQueue::read_rewritten() {
  constexpr Earlier kInTime;
  for (const RecordId& record : std::exchange(rewritten_, {})) {
    const std::size_t reading = ++readings_[key_of(record)];
    const Param params[] = {static_cast<std::int64_t>(record.kind), record.id, until_};
    session_.state().connection->each(
        "SELECT kind, record, name, due_at, step, row FROM timer WHERE kind = $1 AND record = $2 AND due_at "
        "<= $3",
        params, [&](const Row& row) {
          Waiting waiting{due_timer_of(row), reading};
          if (!last_ || kInTime(waiting, *last_)) again_.insert(std::move(waiting));
        });
  }
}

}  // namespace crm
