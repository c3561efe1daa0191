#include "exchange/own_references.h"

#include <vector>

namespace crm {

void OwnReferences::note(std::int64_t record, std::size_t target, std::string_view text,
                         const Location& place) {
  Connection& connection = *session_.state().connection;
  if (!made_) {
    made_ = true;
    connection.execute("DROP TABLE IF EXISTS temp.import_reference", {});
    connection.execute(
        "CREATE TEMP TABLE import_reference (id INTEGER PRIMARY KEY, record INTEGER NOT NULL, target INTEGER "
        "NOT NULL, text TEXT NOT NULL, line INTEGER NOT NULL, place INTEGER NOT NULL)",
        {});
  }
  const Param params[] = {record, static_cast<std::int64_t>(target), text, place.line, place.column};
  connection.execute(
      "INSERT INTO temp.import_reference (record, target, text, line, place) VALUES ($1, $2, $3, $4, $5)",
      params);
}

void OwnReferences::each(FunctionRef<void(const Reference&)> visit) {
  if (!made_) return;
  constexpr std::size_t kBlock = 1000;
  Connection& connection = *session_.state().connection;
  std::int64_t last = 0;
  std::vector<Reference> block;
  do {
    block.clear();
    const Param params[] = {last, static_cast<std::int64_t>(kBlock)};
    connection.each(
        "SELECT id, record, target, text, line, place FROM temp.import_reference WHERE id > $1 ORDER BY id "
        "LIMIT $2",
        params, [&](const Row& row) {
          last = row.integer(0);
          block.push_back({row.integer(1),
                           static_cast<std::size_t>(row.integer(2)),
                           std::string(row.text(3)),
                           {{}, static_cast<int>(row.integer(4)), static_cast<int>(row.integer(5))}});
        });
    for (const Reference& reference : block) visit(reference);
  } while (block.size() == kBlock);
  connection.execute("DROP TABLE temp.import_reference", {});
  made_ = false;
}

}  // namespace crm
