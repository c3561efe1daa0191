// Rows of a query as cells, where no descriptor says what they are.
#pragma once

#include <span>
#include <string>

#include "crm/session.h"
#include "crm/table.h"
#include "store/connection.h"

namespace crm {

enum class Show { text, number, moment };

struct ShownColumn {
  const char* name;
  std::string sql;
  Show show = Show::text;
};

// "SELECT a, b".
std::string select_list(std::span<const ShownColumn> columns);
// The rows of the query, whose columns are these.
void stream_rows(Session& session, const std::string& sql, Params params,
                 std::span<const ShownColumn> columns, RowSink& sink);

}  // namespace crm
