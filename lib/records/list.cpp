#include <algorithm>

#include "base/digest.h"
#include "base/text.h"
#include "crm/error.h"
#include "crm/records.h"
#include "filter/render.h"
#include "records/amount_order.h"
#include "records/filter_context.h"
#include "records/present.h"
#include "records/rights.h"
#include "records/write_record.h"

namespace crm {
namespace {

std::string stage_order(Session& session, const std::string& column) {
  std::string sql = "CASE " + column;
  std::size_t place = 0;
  for (const Entity& kind : entities()) {
    for (const Stage& stage : session.state().process().stages_of(kind.kind)) {
      std::string quoted_name;
      for (const char c : stage.name) quoted_name += c == '\'' ? std::string("''") : std::string(1, c);
      sql += " WHEN '" + quoted_name + "' THEN " + std::to_string(place++);
    }
  }
  return sql + " END";
}

// What a field sorts by: people and teams by name, stages in the workflow's order, amounts in units of their
// currency, everything else by its value.
std::string sort_expression(Session& session, const KindView& view, const Field& field) {
  if (field.type == FieldType::tags || field.type == FieldType::refs) {
    throw Error(ErrorCode::usage, "cannot sort by " + quoted(field.name), "sort by a field with one value");
  }
  std::string value = field_sql(field, "$1");
  if (field.type == FieldType::reference && (field.target == Kind::user || field.target == Kind::team)) {
    return "(SELECT n.name FROM \"" + std::string(entity(field.target).table) + "\" n WHERE n.id = " + value +
           ")";
  }
  if (field.type == FieldType::stage) return stage_order(session, value);
  if (field.type == FieldType::money) return amount_order(session, view, field);
  return value;
}

std::string order_by(Session& session, const KindView& view, const std::vector<std::string>& sort) {
  std::string sql = " ORDER BY ";
  bool first_descends = false;
  for (std::size_t i = 0; i < sort.size(); ++i) {
    const bool descends = !sort[i].empty() && sort[i].front() == '-';
    const std::string name = sort[i].substr(descends ? 1 : 0);
    const Field* field = view.find(name);
    if (field == nullptr) {
      const auto near = nearest(name, view.names());
      throw Error(ErrorCode::usage, "cannot sort by the unknown field " + quoted(name),
                  near ? "did you mean " + quoted(*near) + "?" : "list the fields with --fields help");
    }
    if (!may_ask(session, *field)) {
      throw Error(ErrorCode::not_permitted,
                  "cannot sort by " + quoted(name) + ": its values are not shown to you",
                  "sort by another field");
    }
    if (i == 0) first_descends = descends;
    sql += sort_expression(session, view, *field) + (descends ? " DESC NULLS LAST, " : " NULLS LAST, ");
  }
  // Ties go the way of the first key, so that an index read backwards serves.
  return sql + "r.id" + (first_descends ? " DESC" : "");
}

}  // namespace

ListResult list(Session& session, const ListQuery& query, RowSink& sink) {
  const KindView& view = session.view(query.kind);
  // $1 is now, $2 and $3 limit and offset, the condition's values follow.
  const DefaultFields defaults = query.table_columns   ? DefaultFields::table
                                 : query.subject_names ? DefaultFields::stored_with_names
                                                       : DefaultFields::stored;
  Presenter presenter(session, view, chosen_fields(view, query.fields, defaults), "$1");
  const SelectionSql selection = render_selection(session, query.kind, query.selection, 4);
  std::string sql = "SELECT " + presenter.select() + " FROM \"" + std::string(view.entity().table) +
                    "\" r WHERE " + selection.sql + order_by(session, view, query.sort);
  if (query.limit || query.offset > 0) sql += " LIMIT $2 OFFSET $3";
  // One more than asked for tells whether there are more.
  const std::int64_t limit = query.limit ? *query.limit + 1 : -1;
  std::vector<Param> params = {now_seconds(session), limit, query.offset};
  for (const Value& value : selection.params) params.emplace_back(value);
  Connection& connection = *session.state().connection;
  ListResult result;
  sink.begin(presenter.columns());
  const auto visit = [&](const Row& row) {
    if (query.limit && result.rows == *query.limit) {
      result.more = true;
      return false;
    }
    ++result.rows;
    return sink.row(presenter.cells(row));
  };
  if (selection.conditional) {
    connection.query_guarded(sql, params, visit);
  } else {
    connection.query(sql, params, visit);
  }
  sink.end();
  return result;
}

// How records are shown one by one.
struct ShownRecord {
  ShownRecord(Session& session, const KindView& view, std::span<const std::string> fields)
      : presenter(session, view, chosen_fields(view, fields, DefaultFields::stored_with_names), "$1"),
        sql("SELECT " + presenter.select() + " FROM \"" + std::string(view.entity().table) +
            "\" r WHERE r.id = $2" + visible_sql(session, view.kind())) {}

  Presenter presenter;
  std::string sql;
};

namespace {

// With all its fields a record is shown again and again, by a batch. What the workflow does sees more than
// its user.
std::shared_ptr<ShownRecord> shown_record(Session& session, Kind kind, std::span<const std::string> fields) {
  const KindView& view = session.view(kind);
  if (!fields.empty() || session.state().workflow_acts > 0)
    return std::make_shared<ShownRecord>(session, view, fields);
  std::shared_ptr<ShownRecord>& kept = session.state().shown[slot(kind)];
  if (!kept) kept = std::make_shared<ShownRecord>(session, view, fields);
  return kept;
}

}  // namespace

void show(Session& session, std::span<const RecordId> records, std::span<const std::string> fields,
          RowSink& sink) {
  if (records.empty()) return;
  const auto shown = shown_record(session, records.front().kind, fields);
  Presenter& presenter = shown->presenter;
  sink.begin(presenter.columns());
  std::vector<std::int64_t> seen;
  for (const RecordId& record : records) {
    if (records.size() < 1000 && std::find(seen.begin(), seen.end(), record.id) != seen.end()) continue;
    seen.push_back(record.id);
    const Param params[] = {now_seconds(session), record.id};
    session.state().connection->each(shown->sql, params,
                                     [&](const Row& row) { sink.row(presenter.cells(row)); });
  }
  sink.end();
}

std::vector<RecordId> select(Session& session, Kind kind, const Selection& selection, bool all) {
  const SelectionSql rendered = render_selection(session, kind, selection, 1);
  if (!rendered.conditional && !all) {
    throw Error(ErrorCode::usage, "this would change every " + std::string(entity(kind).label.en),
                "give a condition, or --all if that is meant");
  }
  std::vector<Param> params;
  for (const Value& value : rendered.params) params.emplace_back(value);
  std::vector<RecordId> records;
  const std::string sql = "SELECT r.id FROM \"" + std::string(entity(kind).table) + "\" r WHERE " +
                          rendered.sql + " ORDER BY r.id";
  session.state().connection->query_guarded(sql, params, [&](const Row& row) {
    records.push_back({kind, row.integer(0)});
    return true;
  });
  return records;
}

std::string selection_digest(Session& session, std::span<const RecordId> records, std::string_view act) {
  Sha256 hash;
  hash.update(act);
  for (const RecordId& id : records) {
    const StoredRecord record = load_record(session, id);
    std::string canonical = to_string(id) + ' ';
    session.state().shape(session, id.kind).canonical(record, canonical);
    hash.update(canonical);
  }
  return hex(hash.digest()).substr(0, 12);
}

}  // namespace crm
