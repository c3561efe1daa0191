#include "outbox/enqueue.h"

namespace crm {

bool enqueue(Connection& connection, const NewMessage& message, Moment now) {
  const Param params[] = {message.key,          message.rule, message.person,
                          message.subject,      message.body, std::int64_t{now.time_since_epoch().count()},
                          outbox_state::kQueued};
  return connection.execute(
             "INSERT INTO outbox (key, rule, person, subject, body, created_at, state) VALUES ($1, $2, $3, "
             "$4, $5, $6, $7) "
             "ON CONFLICT (key) DO NOTHING",
             params) > 0;
}

bool is_enqueued(Connection& connection, const std::string& key) {
  const Param params[] = {key};
  return connection.exists("SELECT 1 FROM outbox WHERE key = $1", params);
}

}  // namespace crm
