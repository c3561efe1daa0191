#include "outbox/left_behind.h"

#include "outbox/enqueue.h"
#include "outbox/lease.h"
#include "outbox/outbox_columns.h"

namespace crm {

std::vector<std::int64_t> left_behind(Connection& connection, Moment now) {
  std::vector<std::int64_t> messages;
  const Param params[] = {outbox_state::kSending};
  connection.each(std::string("SELECT o.id, o.lease, o.lease_until FROM outbox o WHERE ") + kNotEnded +
                      " AND o.state = $1",
                  params, [&](const Row& row) {
                    if (is_lease_free(row.text(1), Moment(std::chrono::seconds(row.integer(2))), now))
                      messages.push_back(row.integer(0));
                  });
  return messages;
}

std::string is_one_of_messages(const std::vector<std::int64_t>& messages) {
  std::string numbers;
  for (const std::int64_t id : messages) numbers += (numbers.empty() ? "" : ", ") + std::to_string(id);
  return "o.id IN (" + numbers + ')';
}

}  // namespace crm
