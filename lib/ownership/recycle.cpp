// Records that go back to the pool because nobody followed them up, and the warnings before.
#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "crm/error.h"
#include "crm/ownership.h"
#include "entity/descriptors.h"
#include "filter/render.h"
#include "outbox/digest_names.h"
#include "outbox/enqueue.h"
#include "outbox/plain_text.h"
#include "outbox/template.h"
#include "ownership/open_records.h"
#include "ownership/ownership_log.h"
#include "ownership/recycle.h"
#include "records/concealment.h"
#include "records/conditions.h"
#include "records/rights.h"
#include "records/session_state.h"
#include "records/value_text.h"
#include "records/write_record.h"

namespace crm {
namespace {

constexpr const char* kSubject =
    "{{#if zh}}{{count}} 条记录即将退回公海{{else}}Soon back in the pool: {{count}}{{/if}}";
constexpr const char* kBody = R"({{#if zh}}
{{name}}，您好：

以下记录长时间没有跟进，即将退回公海：

{{#each rows}}
- {{about_name}}，{{overdue_by}}没有跟进 [{{record}}]
{{/each}}
{{else}}
Hello {{name}},

these have had no follow-up for long, and go back to the shared pool soon:

{{#each rows}}
- {{about_name}}, {{overdue_by}} without a follow-up [{{record}}]
{{/each}}
{{/if}}
)";

struct Idle {
  RecordId record;
  std::int64_t owner = 0;
  std::int64_t since = 0;  // the last follow-up, or when the owner got it
  const RecycleRow* row = nullptr;
};

// When the owner got the record, as far as that is known.
std::string owned_since(const KindView& view) {
  if (view.find("assigned_at") != nullptr) return "coalesce(r.assigned_at, r.created_at)";
  const std::string kind = std::to_string(static_cast<int>(view.kind()));
  return "coalesce((SELECT max(o.at) FROM ownership o WHERE o.kind = " + kind +
         " AND o.record = r.id AND o.user = r.owner), r.created_at)";
}

// Everything of the kind that somebody has and works on, or just the one record, with the row that counts for
// it.
std::vector<Idle> idle_records(Session& session, Kind kind, const PoolRules& pool,
                               std::optional<std::int64_t> only = std::nullopt) {
  const KindView& view = session.view(kind);
  std::vector<Param> params = {now_seconds(session)};
  const std::string open = open_condition(session, kind, params);
  std::string which = "CASE";
  std::vector<SqlCondition> conditions;
  conditions.reserve(pool.recycle.size());
  for (std::size_t i = 0; i < pool.recycle.size(); ++i) {
    const std::string& when = pool.recycle[i].when;
    std::string sql = "1";
    if (!when.empty()) {
      SqlCondition& rendered = conditions.emplace_back(
          render(process_condition(session, kind, when), static_cast<int>(params.size()) + 1));
      for (const Value& value : rendered.params) params.emplace_back(value);
      sql = rendered.sql;
    }
    which += " WHEN (" + sql + ") THEN " + std::to_string(i);
  }
  const std::string last = field_sql(*view.find("last_followup_at"), "$1");
  std::vector<Idle> idle;
  session.state().connection->each(
      "SELECT r.id, r.owner, max(coalesce(" + last + ", 0), " + owned_since(view) + "), " + which +
          " END FROM \"" + std::string(view.entity().table) + "\" r WHERE r.owner IS NOT NULL AND " + open +
          (only ? " AND r.id = " + std::to_string(*only) : std::string()) + " ORDER BY r.id",
      params, [&](const Row& row) {
        if (row.is_null(3)) return;
        idle.push_back({{kind, row.integer(0)},
                        row.integer(1),
                        row.integer(2),
                        &pool.recycle[static_cast<std::size_t>(row.integer(3))]});
      });
  return idle;
}

std::int64_t days(int count) {
  return std::int64_t{count} * 86400;
}

void release_idle(Session& session, const Idle& idle) {
  const StoredRecord before = load_record(session, idle.record);
  StoredRecord after = before;
  after[session.view(idle.record.kind).position("owner")] = Value();
  update_record(session, before, after, Action::edit, Origin::command);
}

// When the owner was warned that it goes back, if they were.
std::optional<std::int64_t> warned_at(Session& session, const Idle& idle) {
  const Param params[] = {static_cast<std::int64_t>(idle.record.kind), idle.record.id, idle.owner,
                          ownership_how::kWarned, idle.since};
  return session.state().connection->query_integer(
      "SELECT max(at) FROM ownership WHERE kind = $1 AND record = $2 AND user = $3 AND how = $4 AND at >= $5",
      params);
}

std::chrono::sys_days day_of(Session& session, std::int64_t moment) {
  return std::chrono::sys_days(session.zone().to_local(Moment(std::chrono::seconds(moment))).date);
}

// Whether its owner has had the days between warning and release that the file promises, even where nobody
// looked when the warning was due.
bool had_warning(Session& session, const Idle& idle) {
  if (idle.row->warn_days == 0) return true;
  const auto warned = warned_at(session, idle);
  return warned && day_of(session, *warned) + std::chrono::days(idle.row->warn_days) <=
                       day_of(session, now_seconds(session));
}

TemplateScope scope_of(Session& session, const Idle& idle, bool chinese, const Concealed& concealed) {
  const StoredRecord record = load_record(session, idle.record);
  const KindView& view = session.view(idle.record.kind);
  TemplateScope scope;
  const std::size_t currency = view.position("currency");
  for (std::size_t i = 0; i < view.fields().size(); ++i) {
    const Field& field = *view.fields()[i];
    if (!field.is_stored() || field.sensitive) continue;
    const std::string text = value_text(session, field, record[i],
                                        currency == KindView::npos ? std::string() : record.text(currency));
    scope.texts[std::string(field.name)] = one_line(text_without(concealed, field, text));
  }
  const std::int64_t idle_days = (now_seconds(session) - idle.since) / 86400;
  scope.texts["record"] = to_string(idle.record);
  scope.texts["about_name"] = scope.texts["name"];
  scope.texts["overdue_by"] = std::to_string(idle_days) + (chinese          ? "天"
                                                           : idle_days == 1 ? " day"
                                                                            : " days");
  return scope;
}

Template parsed(const std::string& text) {
  Template result;
  if (Template::parse(text, result))
    throw Error(ErrorCode::invalid, "the template of the pool's warning cannot be used",
                "apply a workflow file with a sound one");
  return result;
}

// One message for all that one person is to be warned of.
void warn(Session& session, Kind kind, const PoolRules& pool, std::int64_t owner,
          const std::vector<Idle>& all) {
  const StoredRecord user = load_record(session, {Kind::user, owner});
  const bool chinese = user.text(field<Kind::user>("language")) == "zh";
  const std::string date = format_date(session.zone().to_local(session.now()).date);
  TemplateScope scope;
  scope.texts = {{"name", one_line(user.text(field<Kind::user>("name")))},
                 {"count", std::to_string(all.size())},
                 {"date", date},
                 {"zh", chinese ? "true" : ""}};
  const Concealed concealed = concealed_from_user(session, owner);
  for (const Idle& idle : all)
    scope.lists[std::string(digest::kRows)].push_back(scope_of(session, idle, chinese, concealed));
  const MessageTemplate* own = session.state().process().find_template(pool.warn_template);
  NewMessage message;
  message.rule = "pool-" + std::string(entity(kind).name);
  // A person is warned of each record once; of others on the same day in a message of their own.
  message.key = message.rule + "/" + std::to_string(owner) + "/" + to_string(all.front().record) + "/" +
                std::to_string(all.front().since);
  message.person = owner;
  message.subject = one_line(parsed(own == nullptr ? kSubject : own->subject).render(scope));
  message.body = plain_lines(parsed(own == nullptr ? kBody : own->body).render(scope));
  enqueue(*session.state().connection, message, session.state().options.now);
  for (const Idle& idle : all)
    log_ownership(session, {idle.record, owner, ownership_how::kWarned, idle.row->line});
}

enum class Fate { stays, goes_back, is_warned };

Fate fate_of(Session& session, const Idle& idle) {
  const std::int64_t now = now_seconds(session);
  const std::int64_t back_at = idle.since + days(idle.row->after_days);
  if (now >= back_at && had_warning(session, idle)) return Fate::goes_back;
  const bool warns = idle.row->warn_days > 0 && now >= back_at - days(idle.row->warn_days);
  return warns && !warned_at(session, idle) ? Fate::is_warned : Fate::stays;
}

void recycle_kind(Session& session, Kind kind, const PoolRules& pool, Attempt attempt, Recycling& result) {
  std::map<std::int64_t, std::vector<Idle>> warnings;  // by owner
  for (const Idle& idle : idle_records(session, kind, pool)) {
    const Fate fate = fate_of(session, idle);
    if (fate == Fate::goes_back) {
      if (attempt(idle.record, [&] { release_idle(session, idle); })) result.released.push_back(idle.record);
    } else if (fate == Fate::is_warned) {
      warnings[idle.owner].push_back(idle);
    }
  }
  for (const auto& of_one : warnings) {
    const std::int64_t owner = of_one.first;
    const std::vector<Idle>& all = of_one.second;
    if (!attempt({Kind::user, owner}, [&] { warn(session, kind, pool, owner, all); })) continue;
    for (const Idle& idle : all) result.warned.push_back(idle.record);
  }
}

}  // namespace

Recycling due_recycling(Session& session, Kind kind) {
  Recycling due;
  const auto& pool = session.state().process().pools[slot(kind)];
  if (!pool || pool->recycle.empty()) return due;
  for (const Idle& idle : idle_records(session, kind, *pool)) {
    const Fate fate = fate_of(session, idle);
    if (fate == Fate::goes_back) due.released.push_back(idle.record);
    if (fate == Fate::is_warned) due.warned.push_back(idle.record);
  }
  return due;
}

std::optional<ComingRecycling> coming_recycling(Session& session, RecordId record) {
  const auto& pool = session.state().process().pools[slot(record.kind)];
  if (!pool || pool->recycle.empty()) return std::nullopt;
  const std::vector<Idle> found = idle_records(session, record.kind, *pool, record.id);
  if (found.empty()) return std::nullopt;
  const Idle& idle = found.front();
  const RecycleRow& row = *idle.row;
  const auto moment = [](std::int64_t seconds) { return Moment(std::chrono::seconds(seconds)); };
  ComingRecycling coming{row.line, row.after_days, moment(idle.since), {}, {}};
  coming.release = moment(idle.since + days(row.after_days));
  if (row.warn_days == 0) return coming;
  const auto warned = warned_at(session, idle);
  if (!warned) coming.warning = std::max(coming.release - std::chrono::days(row.warn_days), session.now());
  // The days between are counted by the calendar.
  const std::int64_t from = warned ? *warned : coming.warning->time_since_epoch().count();
  const Date last{day_of(session, from) + std::chrono::days(row.warn_days)};
  coming.release = std::max(coming.release, session.zone().to_moment({last, std::chrono::seconds(0)}));
  return coming;
}

Recycling recycle_due(Session& session) {
  return recycle_due(session, kActAtOnce);
}

Recycling recycle_due(Session& session, Attempt attempt) {
  Recycling result;
  Write write(session);
  const WorkflowRights rights(session);
  for (const Entity& kind : entities()) {
    const auto& pool = session.state().process().pools[slot(kind.kind)];
    if (pool && !pool->recycle.empty()) recycle_kind(session, kind.kind, *pool, attempt, result);
  }
  write.commit();
  return result;
}

}  // namespace crm
