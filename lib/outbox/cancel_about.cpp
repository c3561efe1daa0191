#include "outbox/cancel_about.h"

#include <string>

#include "outbox/enqueue.h"
#include "outbox/outbox_columns.h"

namespace crm {

void cancel_about(Connection& connection, RecordId record) {
  const std::string why = to_string(record) + " was deleted";
  const Param params[] = {static_cast<std::int64_t>(record.kind), record.id, outbox_state::kCancelled, why};
  // The conditions are as the indexes have them.
  const std::string about = "o.about_kind = $1 AND o.about = $2 AND " + std::string(kNotEnded);
  const std::string to = "o.recipient_kind = $1 AND o.recipient = $2 AND o.recipient IS NOT NULL";
  for (const std::string& condition : {about, to}) {
    connection.execute(
        "UPDATE outbox AS o SET state = $3, reply = $4 WHERE o.state = 'queued' AND " + condition, params);
  }
}

}  // namespace crm
