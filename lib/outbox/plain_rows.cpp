#include "outbox/plain_rows.h"

#include <string_view>
#include <vector>

#include "records/session_state.h"

namespace crm {

std::string select_list(std::span<const ShownColumn> columns) {
  std::string sql = "SELECT ";
  for (const ShownColumn& column : columns) sql += (&column == columns.data() ? "" : ", ") + column.sql;
  return sql;
}

void stream_rows(Session& session, const std::string& sql, Params params, std::span<const ShownColumn> shown,
                 RowSink& sink) {
  std::vector<Column> columns;
  for (const ShownColumn& column : shown) {
    columns.push_back({.name = column.name,
                       .label = column.name,
                       .right = column.show == Show::number,
                       .wide = column.name == std::string_view("body"),
                       .moment = column.show == Show::moment});
  }
  sink.begin(columns);
  std::vector<std::string> texts(shown.size());
  std::vector<Cell> cells(shown.size());
  session.state().connection->query(sql, params, [&](const Row& row) {
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const int at = static_cast<int>(i);
      cells[i] = {};
      if (row.is_null(at)) continue;
      switch (shown[i].show) {
        case Show::text:
          texts[i] = row.text(at);
          break;
        case Show::number:
          texts[i] = std::to_string(row.integer(at));
          break;
        case Show::moment:
          texts[i] = format_moment(Moment(std::chrono::seconds(row.integer(at))), session.zone());
          break;
      }
      cells[i] = {shown[i].show == Show::number ? CellType::number : CellType::text, texts[i], {}};
    }
    return sink.row(cells);
  });
  sink.end();
}

}  // namespace crm
