#include "outbox/cancel_about.h"

#include <algorithm>
#include <string>

#include "outbox/enqueue.h"
#include "outbox/outbox_columns.h"

namespace crm {

namespace {

// The conditions are as the indexes have them.
std::string messages_to(const std::string& records) {
  return "o.recipient_kind = $1 AND o.recipient " + records + " AND o.recipient IS NOT NULL";
}

std::string messages_about(const std::string& records) {
  return "o.about_kind = $1 AND o.about " + records + " AND " + kNotEnded;
}

std::string messages_either_way(const std::string& records) {
  return "SELECT 1 FROM outbox o WHERE " + messages_about(records) +
         " UNION ALL SELECT 1 FROM outbox o WHERE o.state = 'queued' AND " + messages_to(records);
}

}  // namespace

void cancel_about(Connection& connection, RecordId record) {
  // Few records have messages, and to look is much less than to update none.
  static const std::string kEither = messages_either_way("= $2");
  const auto kind = static_cast<std::int64_t>(record.kind);
  const Param key[] = {kind, record.id};
  if (!connection.exists(kEither, key)) return;
  const std::string why = to_string(record) + " was deleted";
  const Param params[] = {kind, record.id, outbox_state::kCancelled, why};
  for (const std::string& condition : {messages_about("= $2"), messages_to("= $2")}) {
    connection.execute(
        "UPDATE outbox AS o SET state = $3, reply = $4 WHERE o.state = 'queued' AND " + condition, params);
  }
}

void cancel_about_all(Connection& connection, RecordId one, RecordId other) {
  static const std::string kEither = messages_either_way("BETWEEN $2 AND $3");
  const auto [first, last] = std::minmax(one.id, other.id);
  const Param range[] = {static_cast<std::int64_t>(one.kind), first, last};
  if (!connection.exists(kEither, range)) return;
  for (std::int64_t id = first; id <= last; ++id) cancel_about(connection, {one.kind, id});
}

}  // namespace crm
