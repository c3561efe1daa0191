#include "exchange/next_plans.h"

#include <vector>

#include "entity/descriptors.h"
#include "followups/followup_fields.h"
#include "followups/followup_rules.h"
#include "records/write_record.h"

namespace crm {
namespace {

using namespace followup_fields;

constexpr std::size_t kCreatedAt = field<Kind::followup>("created_at");
constexpr std::size_t kRecordsAtOnce = 1000;

struct MadePlan {
  RecordId id;
  bool is_open;
};

// The plan that an imported talk made: it was made when that took place.
std::optional<MadePlan> plan_of(Session& session, const StoredRecord& talk) {
  const RecordId about = *parse_record_id(talk.text(kAbout));
  const Param params[] = {static_cast<std::int64_t>(about.kind), about.id, talk.integer(kAt)};
  std::optional<MadePlan> plan;
  session.state().connection->each(
      "SELECT id, done_at IS NULL AND deleted_at IS NULL FROM followup WHERE about_kind = $1 AND about_id = "
      "$2 AND at "
      "IS NULL AND due_at IS NOT NULL AND created_at = $3 ORDER BY id DESC LIMIT 1",
      params, [&](const Row& row) {
        plan = {{Kind::followup, row.integer(0)}, row.integer(1) != 0};
      });
  return plan;
}

bool was_due(Session& session, RecordId plan, std::int64_t moment) {
  const Param params[] = {static_cast<std::int64_t>(plan.kind), plan.id, moment};
  return session.state().connection->exists(
      "SELECT 1 FROM event WHERE kind = $1 AND record = $2 AND json_extract(old, '$.due_at') = $3", params);
}

}  // namespace

bool NextPlans::note(const StoredRecord& talk, std::int64_t next_at) {
  return keep(*parse_record_id(talk.text(kAbout)), talk.integer(kAt).value_or(0), talk.id.id, next_at);
}

void NextPlans::note_due(RecordId about, std::int64_t due) {
  keep(about, 0, 0, due);
}

bool NextPlans::note_again(const StoredRecord& before, const StoredRecord& talk, std::int64_t next_at,
                           bool moves) {
  if (is_null(before[kAt]) || is_closed(session_, *parse_record_id(talk.text(kAbout)))) return false;
  const auto made = plan_of(session_, before);
  if (!made) return note(talk, next_at);
  if (!made->is_open) return false;
  const StoredRecord plan = load_record(session_, made->id);
  StoredRecord after = plan;
  if (moves && !was_due(session_, made->id, next_at)) after[kDueAt] = next_at;
  after[kCreatedAt] = talk[kAt];
  after[kAbout] = talk[kAbout];
  return update_record(session_, plan, after, Action::edit, Origin::imported);
}

bool NextPlans::note_due_again(RecordId about, std::int64_t due) {
  if (is_closed(session_, about) || oldest_open_plan(session_, about)) return false;
  const Param params[] = {static_cast<std::int64_t>(about.kind), about.id, due,
                          static_cast<std::int64_t>(Kind::followup)};
  // A plan that somebody moved or deleted is known; one that went with an undo is not.
  const bool known = session_.state().connection->exists(
      "SELECT 1 FROM followup f WHERE f.about_kind = $1 AND f.about_id = $2 AND (f.due_at = $3 OR EXISTS "
      "(SELECT 1 FROM event e WHERE e.kind = $4 AND e.record = f.id AND json_extract(e.old, '$.due_at') = "
      "$3)) AND (f.deleted_at IS NULL OR NOT EXISTS (SELECT 1 FROM event e JOIN change c ON c.id = e.change "
      "WHERE e.kind = $4 AND e.record = f.id AND e.action = 3 AND (c.undoes IS NOT NULL OR EXISTS (SELECT 1 "
      "FROM import_undo u WHERE u.change = c.id))))",
      params);
  if (!known) note_due(about, due);
  return !known;
}

bool NextPlans::keep(RecordId about, std::int64_t at, std::int64_t talk, std::int64_t next_at) {
  Connection& connection = *session_.state().connection;
  if (!made_) {
    made_ = true;
    connection.execute("DROP TABLE IF EXISTS temp.import_next", {});
    connection.execute(
        "CREATE TEMP TABLE import_next (kind INTEGER NOT NULL, record INTEGER NOT NULL, at INTEGER NOT NULL, "
        "talk INTEGER NOT NULL, "
        "next_at INTEGER NOT NULL, PRIMARY KEY (kind, record, at, talk)) WITHOUT ROWID",
        {});
  }
  const Param params[] = {static_cast<std::int64_t>(about.kind), about.id, at, talk, next_at};
  return 0 < connection.execute(
                 "INSERT INTO temp.import_next (kind, record, at, talk, next_at) VALUES ($1, $2, $3, $4, $5) "
                 "ON CONFLICT DO "
                 "UPDATE SET next_at = excluded.next_at WHERE next_at <> excluded.next_at",
                 params);
}

void NextPlans::plan_contact(RecordId about, std::int64_t due) {
  StoredRecord plan = new_record(session_, Kind::followup);
  plan[kAbout] = to_string(about);
  plan[kDueAt] = due;
  plan[kOwner] = load_record(session_, about)[session_.view(about.kind).position("owner")];
  insert_record(session_, plan, Origin::imported);
}

std::int64_t NextPlans::plan() {
  if (!made_) return 0;
  Connection& connection = *session_.state().connection;
  struct Next {
    RecordId about;
    std::int64_t at, talk, next_at;
  };
  Next last{};
  RecordId about{};
  bool closed = false;
  std::int64_t contacts = 0;
  std::vector<Next> block;
  do {
    block.clear();
    const Param params[] = {static_cast<std::int64_t>(last.about.kind), last.about.id, last.at, last.talk,
                            static_cast<std::int64_t>(kRecordsAtOnce)};
    connection.each(
        "SELECT kind, record, at, talk, next_at FROM temp.import_next WHERE (kind, record, at, talk) > ($1, "
        "$2, $3, $4) "
        "ORDER BY kind, record, at, talk LIMIT $5",
        params, [&](const Row& row) {
          block.push_back({{static_cast<Kind>(row.integer(0)), row.integer(1)},
                           row.integer(2),
                           row.integer(3),
                           row.integer(4)});
        });
    for (const Next& next : block) {
      if (next.about != about) closed = is_closed(session_, next.about);
      about = next.about;
      if (next.talk == 0) {
        if (closed || oldest_open_plan(session_, about)) continue;
        plan_contact(about, next.next_at);
        ++contacts;
        continue;
      }
      if (const auto plan = oldest_open_plan(session_, about, next.at))
        settle_plan(session_, *plan, next.at, Origin::imported);
      if (closed) continue;
      const StoredRecord talk = load_record(session_, {Kind::followup, next.talk});
      const RecordId plan = plan_next(session_, talk, next.next_at, Origin::imported);
      // An earlier import may have brought the talk that settled it.
      if (const auto later = next_planning_talk(session_, about, next.at))
        settle_plan(session_, plan, *later, Origin::imported);
    }
    if (!block.empty()) last = block.back();
  } while (block.size() == kRecordsAtOnce);
  connection.execute("DROP TABLE temp.import_next", {});
  made_ = false;
  return contacts;
}

}  // namespace crm
