#include "records/standing.h"

#include "crm/error.h"
#include "entity/descriptors.h"
#include "records/session_state.h"

namespace crm {

bool stands_under(Session& session, const Field& field, std::int64_t from, RecordId record) {
  const std::string column = '"' + std::string(field.column_name()) + '"';
  const Param params[] = {from, record.id};
  // Each is visited once, so that it ends whatever there is.
  return session.state().connection->exists("WITH RECURSIVE up(id) AS (SELECT $1 UNION SELECT t." + column +
                                                " FROM up JOIN \"" + std::string(entity(record.kind).table) +
                                                "\" t ON t.id = up.id WHERE t." + column +
                                                " IS NOT NULL) SELECT 1 FROM up WHERE id = $2",
                                            params);
}

void check_standing(Session& session, const StoredRecord& before, const StoredRecord& after) {
  const auto& fields = session.view(after.id.kind).fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Field& field = *fields[i];
    if (field.type != FieldType::reference || field.target != after.id.kind || !field.is_stored()) continue;
    const auto above = after.integer(i);
    if (!above || before[i] == after[i] || !stands_under(session, field, *above, after.id)) continue;
    throw Error(ErrorCode::invalid,
                to_string(after.id) + " would be its own " + std::string(field.name) +
                    (*above == after.id.id ? std::string()
                                           : ", through " + to_string(RecordId{after.id.kind, *above})),
                "name another, or change that one's first")
        .about_field(std::string(field.name));
  }
}

}  // namespace crm
