#include "exchange/former_rows.h"

#include <vector>

#include "exchange/likeness.h"
#include "records/reactor.h"
#include "records/write_record.h"

namespace crm {
namespace {

// Rows that were left out then, or are now, are passed by.
constexpr std::int64_t kLookedAt = 50;

}  // namespace

std::vector<FormerRows::Added> FormerRows::ahead(const Events& left) const {
  std::vector<Added> ahead;
  const Param params[] = {left.first, left.last, static_cast<std::int64_t>(kind_),
                          static_cast<std::int64_t>(Action::add), kLookedAt};
  session_.state().connection->each(
      "SELECT id, record FROM event WHERE id BETWEEN $1 AND $2 AND kind = $3 AND action = $4 ORDER BY id "
      "LIMIT $5",
      params, [&](const Row& event) {
        ahead.push_back({event.integer(0), {kind_, event.integer(1)}});
      });
  return ahead;
}

std::optional<RecordId> FormerRows::next(const StoredRecord& row) {
  std::optional<std::pair<Added, Events*>> changed;  // the very next of an import, where it was edited since
  for (Events& left : left_) {
    bool is_next = true;
    for (const Added& added : ahead(left)) {
      const bool first = std::exchange(is_next, false);
      const std::optional<StoredRecord> record = find_record(session_, added.record, true);
      if (!record) continue;
      const Likeness found = likeness(session_, row, *record);
      if (found.alike == 0) continue;
      if (found.unlike == 0) {
        left.first = added.event + 1;
        return record->deleted_at ? std::nullopt : std::optional(added.record);
      }
      if (first && !changed && !record->deleted_at) changed = {added, &left};
    }
  }
  if (!changed) return std::nullopt;
  const auto& [added, left] = *changed;
  left->first = added.event + 1;
  return added.record;
}

}  // namespace crm
