#include "crm/outbox.h"

#include <array>

#include "base/text.h"
#include "crm/error.h"
#include "outbox/delivery.h"
#include "outbox/enqueue.h"
#include "outbox/lease.h"
#include "records/read_value.h"
#include "records/rights.h"
#include "records/session_state.h"

namespace crm {
namespace {

enum class Show { text, number, moment };

struct OutboxColumn {
  const char* name;
  const char* sql;
  Show show = Show::text;
};

constexpr OutboxColumn kColumns[] = {
    {"id", "o.id", Show::number},
    {"state", "o.state"},
    {"rule", "o.rule"},
    {"person", "u.name"},
    {"address", "coalesce(o.address, u.email)"},
    {"channel", "o.channel"},
    {"subject", "o.subject"},
    {"created_at", "o.created_at", Show::moment},
    {"sent_at", "o.sent_at", Show::moment},
    {"attempts", "o.attempts", Show::number},
    {"next_try_at", "CASE WHEN o.state = 'queued' AND o.next_try_at > 0 THEN o.next_try_at END",
     Show::moment},
    {"reply", "o.reply"},
    {"key", "o.key"},
};
constexpr OutboxColumn kBody = {"body", "o.body"};

std::string select_list(std::span<const OutboxColumn> columns) {
  std::string sql = "SELECT ";
  for (const OutboxColumn& column : columns)
    sql += (&column == columns.data() ? "" : ", ") + std::string(column.sql);
  return sql + " FROM outbox o LEFT JOIN user u ON u.id = o.person";
}

// Rows of the query, whose columns are these, as cells.
void stream(Session& session, const std::string& sql, Params params, std::span<const OutboxColumn> shown,
            RowSink& sink) {
  std::vector<Column> columns;
  for (const OutboxColumn& column : shown) {
    columns.push_back({.name = column.name,
                       .label = column.name,
                       .right = column.show == Show::number,
                       .wide = column.name == std::string_view("body"),
                       .moment = column.show == Show::moment});
  }
  sink.begin(columns);
  std::vector<std::string> texts(shown.size());
  std::vector<Cell> cells(shown.size());
  session.state().connection->query(sql, params, [&](const Row& row) {
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const int at = static_cast<int>(i);
      cells[i] = {};
      if (row.is_null(at)) continue;
      switch (shown[i].show) {
        case Show::text:
          texts[i] = row.text(at);
          break;
        case Show::number:
          texts[i] = std::to_string(row.integer(at));
          break;
        case Show::moment:
          texts[i] = format_moment(Moment(std::chrono::seconds(row.integer(at))), session.zone());
          break;
      }
      cells[i] = {shown[i].show == Show::number ? CellType::number : CellType::text, texts[i], {}};
    }
    return sink.row(cells);
  });
  sink.end();
}

}  // namespace

std::vector<std::string> outbox_states() {
  return {outbox_state::kQueued, outbox_state::kSending, outbox_state::kSent,     outbox_state::kFailed,
          outbox_state::kDead,   outbox_state::kDoubt,   outbox_state::kCancelled};
}

Delivery flush_outbox(Session& session, const ChannelOptions& channel, MessageSink& sink) {
  return deliver(session, channel, {}, sink);
}

Delivery deliver(Session& session, const ChannelOptions& options, const DeliveryScope& scope,
                 MessageSink& sink) {
  const std::unique_ptr<Channel> channel = open_channel(options, sink);
  Connection& connection = *session.state().connection;
  if (session.dry_run()) {
    for (const Message& message : open_messages(connection, scope)) sink.message(message);
    return {};
  }
  const SystemClock clock;
  return Sender(connection, *channel, clock, lease_of_this_process()).run(scope);
}

void list_outbox(Session& session, const OutboxQuery& query, RowSink& sink) {
  std::string condition = " WHERE 1 = 1";
  std::vector<Param> params = {query.limit.value_or(-1), query.state, nullptr};
  if (!query.state.empty()) condition += " AND o.state = $2";
  if (!query.person.empty()) {
    params[2] = Param(require_user(session, query.person));
    condition += " AND o.person = $3";
  }
  const Rights& mine = rights(session);
  if (!mine.everything && mine.see != Scope::all)
    condition += " AND o.person = " + std::to_string(*mine.user);
  condition += " ORDER BY o.id DESC";
  if (query.limit) condition += " LIMIT $1";
  stream(session, select_list(kColumns) + condition, params, kColumns, sink);
}

void show_message(Session& session, std::int64_t id, RowSink& sink) {
  const Rights& mine = rights(session);
  const bool sees_all = mine.everything || mine.see == Scope::all;
  const Param params[] = {id, sees_all ? std::optional<std::int64_t>() : mine.user};
  if (!session.state().connection->exists(
          "SELECT 1 FROM outbox WHERE id = $1 AND (CAST($2 AS INTEGER) IS NULL OR person = $2)", params)) {
    throw Error(ErrorCode::not_found, "there is no message " + std::to_string(id),
                "list them with 'crm outbox list'");
  }
  std::vector<OutboxColumn> columns(std::begin(kColumns), std::end(kColumns));
  columns.push_back(kBody);
  stream(session, select_list(columns) + " WHERE o.id = $1", params, columns, sink);
}

}  // namespace crm
