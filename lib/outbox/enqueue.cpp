#include "outbox/enqueue.h"

namespace crm {
bool enqueue(Connection& connection, const NewMessage& message, Moment now) {
  const auto kind_of = [](const std::optional<RecordId>& record) {
    return record ? Param(static_cast<std::int64_t>(record->kind)) : Param();
  };
  const auto id_of = [](const std::optional<RecordId>& record) {
    return record ? Param(record->id) : Param();
  };
  const bool by_default = message.via.empty() || message.via == kDefaultVia;
  const Param params[] = {
      message.key,
      message.rule,
      message.person > 0 ? Param(message.person) : Param(),
      message.subject,
      message.body,
      std::int64_t{now.time_since_epoch().count()},
      outbox_state::kQueued,
      kind_of(message.recipient),
      id_of(message.recipient),
      message.purpose.empty() ? Param() : Param(message.purpose),
      kind_of(message.about),
      id_of(message.about),
      by_default ? Param() : Param(message.via),
      message.payload.empty() ? Param() : Param(message.payload),
      message.on_doubt == OnDoubt::hold ? "hold" : "resend",
      message.html.empty() ? Param() : Param(message.html),
      message.hours.empty() ? Param() : Param(message.hours),
      message.address.empty() ? Param() : Param(message.address),
      message.made_for ? Param(std::int64_t{message.made_for->time_since_epoch().count()}) : Param(),
      message.made_for ? Param(message.as_of) : Param()};
  return connection.execute(
             "INSERT INTO outbox (key, rule, person, subject, body, created_at, state, recipient_kind, "
             "recipient, purpose, about_kind, about, via, payload, on_doubt, html, hours, address, made_for, "
             "as_of, text_at) VALUES "
             "($1, "
             "$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, CASE "
             "WHEN $19 IS NOT NULL THEN $6 END) ON "
             "CONFLICT (key) "
             "DO NOTHING",
             params) > 0;
}

}  // namespace crm
