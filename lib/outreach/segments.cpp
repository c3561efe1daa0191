#include "outreach/segments.h"

#include <algorithm>

#include "base/text.h"
#include "crm/error.h"
#include "outbox/plain_rows.h"
#include "records/filter_context.h"
#include "records/session_state.h"

namespace crm {
namespace {

constexpr std::size_t kLongestName = 60;

Segment require_segment(Session& session, const std::string& name) {
  if (auto segment = find_segment(session, name)) return *segment;
  std::vector<std::string> names;
  session.state().connection->each("SELECT name FROM segment ORDER BY name", {},
                                   [&](const Row& row) { names.emplace_back(row.text(0)); });
  const auto near = nearest(name, names);
  throw Error(ErrorCode::not_found, "there is no segment " + quoted(name),
              near ? "did you mean " + quoted(*near) + "?" : "'crm segment list' lists them");
}

std::int64_t count_of(Session& session, const Segment& segment) {
  Selection selection;
  selection.where = segment.expression;
  const SelectionSql sql = render_selection(session, segment.kind, selection, 1);
  std::vector<Param> params(sql.params.begin(), sql.params.end());
  std::int64_t count = 0;
  session.state().connection->query_guarded(
      "SELECT count(*) FROM \"" + std::string(entity(segment.kind).table) + "\" r WHERE " + sql.sql, params,
      [&](const Row& row) {
        count = row.integer(0);
        return false;
      });
  return count;
}

std::string kind_name_sql() {
  std::string sql = "CASE kind";
  for (const Entity& entity : entities())
    sql +=
        " WHEN " + std::to_string(static_cast<int>(entity.kind)) + " THEN '" + std::string(entity.name) + "'";
  return sql + " END";
}

std::vector<ShownColumn> columns() {
  return {{"name", "name"},
          {"kind", kind_name_sql()},
          {"expression", "expression"},
          {"description", "description"}};
}

}  // namespace

bool is_segment_name(std::string_view text) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return !text.empty() && text.size() <= kLongestName && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; });
}

std::optional<Segment> find_segment(Session& session, std::string_view name) {
  std::optional<Segment> segment;
  const Param params[] = {name};
  session.state().connection->each(
      "SELECT name, kind, expression, coalesce(description, '') FROM segment WHERE name = $1", params,
      [&](const Row& row) {
        segment = Segment{std::string(row.text(0)), static_cast<Kind>(row.integer(1)),
                          std::string(row.text(2)), std::string(row.text(3))};
      });
  return segment;
}

void add_segment(Session& session, const Segment& segment) {
  if (!is_segment_name(segment.name)) {
    throw Error(ErrorCode::usage, quoted(segment.name) + " is no name for a segment",
                "small letters, digits and '-': key-accounts");
  }
  if (segment.expression.empty())
    throw Error(ErrorCode::usage, "nothing says who is in the segment", "give --where EXPR");
  count_of(session, segment);  // throws for what the kind does not have
  Write write(session);
  if (find_segment(session, segment.name)) {
    throw Error(ErrorCode::conflict, "there is a segment " + quoted(segment.name),
                "remove it first: crm segment remove " + segment.name);
  }
  const Param params[] = {
      segment.name,         static_cast<std::int64_t>(segment.kind),
      segment.expression,   segment.description.empty() ? Param() : Param(segment.description),
      now_seconds(session), session.login()};
  session.state().connection->execute(
      "INSERT INTO segment (name, kind, expression, description, created_at, created_by) VALUES ($1, $2, $3, "
      "$4, $5, "
      "$6)",
      params);
  session.state().open_change().note();
  write.commit();
}

void remove_segment(Session& session, const std::string& name) {
  Write write(session);
  require_segment(session, name);
  const Param params[] = {name};
  session.state().connection->execute("DELETE FROM segment WHERE name = $1", params);
  session.state().open_change().note();
  write.commit();
}

void list_segments(Session& session, RowSink& sink) {
  const std::vector<ShownColumn> shown = columns();
  stream_rows(session, select_list(shown) + " FROM segment ORDER BY name", {}, shown, sink);
}

void show_segment(Session& session, const std::string& name, RowSink& sink) {
  const Segment segment = require_segment(session, name);
  std::vector<ShownColumn> shown = columns();
  shown.push_back({"records", std::to_string(count_of(session, segment)), Show::number});
  const Param params[] = {name};
  stream_rows(session, select_list(shown) + " FROM segment WHERE name = $1", params, shown, sink);
}

}  // namespace crm
