#include "ownership/candidates.h"

#include <algorithm>

#include "base/text.h"
#include "crm/error.h"
#include "entity/descriptors.h"
#include "ownership/open_records.h"
#include "ownership/ownership_log.h"
#include "records/read_value.h"
#include "records/session_state.h"
#include "records/write_record.h"

namespace crm {
namespace {

constexpr std::string_view kTeam = "team/";

std::string round_of(Kind kind, const AssignmentRow& row) {
  std::string round(entity(kind).name);
  round += '/';
  for (const std::string& name : row.to) round.append(round.back() == '/' ? "" : ",").append(name);
  return round;
}

void add_user(std::vector<Candidate>& candidates, std::int64_t user, int weight) {
  const auto same = [&](const Candidate& one) { return one.user == user; };
  if (std::any_of(candidates.begin(), candidates.end(), same)) return;
  Candidate candidate;
  candidate.user = user;
  candidate.weight = weight;
  candidates.push_back(std::move(candidate));
}

std::string shown(const Value& value) {
  if (const std::string* text = text_of(value)) return quoted(*text);
  if (const std::int64_t* number = integer_of(value)) return std::to_string(*number);
  return "nothing";
}

// A field in which the person differs from the record; empty where none does.
std::string difference(Session& session, const AssignmentRow& row, const StoredRecord& record,
                       const StoredRecord& user) {
  for (const std::string& name : row.same) {
    const std::size_t of_record = session.view(record.id.kind).position(name);
    const std::size_t of_user = session.view(Kind::user).position(name);
    if (of_record == KindView::npos || of_user == KindView::npos) continue;
    if (!is_null(record[of_record]) && record[of_record] == user[of_user]) continue;
    return name + " is " + shown(user[of_user]) + ", of the record " + shown(record[of_record]);
  }
  return {};
}

void examine(Session& session, const AssignmentRow& row, const StoredRecord& record, Candidate& candidate) {
  const auto user = find_record(session, {Kind::user, candidate.user}, true);
  candidate.name =
      user ? user->text(field<Kind::user>("name")) : to_string(RecordId{Kind::user, candidate.user});
  const Kind kind = record.id.kind;
  candidate.open = count_open(session, kind, candidate.user);
  candidate.today = given_today(session, kind, candidate.user);
  if (!user || user->deleted_at || user->integer(field<Kind::user>("active")).value_or(1) == 0) {
    candidate.why_not = "is no longer active";
    return;
  }
  const std::string today = format_date(session.zone().to_local(session.now()).date);
  const std::string& absent_until = user->text(field<Kind::user>("absent_until"));
  candidate.why_not = difference(session, row, record, *user);
  if (absent_until > today) {
    candidate.why_not = "is absent until " + absent_until;
  } else if (row.cap && candidate.open >= *row.cap) {
    candidate.full = true;
    candidate.why_not =
        "has " + counted(candidate.open, kind, "open") + " of at most " + std::to_string(*row.cap);
  } else if (row.per_day && candidate.today >= *row.per_day) {
    candidate.full = true;
    candidate.why_not =
        "got " + counted(candidate.today, kind) + " today of at most " + std::to_string(*row.per_day);
  }
}

bool can(const Candidate& candidate) {
  return candidate.why_not.empty();
}

// Smooth weighted round-robin: everybody gains their weight, who has most has the turn and pays for all.
struct Share {
  std::int64_t user = 0;
  std::int64_t current = 0;
};

std::vector<Share> shares_after(Session& session, const std::string& round,
                                const std::vector<Candidate>& candidates) {
  std::vector<Share> shares;
  for (const Candidate& candidate : candidates) {
    const Param params[] = {round, candidate.user};
    std::int64_t current =
        session.state()
            .connection
            ->query_integer("SELECT credit FROM assignment_share WHERE round = $1 AND user = $2", params)
            .value_or(0);
    if (can(candidate)) current += candidate.weight;
    shares.push_back({candidate.user, current});
  }
  return shares;
}

std::size_t pick_by_weight(Session& session, const std::string& round,
                           const std::vector<Candidate>& candidates) {
  const std::vector<Share> shares = shares_after(session, round, candidates);
  std::size_t best = std::string::npos;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (can(candidates[i]) && (best == std::string::npos || shares[i].current > shares[best].current))
      best = i;
  }
  return best;
}

void pay_for_turn(Session& session, const std::string& round, const std::vector<Candidate>& candidates,
                  std::size_t picked) {
  std::vector<Share> shares = shares_after(session, round, candidates);
  for (const Candidate& candidate : candidates) {
    if (can(candidate)) shares[picked].current -= candidate.weight;
  }
  for (const Share& share : shares) {
    const Param params[] = {round, share.user, share.current};
    session.state().connection->execute(
        "INSERT INTO assignment_share (round, user, credit) VALUES ($1, $2, $3) ON CONFLICT (round, user) DO "
        "UPDATE SET credit = $3",
        params);
  }
}

// Those who can take it and, for `least-open`, have the fewest.
std::vector<bool> in_question(const AssignmentRow& row, const std::vector<Candidate>& candidates) {
  std::int64_t fewest = INT64_MAX;
  for (const Candidate& one : candidates) {
    if (can(one)) fewest = std::min(fewest, one.open);
  }
  std::vector<bool> in;
  in.reserve(candidates.size());
  for (const Candidate& one : candidates) {
    in.push_back(can(one) && (row.by != AssignmentMethod::least_open || one.open == fewest));
  }
  return in;
}

}  // namespace

std::vector<Candidate> candidates_of(Session& session, const AssignmentRow& row, const StoredRecord& record) {
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < row.to.size(); ++i) {
    const std::string_view name = row.to[i];
    const int weight = i < row.weights.size() ? row.weights[i] : 1;
    if (!name.starts_with(kTeam)) {
      if (const auto user = find_user(session, name)) add_user(candidates, *user, weight);
      continue;
    }
    const auto team = find_team(session, name.substr(kTeam.size()));
    if (!team) continue;
    const Param params[] = {*team};
    session.state().connection->each("SELECT id FROM user WHERE team = $1 AND deleted_at IS NULL ORDER BY id",
                                     params,
                                     [&](const Row& user) { add_user(candidates, user.integer(0), weight); });
  }
  for (Candidate& candidate : candidates) examine(session, row, record, candidate);
  return candidates;
}

std::size_t next_in_turn(Session& session, const std::string& round, const std::vector<std::int64_t>& users,
                         const std::vector<bool>& can) {
  const Param params[] = {round};
  const auto last = session.state().connection->query_integer(
      "SELECT last_user FROM assignment_turn WHERE round = $1", params);
  const auto at = last ? std::find(users.begin(), users.end(), *last) : users.end();
  // Whoever had the last turn may have left the round: it begins anew.
  const std::size_t start = at == users.end() ? 0 : static_cast<std::size_t>(at - users.begin()) + 1;
  for (std::size_t i = 0; i < users.size(); ++i) {
    const std::size_t place = (start + i) % users.size();
    if (can[place]) return place;
  }
  return std::string::npos;
}

void set_last_turn(Session& session, const std::string& round, std::int64_t user) {
  const Param params[] = {round, user};
  session.state().connection->execute(
      "INSERT INTO assignment_turn (round, last_user) VALUES ($1, $2) ON CONFLICT (round) DO UPDATE SET "
      "last_user = $2",
      params);
}

std::size_t pick(Session& session, Kind kind, const AssignmentRow& row,
                 const std::vector<Candidate>& candidates) {
  const std::string round = round_of(kind, row);
  if (row.by == AssignmentMethod::weighted) return pick_by_weight(session, round, candidates);
  if (row.by == AssignmentMethod::first) {
    const auto found = std::find_if(candidates.begin(), candidates.end(), can);
    return found == candidates.end() ? std::string::npos
                                     : static_cast<std::size_t>(found - candidates.begin());
  }
  std::vector<std::int64_t> users;
  users.reserve(candidates.size());
  for (const Candidate& one : candidates) users.push_back(one.user);
  return next_in_turn(session, round, users, in_question(row, candidates));
}

void take_turn(Session& session, Kind kind, const AssignmentRow& row,
               const std::vector<Candidate>& candidates, std::size_t picked) {
  const std::string round = round_of(kind, row);
  if (row.by == AssignmentMethod::weighted) pay_for_turn(session, round, candidates, picked);
  set_last_turn(session, round, candidates[picked].user);
}

}  // namespace crm
