#include "engine/approvals.h"

#include <algorithm>

#include "base/add_once.h"
#include "base/json.h"
#include "base/text.h"
#include "crm/error.h"
#include "engine/approval_people.h"
#include "engine/reactions.h"
#include "entity/descriptors.h"
#include "outbox/enqueue.h"
#include "records/read_value.h"
#include "records/rebuilding.h"
#include "records/write_record.h"

namespace crm {
namespace {

// A word of a command line that stands for the standard input.
constexpr const char* kStandardInput = "-";

std::string json_of(const std::vector<std::string>& words) {
  std::string json = "[";
  for (const std::string& word : words) {
    if (json.size() > 1) json += ',';
    append_json_string(json, word);
  }
  return json + ']';
}

std::optional<std::int64_t> version_of(Session& session, const StoredRecord* record) {
  if (record == nullptr) return std::nullopt;
  return record->integer(session.state().shape(session, record->id.kind).version());
}

struct WantedApproval {
  std::string approval;
  RecordId record;  // number 0: one that is to be made
  std::optional<std::int64_t> version;
};

// Whether the approval is given for this very command on the record as it is; then it is used up with it.
bool use_grant(Session& session, const WantedApproval& wanted) {
  const UsedGrant grant{wanted.approval, key_of(wanted.record), json_of(session.state().options.words)};
  // A command that writes the record more than once has changed it itself.
  std::vector<UsedGrant>& used = Reactions::of(session).grants;
  if (std::find(used.begin(), used.end(), grant) != used.end()) return true;
  const Param given[] = {wanted.approval, static_cast<std::int64_t>(wanted.record.kind), wanted.record.id,
                         grant.words, wanted.version};
  const auto granted = session.state().connection->query_integer(
      "SELECT id FROM approval WHERE approval = $1 AND kind = $2 AND record = $3 AND words = $4 AND version "
      "IS $5 AND state IN ('approved', 'skipped') AND done_at IS NULL ORDER BY id DESC LIMIT 1",
      given);
  if (!granted) return false;
  used.push_back(grant);
  // The words may hold what is sensitive, and nobody needs them any more.
  const Param done[] = {*granted, now_seconds(session), session.state().open_change().number()};
  session.state().connection->execute(
      "UPDATE approval SET done_at = $2, done_change = $3, words = '[]' WHERE id = $1", done);
  return true;
}

std::int64_t asking_user(Session& session) {
  const auto user = find_own_user(session);
  if (!user)
    throw Error(ErrorCode::not_permitted, quoted(session.login()) + " is no user of this database",
                "act as one with --as");
  return *user;
}

void tell(Session& session, std::int64_t user, const std::string& key, RecordId about,
          const std::string& what) {
  NewMessage message;
  message.key = "approval/" + std::to_string(user) + '/' + key;
  message.rule = "approval";
  message.person = user;
  if (about.id != 0) message.about = about;
  message.subject = what;
  message.body = what + ".\n\ncrm approval list --mine\n";
  enqueue(*session.state().connection, message, session.state().options.now);
}

void add_seats(Session& session, std::int64_t id, const ApprovalRule& rule) {
  std::int64_t position = 0;
  for (const std::string& approver : rule.by) {
    const Param params[] = {id, ++position, approver};
    session.state().connection->execute(
        "INSERT INTO approval_seat (request, position, approver) VALUES ($1, $2, $3)", params);
  }
}

// Whom the request would wait for in vain; nothing where enough of its seats can be taken.
std::optional<std::string> nobodys_seat(Session& session, const ApprovalRequest& request,
                                        const ApprovalRule& rule) {
  std::optional<std::string> in_vain;
  for (const Seat& seat : seats_of(session, request.id)) {
    const std::vector<std::int64_t> users = users_meant(session, seat.approver, request.asked_by);
    const bool can_be_taken = std::any_of(
        users.begin(), users.end(), [&](std::int64_t user) { return rule.own || user != request.asked_by; });
    if (can_be_taken && rule.order == ApprovalOrder::any_of) return std::nullopt;
    if (!can_be_taken && !in_vain) in_vain = seat.approver;
  }
  return in_vain;
}

// Returns what to tell who asked.
std::string record_request(Session& session, const WantedApproval& wanted) {
  Session::State& state = session.state();
  const ApprovalRule* rule = nullptr;
  for (const ApprovalRule& one : state.process().approvals) {
    if (one.name == wanted.approval) rule = &one;
  }
  if (rule == nullptr) return {};
  if (state.write_depth > 1)  // the whole is rolled back, and this with it
    return "nothing is asked for from within what is all or nothing: run it by itself";
  const std::int64_t who = asking_user(session);
  const std::string words = json_of(state.options.words);
  const Param same[] = {
      wanted.approval, static_cast<std::int64_t>(wanted.record.kind), wanted.record.id, words, who,
      wanted.version};
  if (const auto waiting = state.connection->query_integer(
          "SELECT id FROM approval WHERE approval = $1 AND kind = $2 AND record = $3 AND words = $4 AND "
          "asked_by = $5 AND version IS $6 AND state = 'waiting'",
          same))
    return "approval/" + std::to_string(*waiting) + " waits already";
  std::optional<std::int64_t> due;
  if (const auto dwell = parse_dwell(rule->deadline_after))
    due =
        add_dwell(state.process().calendar, session.zone(), session.now(), *dwell).time_since_epoch().count();
  const Param params[] = {wanted.approval,
                          static_cast<std::int64_t>(wanted.record.kind),
                          wanted.record.id,
                          wanted.version,
                          words,
                          state.options.command,
                          who,
                          now_seconds(session),
                          due,
                          state.rest_was_done ? 1 : 0};
  std::int64_t id = 0;
  state.connection->each(
      "INSERT INTO approval (approval, kind, record, version, words, command, asked_by, asked_at, due_at, "
      "state, escalated, alone) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting', 0, $10) RETURNING id",
      params, [&](const Row& row) { id = row.integer(0); });
  add_seats(session, id, *rule);
  const ApprovalRequest request = load_request(session, id);
  tell_open_seats(session, request, *rule);
  const auto in_vain = nobodys_seat(session, request, *rule);
  return "recorded as approval " + std::to_string(id) + ": 'crm approval show " + std::to_string(id) +
         "' tells whom it waits for" +
         (in_vain ? "; as things stand nobody can agree as " + quoted(*in_vain) : "");
}

std::string subject_of(const StoredRecord& record, const StoredRecord* before) {
  return before != nullptr ? to_string(record.id) : "a new " + std::string(entity(record.id.kind).label.en);
}

// Leaves a request for each. `subject`: what waits.
[[noreturn]] void hold_back(Session& session, const std::vector<WantedApproval>& all,
                            const std::string& subject) {
  std::vector<std::string> names;
  names.reserve(all.size());
  for (const WantedApproval& wanted : all) names.push_back(wanted.approval);
  const std::string approvals = (all.size() == 1 ? "the approval " : "the approvals ") + listed(names);
  const auto& words = session.state().options.words;
  if (std::find(words.begin(), words.end(), kStandardInput) != words.end()) {
    throw Error(ErrorCode::usage, "what needs " + approvals + " cannot be read from the standard input",
                "name the records on the command line");
  }
  for (const WantedApproval& wanted : all) {
    if (session.dry_run()) break;
    session.state().aftermath.push_back([wanted](Session& after) { return record_request(after, wanted); });
  }
  throw Error(ErrorCode::waiting, subject + " waits for " + approvals,
              all.size() == 1 ? "it is done once that is given" : "it is done once all of them are given")
      .about_record(subject);
}

WantedApproval wanted_of(Session& session, const ApprovalRule& rule, const StoredRecord& record,
                         const StoredRecord* before) {
  return {rule.name, {record.id.kind, before == nullptr ? 0 : record.id.id}, version_of(session, before)};
}

void check(Session& session, const ApprovalRule& rule, const StoredRecord& record,
           const StoredRecord* before) {
  const WantedApproval wanted = wanted_of(session, rule, record, before);
  if (!use_grant(session, wanted)) hold_back(session, {wanted}, subject_of(record, before));
}

bool holds_back(const ApprovalRule& rule, const RuleEvent& event) {
  return rule.event.type == event.type && rule.event.kind == event.kind &&
         (rule.event.detail.empty() || rule.event.detail == event.detail);
}

}  // namespace

void check_approvals(Session& session, std::span<const RuleEvent> events, const StoredRecord& record,
                     const StoredRecord* before) {
  std::vector<WantedApproval> missing;
  for (const RuleEvent& event : events) {
    for (const ApprovalRule& rule : session.state().process().approvals) {
      if (!holds_back(rule, event) || !holds(session, rule.when, record, before)) continue;
      WantedApproval wanted = wanted_of(session, rule, record, before);
      if (!use_grant(session, wanted)) missing.push_back(std::move(wanted));
    }
  }
  if (!missing.empty()) hold_back(session, missing, subject_of(record, before));
}

void check_approvals_of_row(Session& session, std::span<const RuleEvent> events, const StoredRecord& record,
                            const StoredRecord* before) {
  for (const RuleEvent& event : events) {
    for (const ApprovalRule& rule : session.state().process().approvals) {
      if (!holds_back(rule, event) || !holds(session, rule.when, record, before)) continue;
      if (Rebuilding::is_under_way(session)) return;
      const std::string subject = subject_of(record, before);
      throw Error(ErrorCode::waiting, subject + " like this needs the approval " + quoted(rule.name), {})
          .about_record(subject);
    }
  }
}

void check_approvals_of_undo(Session& session, const RuleEvent& event, const StoredRecord& record,
                             const StoredRecord& before) {
  for (const ApprovalRule& rule : session.state().process().approvals) {
    if (!holds_back(rule, event) || !holds(session, rule.when, record, &before)) continue;
    const WantedApproval wanted{rule.name, {record.id.kind, 0}, std::nullopt};
    if (!use_grant(session, wanted)) hold_back(session, {wanted}, "putting back " + to_string(record.id));
  }
}

std::string require_approval(Session& session, const std::string& approval, const StoredRecord& record) {
  for (const ApprovalRule& rule : session.state().process().approvals) {
    if (rule.name != approval) continue;
    const auto& kept = Reactions::of(session).before;
    const auto found = kept.find(key_of(record.id));
    check(session, rule, record, found == kept.end() ? &record : found->second.get());
  }
  return "the approval " + quoted(approval) + " is given";
}

Error no_request(std::int64_t id) {
  return {ErrorCode::not_found, "there is no approval " + std::to_string(id),
          "list them with 'crm approval list'"};
}

ApprovalRequest load_request(Session& session, std::int64_t id) {
  std::optional<ApprovalRequest> request;
  const Param params[] = {id};
  session.state().connection->each(
      "SELECT id, approval, kind, record, version, state, asked_by, asked_at, due_at, escalated, alone, "
      "words, done_at FROM approval WHERE id = $1",
      params, [&](const Row& row) {
        request = ApprovalRequest{row.integer(0),
                                  std::string(row.text(1)),
                                  {static_cast<Kind>(row.integer(2)), row.integer(3)},
                                  row.optional_integer(4),
                                  std::string(row.text(5)),
                                  row.integer(6),
                                  row.integer(7),
                                  row.optional_integer(8),
                                  row.integer(9) != 0,
                                  row.integer(10) != 0,
                                  std::string(row.text(11)),
                                  row.optional_integer(12)};
      });
  if (!request) throw no_request(id);
  return std::move(*request);
}

const ApprovalRule& rule_of(Session& session, const ApprovalRequest& request) {
  for (const ApprovalRule& rule : session.state().process().approvals) {
    if (rule.name == request.approval) return rule;
  }
  throw Error(ErrorCode::invalid, "the workflow no longer has the approval " + quoted(request.approval),
              "withdraw it, and run the command again");
}

std::vector<Seat> seats_of(Session& session, std::int64_t request) {
  std::vector<Seat> seats;
  const Param params[] = {request};
  session.state().connection->each(
      "SELECT position, approver, user, decision, by_user, at, comment FROM approval_seat WHERE request = $1 "
      "ORDER BY position",
      params, [&](const Row& row) {
        seats.push_back({row.integer(0), std::string(row.text(1)), row.optional_integer(2),
                         std::string(row.text(3)), row.optional_integer(4), row.optional_integer(5),
                         std::string(row.text(6))});
      });
  return seats;
}

std::vector<Seat> open_seats(const ApprovalRule& rule, const std::vector<Seat>& seats) {
  std::vector<Seat> open;
  for (const Seat& seat : seats) {
    if (!seat.decision.empty()) continue;
    open.push_back(seat);
    if (rule.order == ApprovalOrder::in_order) break;
  }
  return open;
}

void tell_open_seats(Session& session, const ApprovalRequest& request, const ApprovalRule& rule) {
  const std::string what = session.state().name_of(Kind::user, request.asked_by) + " asks for " +
                           quoted(request.approval) +
                           (request.record.id != 0 ? " on " + to_string(request.record) : std::string()) +
                           ": approval " + std::to_string(request.id);
  for (const Seat& seat : open_seats(rule, seats_of(session, request.id))) {
    for (const std::int64_t user : holders_of(session, request, seat))
      tell(session, user, std::to_string(request.id) + '/' + std::to_string(seat.position), request.record,
           what);
  }
}

bool has_decided(const std::vector<Seat>& seats, std::int64_t user) {
  return std::any_of(seats.begin(), seats.end(), [&](const Seat& seat) { return seat.by_user == user; });
}

bool may_take_seat(Session& session, const ApprovalRequest& request, const ApprovalRule& rule,
                   const Seat& seat, std::int64_t user) {
  const auto is_among = [&](const std::vector<std::int64_t>& users) {
    return std::find(users.begin(), users.end(), user) != users.end();
  };
  if (user == request.asked_by && !rule.own) return false;
  std::vector<std::int64_t> users = holders_of(session, request, seat);
  const bool escalated = request.escalated && !rule.deadline_to.empty();
  if (escalated) {
    const auto more = users_after_deadline(session, request, rule, seat);
    users.insert(users.end(), more.begin(), more.end());
  }
  if (!is_among(users)) return false;
  const std::vector<Seat> seats = seats_of(session, request.id);
  if (!has_decided(seats, user)) return true;
  if (seat.user && !escalated) return false;
  // Of several who must agree each is a person of their own, unless the workflow means nobody else.
  return std::none_of(users.begin(), users.end(), [&](std::int64_t other) {
    return other != user && (rule.own || other != request.asked_by) && !has_decided(seats, other);
  });
}

std::optional<std::int64_t> next_deadline(Connection& connection) {
  return connection.query_integer(
      "SELECT due_at FROM approval WHERE state = 'waiting' AND escalated = 0 AND due_at IS NOT NULL ORDER BY "
      "due_at LIMIT 1");
}

std::vector<DueDeadline> due_deadlines(Connection& connection, std::int64_t until) {
  std::vector<DueDeadline> due;
  const Param params[] = {until};
  connection.each(
      "SELECT id, due_at FROM approval WHERE state = 'waiting' AND escalated = 0 AND due_at <= $1 ORDER BY "
      "due_at, id",
      params, [&](const Row& row) {
        due.push_back({row.integer(0), row.integer(1)});
      });
  return due;
}

std::string escalate_approval(Session& session, std::int64_t id) {
  const ApprovalRequest request = load_request(session, id);
  const ApprovalRule& rule = rule_of(session, request);
  stop_deadline(session, id);
  const std::string what =
      "approval " + std::to_string(id) + " (" + request.approval + ") has waited for too long";
  std::vector<std::int64_t> told;
  for (const Seat& seat : open_seats(rule, seats_of(session, id))) {
    for (const std::int64_t user : users_after_deadline(session, request, rule, seat)) add_once(told, user);
  }
  for (const std::int64_t user : told)
    tell(session, user, std::to_string(id) + "/deadline", request.record, what);
  return what + (told.empty() ? ": nobody is " + quoted(rule.deadline_to) + " here"
                              : ": " + rule.deadline_to + " may decide");
}

void stop_deadline(Session& session, std::int64_t id) {
  const Param params[] = {id};
  session.state().connection->execute("UPDATE approval SET escalated = 1 WHERE id = $1", params);
}

}  // namespace crm
