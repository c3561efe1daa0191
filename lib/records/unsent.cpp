#include "records/unsent.h"

#include <string>

namespace crm {
namespace {

std::string reason_of_withdrawal(std::int64_t change) {
  return "change " + std::to_string(change) + " was taken back";
}

}  // namespace

void withdraw_unsent(Connection& connection, std::int64_t change) {
  // The last part of a message's key is what caused it. The states are as the index outbox_open has them.
  const std::string caused = "%/change-" + std::to_string(change);
  const std::string why = reason_of_withdrawal(change);
  const Param made[] = {caused, why};
  connection.execute(
      "UPDATE outbox AS o SET state = 'cancelled', reply = $2 WHERE o.state IN ('queued', 'sending', "
      "'doubt') "
      "AND o.state = 'queued' AND o.key LIKE $1",
      made);
  const Param one[] = {change};
  const auto undone = connection.query_integer("SELECT undoes FROM change WHERE id = $1", one);
  if (!undone) return;
  const std::string former = reason_of_withdrawal(*undone);
  const Param back[] = {former};
  connection.execute(
      "UPDATE outbox SET state = 'queued', reply = NULL WHERE state = 'cancelled' AND reply = $1", back);
}

}  // namespace crm
