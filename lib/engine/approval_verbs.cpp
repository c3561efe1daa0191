// What is said to a request for an approval.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "crm/approvals.h"
#include "crm/error.h"
#include "engine/approval_people.h"
#include "engine/approvals.h"
#include "engine/reactions.h"
#include "engine/rule_reactor.h"
#include "records/read_value.h"
#include "records/write_record.h"

namespace crm {
namespace {

std::int64_t acting_user(Session& session) {
  if (const auto user = find_own_user(session)) return *user;
  throw Error(ErrorCode::not_permitted, crm::quoted(session.login()) + " is no user of this database",
              "act as one with --as");
}

std::string request_name(std::int64_t id) {
  return "approval " + std::to_string(id);
}

// Error{not_found} for one that the acting user may not know of, too.
ApprovalRequest load_seen(Session& session, std::int64_t id) {
  ApprovalRequest request = load_request(session, id);
  if (!may_see_request(session, request)) throw no_request(id);
  return request;
}

ApprovalRequest load_waiting(Session& session, std::int64_t id) {
  ApprovalRequest request = load_seen(session, id);
  if (request.state == approval_state::kWaiting) return request;
  throw Error(ErrorCode::conflict, request_name(id) + " is " + request.state + " already",
              "'crm approval list' shows those that wait");
}

bool is_among(const std::vector<std::int64_t>& users, std::int64_t user) {
  return std::find(users.begin(), users.end(), user) != users.end();
}

// The seat that the acting user decides from.
Seat my_seat(Session& session, const ApprovalRequest& request, const ApprovalRule& rule, std::int64_t me) {
  std::string waits_for;
  for (const Seat& seat : open_seats(rule, seats_of(session, request.id))) {
    if (may_take_seat(session, request, rule, seat, me)) return seat;
    waits_for += (waits_for.empty() ? "" : ", ") +
                 (seat.user ? session.state().name_of(Kind::user, *seat.user) : seat.approver);
  }
  if (me == request.asked_by && !rule.own)
    throw Error(ErrorCode::not_permitted, "nobody approves what they asked for themselves",
                "it waits for " + waits_for);
  const bool again = has_decided(seats_of(session, request.id), me);
  throw Error(ErrorCode::not_permitted,
              again ? "you have agreed to " + request_name(request.id) + " already: another person must too"
                    : request_name(request.id) + " is not yours to decide",
              "it waits for " + waits_for);
}

// What is carried out is carried out as who asked for it.
void check_asker_is_active(Session& session, const ApprovalRequest& request) {
  const Param params[] = {request.asked_by};
  if (session.state().connection->exists(
          "SELECT 1 FROM user WHERE id = $1 AND active = 1 AND deleted_at IS NULL", params))
    return;
  throw Error(ErrorCode::conflict,
              crm::quoted(session.state().name_of(Kind::user, request.asked_by)) + ", who asked for " +
                  request_name(request.id) + ", is no longer active",
              "reject it; whoever has taken over may run the command");
}

// With two seats the delegate's agreement would count twice.
void check_has_no_seat(Session& session, const ApprovalRequest& request, const Seat& mine,
                       std::int64_t user) {
  for (const Seat& seat : seats_of(session, request.id)) {
    if (seat.position == mine.position) continue;
    const bool theirs = seat.by_user == user || seat.user == user ||
                        (!seat.by_user && !seat.user &&
                         users_meant(session, seat.approver, request.asked_by) == std::vector{user});
    if (!theirs) continue;
    throw Error(ErrorCode::not_permitted,
                crm::quoted(session.state().name_of(Kind::user, user)) + " decides on " +
                    request_name(request.id) + " as " + crm::quoted(seat.approver) + " already",
                "name somebody else: each who must agree is a person of their own");
  }
}

void decide(Session& session, const Seat& seat, std::int64_t request, std::int64_t me, const char* decision,
            const std::string& comment) {
  const Param params[] = {request, seat.position,        decision,
                          me,      now_seconds(session), comment.empty() ? Param() : Param(comment)};
  session.state().connection->execute(
      "UPDATE approval_seat SET decision = $3, by_user = $4, at = $5, comment = $6 WHERE request = $1 AND "
      "position = $2",
      params);
}

void settle_request(Session& session, const ApprovalRequest& request, const char* state, std::int64_t me,
                    const std::string& reason) {
  const std::string_view decided(state);
  const bool ended = decided == approval_state::kRejected || decided == approval_state::kWithdrawn;
  const Param params[] = {request.id,
                          state,
                          now_seconds(session),
                          me,
                          reason.empty() ? Param() : Param(reason),
                          ended ? Param("[]") : Param()};
  session.state().connection->execute(
      "UPDATE approval SET state = $2, decided_at = $3, decided_by = $4, reason = $5, words = coalesce($6, "
      "words) WHERE id = $1",
      params);
  if (request.record.id != 0)
    raise_event(session, {EventType::decided, request.record.kind, state}, request.record);
}

std::optional<std::int64_t> version_of(Session& session, const ApprovalRequest& request) {
  const auto record = request.record.id == 0 ? std::nullopt : find_record(session, request.record);
  return record ? record->integer(session.state().shape(session, request.record.kind).version())
                : std::nullopt;
}

// Ends the request of a record that was changed since it was asked for: nobody has agreed to what would be
// done now.
void refuse_outdated(Session& session, Write& write, const ApprovalRequest& request, std::int64_t me) {
  if (version_of(session, request) == request.version) return;
  const Param params[] = {request.id, approval_state::kOutdated, now_seconds(session), me};
  session.state().connection->execute(
      "UPDATE approval SET state = $2, decided_at = $3, decided_by = $4, words = '[]' WHERE id = $1", params);
  write.commit();
  throw Error(ErrorCode::conflict, to_string(request.record) + " was changed since it was asked for",
              request_name(request.id) + " is outdated: look at the record, and run the command again")
      .about_record(to_string(request.record));
}

// What rules do because of the decision does not make the record another one than was decided on.
void grant(Session& session, Write& write, const ApprovalRequest& request, const char* state, std::int64_t me,
           const std::string& reason) {
  settle_request(session, request, state, me, reason);
  write.settle();
  const Param params[] = {request.id, version_of(session, request)};
  session.state().connection->execute("UPDATE approval SET version = $2 WHERE id = $1", params);
}

bool is_complete(const ApprovalRule& rule, const std::vector<Seat>& seats) {
  const auto taken = [](const Seat& seat) { return !seat.decision.empty(); };
  if (rule.order == ApprovalOrder::any_of) return std::any_of(seats.begin(), seats.end(), taken);
  return std::all_of(seats.begin(), seats.end(), taken);
}

}  // namespace

bool approve(Session& session, std::int64_t id, const std::string& comment) {
  Write write(session);
  const ApprovalRequest known = load_seen(session, id);
  // Granted, but not carried out: the command failed, or was killed.
  if (known.state == approval_state::kApproved && !known.done_at) return true;
  const ApprovalRequest request = load_waiting(session, id);
  const ApprovalRule& rule = rule_of(session, request);
  const std::int64_t me = acting_user(session);
  const Seat seat = my_seat(session, request, rule, me);
  check_asker_is_active(session, request);
  refuse_outdated(session, write, request, me);
  decide(session, seat, id, me, approval_state::kApproved, comment);
  const bool complete = is_complete(rule, seats_of(session, id));
  if (complete) {
    grant(session, write, request, approval_state::kApproved, me, comment);
  } else {
    tell_open_seats(session, request, rule);  // in order: the next one
  }
  write.commit();
  return complete;
}

bool skip_approval(Session& session, std::int64_t id, const std::string& reason) {
  Write write(session);
  const ApprovalRequest known = load_seen(session, id);
  if (known.state == approval_state::kSkipped && !known.done_at) return true;
  const ApprovalRequest request = load_waiting(session, id);
  const ApprovalRule& rule = rule_of(session, request);
  const std::int64_t me = acting_user(session);
  if (rule.fast_track_role.empty())
    throw Error(ErrorCode::not_permitted, "the approval " + crm::quoted(rule.name) + " has no fast track",
                "approve it");
  if (!is_among(users_meant(session, "role/" + rule.fast_track_role, request.asked_by), me))
    throw Error(ErrorCode::not_permitted,
                "the fast track of " + crm::quoted(rule.name) + " is for the role " +
                    crm::quoted(rule.fast_track_role),
                "ask one of them");
  if (rule.fast_track_reason && trimmed(reason).empty())
    throw Error(ErrorCode::invalid, "skipping an approval needs a reason", "give it with --reason");
  check_asker_is_active(session, request);
  refuse_outdated(session, write, request, me);
  grant(session, write, request, approval_state::kSkipped, me, reason);
  write.commit();
  return true;
}

void reject_approval(Session& session, std::int64_t id, const std::string& reason) {
  Write write(session);
  const ApprovalRequest request = load_waiting(session, id);
  const ApprovalRule& rule = rule_of(session, request);
  const std::int64_t me = acting_user(session);
  decide(session, my_seat(session, request, rule, me), id, me, approval_state::kRejected, reason);
  settle_request(session, request, approval_state::kRejected, me, reason);
  write.commit();
}

void withdraw_approval(Session& session, std::int64_t id, const std::string& reason) {
  Write write(session);
  const ApprovalRequest request = load_waiting(session, id);
  const std::int64_t me = acting_user(session);
  if (me != request.asked_by)
    throw Error(ErrorCode::not_permitted, "only who asked for " + request_name(id) + " can withdraw it",
                "reject it, if it is yours to decide");
  settle_request(session, request, approval_state::kWithdrawn, me, reason);
  write.commit();
}

void delegate_approval(Session& session, std::int64_t id, const std::string& to) {
  Write write(session);
  const ApprovalRequest request = load_waiting(session, id);
  const ApprovalRule& rule = rule_of(session, request);
  const std::int64_t me = acting_user(session);
  const Seat seat = my_seat(session, request, rule, me);
  const std::int64_t user = require_user(session, to);
  if (user == request.asked_by && !rule.own)
    throw Error(ErrorCode::not_permitted,
                crm::quoted(to) + " asked for it, and nobody approves what they asked for",
                "name somebody else");
  if (rule.order != ApprovalOrder::any_of) check_has_no_seat(session, request, seat, user);
  const Param params[] = {id, seat.position, user};
  session.state().connection->execute(
      "UPDATE approval_seat SET user = $3 WHERE request = $1 AND position = $2", params);
  tell_open_seats(session, request, rule);
  write.commit();
}

GrantedCommand::GrantedCommand(Session& session, std::int64_t id)
    : session_(session), login_(session.login()), own_words_(session.state().options.words) {
  const ApprovalRequest request = load_request(session, id);
  const bool granted =
      request.state == approval_state::kApproved || request.state == approval_state::kSkipped;
  if (!granted || request.done_at)
    throw Error(ErrorCode::conflict,
                request_name(id) + (granted ? " is carried out already" : " is not given"));
  check_asker_is_active(session, request);
  if (version_of(session, request) != request.version) {
    Write write(session);
    refuse_outdated(session, write, request, acting_user(session));
  }
  words_ = nlohmann::json::parse(request.words).get<std::vector<std::string>>();
  session.state().options.words = words_;
  session.state().options.login = session.state().name_of(Kind::user, request.asked_by);
  if (request.alone) session.state().only = request.record;
  session.state().forget_people();
}

GrantedCommand::~GrantedCommand() {
  Session::State& state = session_.state();
  state.options.login = login_;
  state.options.words = own_words_;
  state.only.reset();
  state.forget_people();
}

bool has_aftermath(Session& session) {
  return !session.state().aftermath.empty();
}

std::vector<std::string> write_aftermath_of(Session& session, std::vector<std::string> words,
                                            std::string shown, bool rest_was_done) {
  Session::State& state = session.state();
  if (state.aftermath.empty()) return {};
  std::swap(state.options.words, words);
  std::swap(state.options.command, shown);
  std::vector<std::string> told = write_aftermath(session, rest_was_done);
  std::swap(state.options.words, words);
  std::swap(state.options.command, shown);
  return told;
}

}  // namespace crm
