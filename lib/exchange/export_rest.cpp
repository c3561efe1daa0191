#include "crm/export_rest.h"

#include <nlohmann/json.hpp>

#include <vector>

#include "base/text.h"
#include "crm/error.h"
#include "records/rights.h"
#include "records/session_state.h"
#include "records/undone.h"
#include "records/write_record.h"

namespace crm {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Value& value) {
  if (const auto* integer = integer_of(value)) return *integer;
  if (const auto* text = text_of(value)) return *text;
  return nullptr;
}

// SQL: whether the row `t` names a deleted record of the kind in its columns `field`_kind and `field`_id.
std::string names_deleted_sql(const std::string& field, const Entity& target) {
  const std::string kind = std::to_string(static_cast<int>(target.kind));
  return "(t.\"" + field + "_kind\" = " + kind + " AND EXISTS (SELECT 1 FROM \"" + std::string(target.table) +
         "\" d WHERE d.id = t.\"" + field + "_id\" AND d.deleted_at IS NOT NULL))";
}

// SQL: whether the row `t` of the view's table is about a deleted record.
std::string about_deleted_sql(const KindView& view) {
  std::string sql;
  for (const Field* field : view.fields()) {
    if (field->type != FieldType::record || !field->is_stored()) continue;
    const std::string_view id = field->column_name();
    for (const Entity& target : entities())
      sql += " OR " + names_deleted_sql(std::string(id.substr(0, id.size() - 3)), target);
  }
  return sql;
}

class RestWriter {
 public:
  RestWriter(Session& session, const std::function<void(std::string_view)>& write)
      : session_(session), connection_(*session.state().connection), write_(write) {}

  RestCounts run() {
    for (const Entity& kind : entities()) write_records(kind);
    for (const Entity& kind : entities()) write_references(kind);
    write_merges();
    write_segments();
    write_outreach();
    return counts_;
  }

 private:
  void write(const Json& json) { write_(json.dump() + '\n'); }

  void write_records(const Entity& kind) {
    const KindView& view = session_.view(kind.kind);
    std::vector<std::int64_t> ids;
    connection_.each("SELECT id FROM \"" + std::string(kind.table) + "\" t WHERE t.deleted_at IS NOT NULL" +
                         about_deleted_sql(view) + " ORDER BY id",
                     {}, [&](const Row& row) { ids.push_back(row.integer(0)); });
    for (const std::int64_t id : ids) {
      const auto record = find_record(session_, {kind.kind, id}, true);
      if (!record) continue;
      write({{"record", to_string(record->id)}, {"values", values_of(view, *record)}});
      ++counts_.records;
    }
  }

  // As the database holds them. The version counts the changes in this database.
  static Json values_of(const KindView& view, const StoredRecord& record) {
    Json values = Json::object();
    for (std::size_t i = 1; i < view.fields().size(); ++i) {
      const Field& field = *view.fields()[i];
      if (field.is_stored() && field.name != "version" && !is_null(record[i]))
        values[std::string(field.name)] = json_of(record[i]);
    }
    if (!record.tags.empty()) values["tags"] = record.tags;
    if (!record.refs.empty()) values["ref"] = record.refs;
    if (record.deleted_at) values["deleted_at"] = *record.deleted_at;
    return values;
  }

  // Of records that are not deleted, to such as are: their file leaves these out.
  void write_references(const Entity& kind) {
    for (const Field* field : session_.view(kind.kind).fields())
      if (field->type == FieldType::reference && field->is_stored()) write_references(kind, *field);
  }

  void write_references(const Entity& kind, const Field& field) {
    const std::string column = "t.\"" + std::string(field.column_name()) + '"';
    const std::string sql = "SELECT t.id, " + column + " FROM \"" + std::string(kind.table) + "\" t JOIN \"" +
                            std::string(entity(field.target).table) + "\" d ON d.id = " + column +
                            " WHERE d.deleted_at IS NOT NULL AND t.deleted_at IS NULL ORDER BY t.id";
    connection_.each(sql, {}, [&](const Row& row) {
      Json values = Json::object();
      values[std::string(field.name)] = row.integer(1);
      write({{"set", to_string(RecordId{kind.kind, row.integer(0)})}, {"values", values}});
      ++counts_.references;
    });
  }

  void write_merges() {
    std::vector<std::int64_t> merges;
    std::vector<Json> lines;
    connection_.each(
        "SELECT m.id, m.kind, m.loser, m.winner FROM merge m WHERE NOT " +
            is_undone_sql("m.change", "m.unmerged_by") + " ORDER BY m.id",
        {}, [&](const Row& row) {
          merges.push_back(row.integer(0));
          const auto kind = static_cast<Kind>(row.integer(1));
          lines.push_back({{"merged", to_string(RecordId{kind, row.integer(2)})}, {"into", row.integer(3)}});
        });
    for (std::size_t i = 0; i < merges.size(); ++i) {
      Json parts = Json::array();
      const Param params[] = {merges[i]};
      connection_.each("SELECT kind, record, field, old, new FROM merge_part WHERE merge = $1 ORDER BY id",
                       params, [&](const Row& row) {
                         const RecordId record{static_cast<Kind>(row.integer(0)), row.integer(1)};
                         parts.push_back({to_string(record), std::string(row.text(2)), json_of(row.value(3)),
                                          json_of(row.value(4))});
                       });
      lines[i]["parts"] = std::move(parts);
      write(lines[i]);
      ++counts_.merges;
    }
  }

  void write_segments() {
    connection_.each(
        "SELECT name, kind, expression, description, created_at, created_by FROM segment ORDER BY name", {},
        [&](const Row& row) {
          write({{"segment", std::string(row.text(0))},
                 {"kind", std::string(entity(static_cast<Kind>(row.integer(1))).name)},
                 {"expression", std::string(row.text(2))},
                 {"description", json_of(row.value(3))},
                 {"created_at", row.integer(4)},
                 {"created_by", std::string(row.text(5))}});
          ++counts_.segments;
        });
  }

  void write_outreach() {
    connection_.each(
        "SELECT name, kind, segment, template, purpose, via, most, per_person, per_days, previewed_at, "
        "previewed_by FROM outreach ORDER BY name",
        {}, [&](const Row& row) {
          write({{"outreach", std::string(row.text(0))},
                 {"kind", std::string(entity(static_cast<Kind>(row.integer(1))).name)},
                 {"segment", std::string(row.text(2))},
                 {"template", std::string(row.text(3))},
                 {"purpose", std::string(row.text(4))},
                 {"via", json_of(row.value(5))},
                 {"most", row.integer(6)},
                 {"per_person", row.integer(7)},
                 {"per_days", row.integer(8)},
                 {"previewed_at", row.integer(9)},
                 {"previewed_by", std::string(row.text(10))}});
          ++counts_.outreach;
        });
  }

  Session& session_;
  Connection& connection_;
  const std::function<void(std::string_view)>& write_;
  RestCounts counts_;
};

}  // namespace

bool exports_whole(Session& session) {
  return sees_all(session) && rights(session).concealed.empty();
}

RestCounts export_rest(Session& session, const std::function<void(std::string_view)>& write) {
  if (!exports_whole(session)) {
    throw Error(ErrorCode::not_permitted, crm::quoted(session.login()) + " does not see everything",
                "somebody who does can export it");
  }
  return RestWriter(session, write).run();
}

}  // namespace crm
