#include "records/taken_back.h"

namespace crm {

TakenBack::TakenBack(Connection& connection) {
  // Nothing but a later change takes one back: by then it is known whether that one is in force.
  connection.each("SELECT id, undoes FROM change WHERE undoes IS NOT NULL ORDER BY id DESC", {},
                  [&](const Row& row) {
                    if (!by(row.integer(0))) by_[row.integer(1)] = row.integer(0);
                    undoes_[row.integer(0)] = row.integer(1);
                  });
}

std::optional<std::int64_t> TakenBack::by(std::int64_t change) const {
  const auto found = by_.find(change);
  return found == by_.end() ? std::nullopt : std::optional(found->second);
}

bool TakenBack::is_void(std::int64_t change, std::int64_t since) const {
  if (by(change)) return true;
  const auto undone = undoes_.find(change);
  return undone != undoes_.end() && undone->second > since;
}

std::vector<std::pair<std::int64_t, std::int64_t>> TakenBack::voided_since(std::int64_t since) const {
  std::vector<std::pair<std::int64_t, std::int64_t>> pairs;
  for (const auto& [change, undone] : undoes_) {
    if (undone > since && !by(change)) pairs.emplace_back(undone, change);
  }
  return pairs;
}

}  // namespace crm
