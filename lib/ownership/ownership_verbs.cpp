#include <algorithm>
#include <string>

#include "base/text.h"
#include "crm/error.h"
#include "crm/ownership.h"
#include "entity/descriptors.h"
#include "ownership/assignment_table.h"
#include "ownership/claims.h"
#include "ownership/open_records.h"
#include "ownership/ownership_log.h"
#include "records/read_value.h"
#include "records/record_people.h"
#include "records/write_record.h"

namespace crm {
namespace {

std::size_t owner_field(Session& session, Kind kind) {
  const std::size_t position = session.view(kind).position("owner");
  if (position != KindView::npos) return position;
  throw Error(ErrorCode::usage, "a " + std::string(entity(kind).name) + " has no owner",
              "see 'crm schema " + std::string(entity(kind).name) + "'");
}

WriteResult set_owner(Session& session, const StoredRecord& before, const Value& owner) {
  StoredRecord after = before;
  after[owner_field(session, before.id.kind)] = owner;
  const bool changed = update_record(session, before, after, Action::edit, Origin::command);
  return {before.id, changed ? Written::updated : Written::unchanged};
}

std::int64_t acting_user(Session& session) {
  if (const auto user = find_own_user(session)) return *user;
  throw Error(ErrorCode::not_permitted, quoted(session.login()) + " is no user of this database",
              "act as one with --as, or 'crm user add " + session.login() + "'");
}

// Whoever of the team (without one: of any team) is there and has the fewest open records, of those in turn.
std::optional<std::int64_t> least_open_of_team(Session& session, Kind kind,
                                               std::optional<std::int64_t> team) {
  const std::string today = format_date(session.zone().to_local(session.now()).date);
  const Param who[] = {team, today};
  std::vector<std::int64_t> users, open;
  session.state().connection->each(
      "SELECT id FROM user WHERE active = 1 AND deleted_at IS NULL AND (absent_until IS NULL OR absent_until "
      "<= $2) AND " +
          std::string(team ? "team = $1" : "team IS NOT NULL") + " ORDER BY id",
      who, [&](const Row& row) { users.push_back(row.integer(0)); });
  for (const std::int64_t user : users) open.push_back(count_open(session, kind, user));
  if (users.empty()) return std::nullopt;
  const std::int64_t fewest = *std::min_element(open.begin(), open.end());
  std::vector<bool> can;
  can.reserve(open.size());
  for (const std::int64_t count : open) can.push_back(count == fewest);
  const std::string round =
      std::string(entity(kind).name) + "/" + (team ? std::to_string(*team) : std::string("any"));
  const std::int64_t chosen = users[next_in_turn(session, round, users, can)];
  set_last_turn(session, round, chosen);
  return chosen;
}

WriteResult assign_within_team(Session& session, const StoredRecord& record) {
  if (!is_null(record[owner_field(session, record.id.kind)])) return {record.id, Written::unchanged};
  const std::size_t team_at = session.view(record.id.kind).position("team");
  const auto team = team_at == KindView::npos ? std::nullopt : record.integer(team_at);
  const auto chosen = least_open_of_team(session, record.id.kind, team);
  if (chosen) return set_owner(session, record, *chosen);
  throw Error(
      ErrorCode::invalid,
      "nobody can take " + to_string(record.id) + ": no active user " + (team ? "of its team" : "has a team"),
      "add one with 'crm user add NAME --team TEAM'")
      .about_record(to_string(record.id));
}

WriteResult assign_by_table(Session& session, const StoredRecord& record) {
  if (!is_null(record[owner_field(session, record.id.kind)])) return {record.id, Written::unchanged};
  const AssignmentDecision decision = decide_assignment(session, record, RecordValues::Derived::stored);
  if (!decision.user()) {
    session.notice(to_string(record.id) + " stays in the pool" +
                   (decision.row == nullptr    ? ": no row of the table matches"
                    : decision.row->to.empty() ? ""
                                               : ": nobody of the row in line " +
                                                     std::to_string(decision.row->line) + " can take it") +
                   " (--explain says why)");
    return {record.id, Written::unchanged};
  }
  carry_out(session, record.id, decision);
  return set_owner(session, record, *decision.user());
}

}  // namespace

WriteResult assign(Session& session, RecordId record, std::string_view user) {
  Write write(session);
  const std::int64_t owner = require_user(session, user);
  check_active(session, owner);
  const WriteResult result = set_owner(session, load_record(session, record), owner);
  write.commit();
  return result;
}

std::vector<WriteResult> assign_automatically(Session& session, std::span<const RecordId> records) {
  Write write(session);
  std::vector<WriteResult> results;
  for (const RecordId& id : records) {
    const StoredRecord record = load_record(session, id);
    const bool has_table = !session.state().process().assignments[slot(id.kind)].empty();
    results.push_back(has_table ? assign_by_table(session, record) : assign_within_team(session, record));
  }
  write.commit();
  return results;
}

WriteResult claim(Session& session, RecordId id) {
  Write write(session);
  const StoredRecord record = load_record(session, id);
  const std::int64_t me = acting_user(session);
  const auto owner = record.integer(owner_field(session, id.kind));
  if (owner == me) return {id, Written::unchanged};
  if (owner) {
    throw Error(ErrorCode::conflict,
                to_string(id) + " belongs to " + quoted(session.state().name_of(Kind::user, *owner)),
                "it can be claimed once it is released")
        .about_record(to_string(id));
  }
  begin_verb(session, id, "claim");
  const bool only_by_this_verb = gives_out_pool(session);
  if (only_by_this_verb) check_claim(session, id, me);
  const WriteResult result = set_owner(session, record, me);
  if (only_by_this_verb && session.state().process().pools[slot(id.kind)])
    log_ownership(session, {id, me, ownership_how::kClaim});
  write.commit();
  return result;
}

WriteResult release(Session& session, RecordId id) {
  Write write(session);
  begin_verb(session, id, "release");
  const WriteResult result = set_owner(session, load_record(session, id), Value());
  write.commit();
  return result;
}

}  // namespace crm
