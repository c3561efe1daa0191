#include "duplicates/links.h"

namespace crm {
namespace {

std::string table_of(const Link& link) {
  return "\"" + std::string(entity(link.from).table) + "\" t";
}

}  // namespace

std::string Link::points_there() const {
  const std::string here = "t.\"" + column + "\" = $2";
  return kind_column.empty() ? here + " AND $1 > 0" : "t.\"" + kind_column + "\" = $1 AND " + here;
}

std::vector<Link> links_to(Session& session, Kind kind) {
  std::vector<Link> links;
  for (const Entity& from : entities()) {
    for (const Field* field : session.view(from.kind).fields()) {
      const std::string column(field->column_name());
      if (field->type == FieldType::record)
        links.push_back({from.kind, field, column, column.substr(0, column.size() - 3) + "_kind"});
      if (field->type == FieldType::reference && field->target == kind)
        links.push_back({from.kind, field, column, {}});
    }
  }
  return links;
}

std::vector<RecordId> pointing(Session& session, const Link& link, RecordId to) {
  std::vector<RecordId> records;
  const Param params[] = {static_cast<std::int64_t>(to.kind), to.id};
  session.state().connection->each(
      "SELECT t.id FROM " + table_of(link) + " WHERE " + link.points_there() + " ORDER BY t.id", params,
      [&](const Row& row) {
        records.push_back({link.from, row.integer(0)});
      });
  return records;
}

std::int64_t count_pointing(Session& session, const Link& link, RecordId to) {
  const Param params[] = {static_cast<std::int64_t>(to.kind), to.id};
  return session.state()
      .connection
      ->query_integer("SELECT count(*) FROM " + table_of(link) + " WHERE " + link.points_there() +
                          " AND t.deleted_at IS NULL",
                      params)
      .value_or(0);
}

}  // namespace crm
