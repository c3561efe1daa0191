#include "records/search_rebuild.h"

#include "records/record_words.h"
#include "records/session_state.h"
#include "records/write_record.h"

namespace crm {

SearchRebuild::SearchRebuild(Session& session) : session_(session) {
  session.state().connection->empty_index();
}

void SearchRebuild::finish() {
  Connection& connection = *session_.state().connection;
  connection.fill_index();
  std::string values;
  for (const Entity& kind : entities()) {  // in the order of their numbers, as the index likes it
    if (!kind.searchable) continue;
    const TableShape& shape = session_.state().shape(session_, kind.kind);
    const auto words = record_words(session_, kind.kind);
    connection.each(shape.select() + " WHERE r.deleted_at IS NULL ORDER BY r.id", {}, [&](const Row& row) {
      StoredRecord record;
      shape.read(row, record);
      values.clear();
      words->pack(record, values);
      connection.index_new(search_key(record.id), words, values);
    });
  }
}

}  // namespace crm
