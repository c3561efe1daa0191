#include "records/record_set.h"

#include <vector>

#include "records/session_state.h"

namespace crm {

// A step that fails takes the table with it, if it made it.
void RecordSet::make() {
  session_.state().connection->execute(
      "CREATE TABLE IF NOT EXISTS " + table_ +
          " (kind INTEGER NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (kind, record)) WITHOUT ROWID",
      {});
}

void RecordSet::add(RecordId record) {
  make();
  used_ = true;
  const Param params[] = {static_cast<std::int64_t>(record.kind), record.id};
  session_.state().connection->execute(
      "INSERT INTO " + table_ + " (kind, record) VALUES ($1, $2) ON CONFLICT DO NOTHING", params);
}

void RecordSet::take_all(FunctionRef<void(RecordId)> visit) {
  if (!used_) return;
  used_ = false;
  make();
  constexpr std::int64_t kBlock = 1000;
  Connection& connection = *session_.state().connection;
  RecordId last{};
  std::vector<RecordId> block;
  do {
    block.clear();
    const Param params[] = {static_cast<std::int64_t>(last.kind), last.id, kBlock};
    connection.each("SELECT kind, record FROM " + table_ +
                        " WHERE (kind, record) > ($1, $2) ORDER BY kind, record LIMIT $3",
                    params, [&](const Row& row) {
                      block.push_back({static_cast<Kind>(row.integer(0)), row.integer(1)});
                    });
    for (const RecordId& record : block) visit(record);
    if (!block.empty()) last = block.back();
  } while (block.size() == kBlock);
  connection.execute("DROP TABLE " + table_, {});
}

}  // namespace crm
