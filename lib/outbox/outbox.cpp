#include "crm/outbox.h"

#include <algorithm>

#include "base/text.h"
#include "crm/error.h"
#include "outbox/enqueue.h"
#include "outbox/left_behind.h"
#include "outbox/outbox_columns.h"
#include "outbox/plain_rows.h"
#include "records/concealment.h"
#include "records/read_value.h"
#include "records/rights.h"
#include "records/session_state.h"

namespace crm {
namespace {

// A column that may hold any field of any record, for those who may see it: a message to oneself was made for
// one's own eyes.
std::string if_readable(Session& session, const std::string& column) {
  if (reads_everything(session)) return column;
  const std::string me = std::to_string(rights(session).user.value_or(0));
  return "CASE WHEN o.person = " + me + " OR " + column + " IS NULL THEN " + column + " ELSE '***' END";
}

// `doubtful`: the condition of messages that a dead sender left.
std::vector<ShownColumn> list_columns(Session& session, const std::string& doubtful) {
  const std::string when = "CASE WHEN " + doubtful + " THEN '";
  std::string address = "coalesce(o.address, " + of_recipient("email") + ")";
  if (rights(session).concealed.count("email") > 0) address = if_readable(session, address);
  return {
      {"id", "o.id", Show::number},
      {"state", when + outbox_state::kDoubt + "' ELSE o.state END"},
      {"rule", "o.rule"},
      {"person", of_recipient("name")},
      {"address", address},
      {"channel", "coalesce(o.channel, o.via)"},
      {"subject", if_readable(session, "o.subject")},
      {"created_at", "o.created_at", Show::moment},
      {"sent_at", "o.sent_at", Show::moment},
      {"attempts", "o.attempts", Show::number},
      {"next_try_at", "CASE WHEN o.state = 'queued' AND o.next_try_at > 0 THEN o.next_try_at END",
       Show::moment},
      {"reply", when + kSenderDied + "' ELSE o.reply END"},
      {"key", "o.key"},
  };
}

std::string record_name(const std::string& kind, const std::string& id) {
  std::string sql = "CASE " + kind;
  for (const Entity& entity : entities())
    sql += " WHEN " + std::to_string(static_cast<int>(entity.kind)) + " THEN '" + std::string(entity.name) +
           "/' || " + id;
  return sql + " END";
}

std::vector<ShownColumn> show_columns(Session& session, const std::string& doubtful) {
  std::vector<ShownColumn> columns = list_columns(session, doubtful);
  columns.push_back({"about", record_name("o.about_kind", "o.about")});
  columns.push_back({"recipient", record_name("o.recipient_kind", "o.recipient")});
  columns.push_back({"purpose", "o.purpose"});
  columns.push_back({"on_doubt", "o.on_doubt"});
  columns.push_back({"hours", "o.hours"});
  columns.push_back({"body", if_readable(session, "o.body")});
  columns.push_back({"html", if_readable(session, "o.html")});
  return columns;
}

[[noreturn]] void throw_unknown(std::int64_t id) {
  throw Error(ErrorCode::not_found, "there is no message " + std::to_string(id),
              "list them with 'crm outbox list'");
}

// Whose messages the acting user may know of; nothing: everybody's.
std::optional<std::int64_t> only_to(Session& session) {
  const Rights& mine = rights(session);
  if (mine.everything || mine.see == Scope::all) return std::nullopt;
  return mine.user.value_or(0);
}

void require_message(Session& session, std::int64_t id) {
  const Param params[] = {id, only_to(session)};
  if (!session.state().connection->exists(
          "SELECT 1 FROM outbox WHERE id = $1 AND (CAST($2 AS INTEGER) IS NULL OR person = $2)", params))
    throw_unknown(id);
}

std::vector<std::int64_t> dead_senders(Session& session) {
  return left_behind(*session.state().connection, SystemClock().now());
}

// Moves each from one of the states to another, and lists them; none where one of them is in another state.
void move_messages(Session& session, std::span<const std::int64_t> messages,
                   std::span<const char* const> from, const char* to, const char* what, RowSink& sink) {
  Write write(session);
  Connection& connection = *session.state().connection;
  const std::vector<std::int64_t> doubtful = dead_senders(session);
  for (const std::int64_t id : messages) {
    require_message(session, id);
    const Param key[] = {id};
    auto state = connection.query_text("SELECT state FROM outbox WHERE id = $1", key);
    if (std::find(doubtful.begin(), doubtful.end(), id) != doubtful.end()) state = outbox_state::kDoubt;
    if (std::find(from.begin(), from.end(), *state) == from.end()) {
      throw Error(ErrorCode::conflict,
                  "message " + std::to_string(id) + " is " + *state + ": it cannot be " + what,
                  "nothing was changed");
    }
    const Param params[] = {id, to};
    connection.execute(
        "UPDATE outbox SET state = $2, attempts = 0, next_try_at = 0, lease = NULL, lease_until = NULL WHERE "
        "id = $1",
        params);
  }
  session.state().open_change().note();
  const std::vector<ShownColumn> columns = list_columns(session, "false");
  stream_rows(session,
              select_list(columns) + kOutboxTables + " WHERE " +
                  is_one_of_messages({messages.begin(), messages.end()}) + " ORDER BY o.id",
              {}, columns, sink);
  write.commit();
}

}  // namespace

std::vector<std::string> outbox_states() {
  return {outbox_state::kQueued, outbox_state::kSending, outbox_state::kSent,     outbox_state::kFailed,
          outbox_state::kDead,   outbox_state::kDoubt,   outbox_state::kCancelled};
}

void list_outbox(Session& session, const OutboxQuery& query, RowSink& sink) {
  std::string condition = " WHERE o.purged_at IS NULL";
  std::vector<Param> params = {query.limit.value_or(-1), query.state, nullptr};
  const std::string doubtful = is_one_of_messages(dead_senders(session));
  if (query.state == outbox_state::kDoubt)
    condition += " AND (o.state = $2 OR " + doubtful + ')';
  else if (!query.state.empty())
    condition += " AND o.state = $2 AND NOT " + doubtful;
  if (query.state == outbox_state::kQueued || query.state == outbox_state::kSending ||
      query.state == outbox_state::kDoubt)
    condition += std::string(" AND ") + kNotEnded;
  if (!query.person.empty()) {
    params[2] = Param(require_user(session, query.person));
    condition += " AND o.person = $3";
  }
  if (const auto person = only_to(session)) condition += " AND o.person = " + std::to_string(*person);
  condition += " ORDER BY o.id DESC";
  if (query.limit) condition += " LIMIT $1";
  const std::vector<ShownColumn> columns = list_columns(session, doubtful);
  stream_rows(session, select_list(columns) + kOutboxTables + condition, params, columns, sink);
}

void show_message(Session& session, std::int64_t id, RowSink& sink) {
  require_message(session, id);
  const Param params[] = {id};
  const std::vector<ShownColumn> columns = show_columns(session, is_one_of_messages(dead_senders(session)));
  stream_rows(session, select_list(columns) + kOutboxTables + " WHERE o.id = $1", params, columns, sink);
}

void retry_messages(Session& session, std::span<const std::int64_t> messages, RowSink& sink) {
  constexpr const char* kFrom[] = {outbox_state::kQueued, outbox_state::kDoubt, outbox_state::kFailed,
                                   outbox_state::kDead};
  move_messages(session, messages, kFrom, outbox_state::kQueued, "sent again", sink);
}

void cancel_messages(Session& session, std::span<const std::int64_t> messages, RowSink& sink) {
  constexpr const char* kFrom[] = {outbox_state::kQueued, outbox_state::kDoubt, outbox_state::kFailed,
                                   outbox_state::kDead, outbox_state::kCancelled};
  move_messages(session, messages, kFrom, outbox_state::kCancelled, "cancelled", sink);
}

std::int64_t purge_outbox(Session& session, Moment before) {
  require_see_all(session, "may not manage messages");
  Write write(session);
  const Param params[] = {std::int64_t{before.time_since_epoch().count()}, now_seconds(session)};
  const std::int64_t purged = session.state().connection->execute(
      "UPDATE outbox SET subject = '', body = '', html = NULL, payload = NULL, address = NULL, reply = NULL, "
      "purged_at = "
      "$2 WHERE "
      "created_at < $1 AND purged_at IS NULL AND state IN ('sent', 'failed', 'dead', 'cancelled')",
      params);
  if (purged > 0) session.state().open_change().note();
  write.commit();
  return purged;
}

}  // namespace crm
