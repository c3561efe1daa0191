#include "records/merged.h"

#include "records/undone.h"

namespace crm {

std::optional<RecordId> merged_into(Session& session, RecordId record) {
  static const std::string kSql = "SELECT m.winner FROM merge m WHERE m.kind = $1 AND m.loser = $2 AND NOT " +
                                  is_undone_sql("m.change", "m.unmerged_by") + " ORDER BY m.id DESC LIMIT 1";
  std::optional<RecordId> winner;
  for (;;) {
    const Param params[] = {static_cast<std::int64_t>(record.kind), record.id};
    const auto next = session.state().connection->query_integer(kSql, params);
    if (!next) return winner;
    record.id = *next;
    winner = record;
  }
}

}  // namespace crm
