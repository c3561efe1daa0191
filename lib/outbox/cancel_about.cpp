#include "outbox/cancel_about.h"

#include <string>

#include "outbox/enqueue.h"
#include "outbox/outbox_columns.h"

namespace crm {

void cancel_about(Connection& connection, RecordId record) {
  // The conditions are as the indexes have them. Few records have messages, and to look is much less than to
  // update none.
  static const std::string kTo = "o.recipient_kind = $1 AND o.recipient = $2 AND o.recipient IS NOT NULL";
  static const std::string kAbout = "o.about_kind = $1 AND o.about = $2 AND " + std::string(kNotEnded);
  static const std::string kEither = "SELECT 1 FROM outbox o WHERE " + kAbout +
                                     " UNION ALL SELECT 1 FROM outbox o WHERE o.state = 'queued' AND " + kTo;
  const auto kind = static_cast<std::int64_t>(record.kind);
  const Param key[] = {kind, record.id};
  if (!connection.exists(kEither, key)) return;
  const std::string why = to_string(record) + " was deleted";
  const Param params[] = {kind, record.id, outbox_state::kCancelled, why};
  for (const std::string& condition : {kAbout, kTo}) {
    connection.execute(
        "UPDATE outbox AS o SET state = $3, reply = $4 WHERE o.state = 'queued' AND " + condition, params);
  }
}

}  // namespace crm
