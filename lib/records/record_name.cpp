#include "records/record_name.h"

#include <algorithm>
#include <utility>

#include "records/rights.h"
#include "records/session_state.h"

namespace crm {

std::optional<std::string> shown_name(Session& session, RecordId record) {
  const auto fields = entity(record.kind).fields;
  const auto field =
      std::find_if(fields.begin(), fields.end(), [](const Field& one) { return one.name == "name"; });
  if (field == fields.end()) return std::nullopt;
  const Param params[] = {record.id};
  std::optional<std::string> name = session.state().connection->query_text(
      "SELECT r.name FROM \"" + std::string(entity(record.kind).table) + "\" r WHERE r.id = $1" +
          visible_sql(session, record.kind),
      params);
  if (name) name = shown_text(session, *field, std::move(*name));
  return name;
}

}  // namespace crm
