#include "ownership/ownership_log.h"

#include "crm/ownership.h"
#include "ownership/assignment_table.h"
#include "records/present_moment.h"
#include "records/session_state.h"

namespace crm {

void log_ownership(Session& session, const OwnershipEntry& entry) {
  const Param params[] = {static_cast<std::int64_t>(entry.record.kind),
                          entry.record.id,
                          entry.user,
                          now_seconds(session),
                          entry.how,
                          entry.line == 0 ? Param() : Param(entry.line),
                          entry.explanation.empty() ? Param() : Param(entry.explanation),
                          std::int64_t{present_moment(session).time_since_epoch().count()}};
  session.state().connection->execute(
      "INSERT INTO ownership (kind, record, user, at, how, line, explanation, noted_at) VALUES ($1, $2, $3, "
      "$4, $5, $6, $7, $8)",
      params);
}

namespace {

// `column`: the moment by which it is counted.
std::int64_t count_today(Session& session, Kind kind, std::int64_t user, const char* how,
                         const std::string& column, Moment now) {
  const TimeZone& zone = session.zone();
  const Date today = zone.to_local(now).date;
  const std::int64_t begin = zone.to_moment({today, std::chrono::seconds(0)}).time_since_epoch().count();
  const Param params[] = {static_cast<std::int64_t>(kind), user, how, begin,
                          std::int64_t{now.time_since_epoch().count()}};
  return session.state()
      .connection
      ->query_integer("SELECT count(*) FROM ownership WHERE kind = $1 AND user = $2 AND how = $3 AND " +
                          column + " BETWEEN $4 AND $5",
                      params)
      .value_or(0);
}

}  // namespace

std::int64_t given_today(Session& session, Kind kind, std::int64_t user) {
  return count_today(session, kind, user, ownership_how::kTable, "at", session.now());
}

std::int64_t claims_today(Session& session, Kind kind, std::int64_t user) {
  return count_today(session, kind, user, ownership_how::kClaim, "noted_at", present_moment(session));
}

std::optional<std::int64_t> last_left(Session& session, RecordId record, std::int64_t user) {
  const Param params[] = {static_cast<std::int64_t>(record.kind), record.id, user, ownership_how::kLeft};
  return session.state().connection->query_integer(
      "SELECT max(noted_at) FROM ownership WHERE kind = $1 AND record = $2 AND user = $3 AND how = $4",
      params);
}

void list_ownership(Session& session, RecordId record, RowSink& sink) {
  static const Column kColumns[] = {{.name = "at", .label = "at", .moment = true},
                                    {.name = "user", .label = "user"},
                                    {.name = "how", .label = "how"},
                                    {.name = "line", .label = "line", .right = true},
                                    {.name = "explanation", .label = "explanation", .wide = true}};
  sink.begin(kColumns);
  const Param params[] = {static_cast<std::int64_t>(record.kind), record.id};
  session.state().connection->query(
      "SELECT at, user, how, line, explanation FROM ownership WHERE kind = $1 AND record = $2 ORDER BY at "
      "DESC, id DESC",
      params, [&](const Row& row) {
        const std::string at = format_moment(Moment(std::chrono::seconds(row.integer(0))), session.zone());
        const std::string user =
            row.is_null(1) ? std::string() : session.state().name_of(Kind::user, row.integer(1));
        const std::string line(row.text(3));
        const std::string explanation = without_loads(session, row.text(4));
        const Cell cells[] = {{CellType::text, at, {}},
                              user.empty() ? Cell() : Cell{CellType::text, user, {}},
                              {CellType::text, row.text(2), {}},
                              line.empty() ? Cell() : Cell{CellType::number, line, {}},
                              explanation.empty() ? Cell() : Cell{CellType::text, explanation, {}}};
        return sink.row(cells);
      });
  sink.end();
}

}  // namespace crm
