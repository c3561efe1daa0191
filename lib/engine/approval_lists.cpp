// Requests for approvals, as they are listed.
#include <algorithm>

#include "base/text.h"
#include "crm/approvals.h"
#include "engine/approvals.h"
#include "records/concealment.h"
#include "records/read_value.h"
#include "records/rights.h"
#include "records/write_record.h"

namespace crm {
namespace {

Cell text_cell(const std::string& text) {
  return text.empty() ? Cell() : Cell{CellType::text, text, {}};
}

std::string moment_text(Session& session, std::optional<std::int64_t> at) {
  return at ? format_moment(Moment(std::chrono::seconds(*at)), session.zone()) : std::string();
}

// Whom a waiting request waits for, and whether that user is among them.
struct WaitsFor {
  std::string names;
  bool user = false;
};

WaitsFor waits_for(Session& session, const ApprovalRequest& request, std::optional<std::int64_t> user) {
  WaitsFor waits;
  if (request.state != approval_state::kWaiting) return waits;
  const auto& rules = session.state().process().approvals;
  const auto rule = std::find_if(rules.begin(), rules.end(),
                                 [&](const ApprovalRule& one) { return one.name == request.approval; });
  if (rule == rules.end()) return waits;
  for (const Seat& seat : open_seats(*rule, seats_of(session, request.id))) {
    const std::string who = seat.user ? session.state().name_of(Kind::user, *seat.user) : seat.approver;
    waits.names += (waits.names.empty() ? "" : ", ") + who;
    waits.user = waits.user || (user && may_take_seat(session, request, *rule, seat, *user));
  }
  return waits;
}

// Who asked has agreed too, be it as the first of several.
constexpr const char* kAgreedToOwn =
    "EXISTS (SELECT 1 FROM approval_seat s WHERE s.request = a.id AND s.by_user = a.asked_by)";

}  // namespace

bool may_see_request(Session& session, const ApprovalRequest& request) {
  const Rights& mine = rights(session);
  if (mine.see == Scope::all) return true;
  if (request.record.id != 0 && may_see(session, request.record)) return true;
  if (!mine.user) return false;
  if (request.asked_by == *mine.user || waits_for(session, request, mine.user).user) return true;
  const auto& rules = session.state().process().approvals;
  if (std::any_of(rules.begin(), rules.end(), [&](const ApprovalRule& rule) {
        return rule.name == request.approval && !rule.fast_track_role.empty() &&
               rule.fast_track_role == mine.role;
      }))
    return true;
  const std::vector<Seat> seats = seats_of(session, request.id);
  return std::any_of(seats.begin(), seats.end(), [&](const Seat& seat) { return seat.by_user == mine.user; });
}

void list_approvals(Session& session, const ApprovalQuery& query, RowSink& sink) {
  static const std::vector<Column> kColumns = {{.name = "id", .label = "id", .right = true},
                                               {.name = "approval", .label = "approval"},
                                               {.name = "state", .label = "state"},
                                               {.name = "record", .label = "record"},
                                               {.name = "asked_by", .label = "asked by"},
                                               {.name = "asked_at", .label = "asked", .moment = true},
                                               {.name = "waits_for", .label = "waits for"},
                                               {.name = "due_at", .label = "due", .moment = true},
                                               {.name = "command", .label = "command", .wide = true}};
  const std::optional<std::int64_t> me =
      query.mine ? std::optional(require_user(session, session.login())) : std::nullopt;
  std::vector<std::pair<std::int64_t, std::string>> found;
  const Param params[] = {query.state.empty() ? Param() : Param(query.state)};
  const std::string condition = query.state.empty() ? "" : " WHERE state = $1";
  session.state().connection->each(
      "SELECT id, command FROM approval" + condition + " ORDER BY id DESC", params,
      [&](const Row& row) { found.emplace_back(row.integer(0), shown_command(session, row.text(1))); });
  sink.begin(kColumns);
  std::int64_t shown = 0;
  for (const auto& [id, command] : found) {
    if (query.limit && shown >= *query.limit) break;
    const ApprovalRequest request = load_request(session, id);
    const WaitsFor waits = waits_for(session, request, me);
    if ((me && !waits.user) || !may_see_request(session, request)) continue;
    ++shown;
    const std::string number = std::to_string(id);
    const std::string record = request.record.id != 0 ? to_string(request.record) : std::string();
    const std::string at = moment_text(session, request.asked_at);
    const std::string due = moment_text(session, request.due_at);
    const std::string state =
        request.done_at && request.state == approval_state::kApproved ? "done" : request.state;
    const std::string asked_by = session.state().name_of(Kind::user, request.asked_by);
    const Cell cells[] = {{CellType::number, number, {}},
                          text_cell(request.approval),
                          text_cell(state),
                          text_cell(record),
                          text_cell(asked_by),
                          text_cell(at),
                          text_cell(waits.names),
                          text_cell(due),
                          text_cell(command)};
    if (!sink.row(cells)) break;
  }
  sink.end();
}

void show_approval(Session& session, std::int64_t id, RowSink& sink) {
  const ApprovalRequest request = load_request(session, id);
  if (!may_see_request(session, request)) throw no_request(id);
  const auto moment = [&](std::optional<std::int64_t> at) { return moment_text(session, at); };
  const auto user = [&](std::optional<std::int64_t> one) {
    return one ? session.state().name_of(Kind::user, *one) : std::string();
  };
  static const std::vector<Column> kColumns = {{.name = "name", .label = "name"},
                                               {.name = "value", .label = "value"}};
  sink.begin(kColumns);
  const auto fact = [&](const std::string& name, const std::string& value) {
    const Cell cells[] = {{CellType::text, name, {}},
                          value.empty() ? Cell() : Cell{CellType::text, value, {}}};
    sink.row(cells);
  };
  fact("id", std::to_string(id));
  fact("approval", request.approval);
  fact("state", request.state);
  fact("record", request.record.id != 0 ? to_string(request.record) : std::string());
  fact("asked_by", user(request.asked_by));
  fact("asked_at", moment(request.asked_at));
  fact("due_at", moment(request.due_at));
  const Param params[] = {id};
  session.state().connection->each(
      "SELECT command, decided_by, decided_at, reason FROM approval WHERE id = $1", params,
      [&](const Row& row) {
        fact("command", shown_command(session, row.text(0)));
        fact("decided_by", user(row.optional_integer(1)));
        fact("decided_at", moment(row.optional_integer(2)));
        fact("reason", std::string(row.text(3)));
      });
  fact("done_at", moment(request.done_at));
  for (const Seat& seat : seats_of(session, id)) {
    std::string said = seat.decision.empty()
                           ? "open"
                           : seat.decision + " by " + user(seat.by_user) + " at " + moment(seat.at);
    if (seat.user && seat.decision.empty()) said += ", for " + user(seat.user);
    if (!seat.comment.empty()) said += ": " + seat.comment;
    fact("seat_" + std::to_string(seat.position), seat.approver + ": " + said);
  }
  sink.end();
}

void list_exceptions(Session& session, const ExceptionQuery& query, RowSink& sink) {
  static const std::vector<Column> kColumns = {{.name = "id", .label = "id", .right = true},
                                               {.name = "approval", .label = "approval"},
                                               {.name = "record", .label = "record"},
                                               {.name = "exception", .label = "exception"},
                                               {.name = "by", .label = "by"},
                                               {.name = "at", .label = "at", .moment = true},
                                               {.name = "reason", .label = "reason", .wide = true}};
  const auto bound = [&](const std::string& text, DayEdge edge) {
    return text.empty()
               ? Param()
               : Param(std::int64_t{
                     parse_when(text, session.now(), session.zone(), edge).time_since_epoch().count()});
  };
  const Param params[] = {bound(query.from, DayEdge::start), bound(query.to, DayEdge::end)};
  sink.begin(kColumns);
  const std::string sql =
      "SELECT id, approval, kind, record, CASE WHEN state = 'skipped' THEN 'skipped' WHEN " +
      std::string(kAgreedToOwn) + " THEN 'own' ELSE 'late' END, decided_by, decided_at, reason" +
      " FROM approval a WHERE (state = 'skipped' OR (state = 'approved' AND (" + kAgreedToOwn +
      " OR escalated = 1 AND decided_at > due_at)))" +
      " AND ($1 IS NULL OR decided_at >= $1) AND ($2 IS NULL OR decided_at < $2)" +
      " ORDER BY decided_at DESC, id DESC";
  session.state().connection->query(sql, params, [&](const Row& row) {
    if (!may_see_request(session, load_request(session, row.integer(0)))) return true;
    const std::string id = std::to_string(row.integer(0));
    const std::string approval(row.text(1));
    const std::string record = row.integer(3) != 0
                                   ? to_string(RecordId{static_cast<Kind>(row.integer(2)), row.integer(3)})
                                   : std::string();
    const std::string exception(row.text(4));
    const std::string by = session.state().name_of(Kind::user, row.integer(5));
    const std::string at = moment_text(session, row.optional_integer(6));
    const std::string reason(row.text(7));
    const Cell cells[] = {{CellType::number, id, {}}, text_cell(approval), text_cell(record),
                          text_cell(exception),       text_cell(by),       text_cell(at),
                          text_cell(reason)};
    return sink.row(cells);
  });
  sink.end();
}

}  // namespace crm
