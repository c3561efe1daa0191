// Expressions and terms: parsed, checked, rendered, evaluated. SQLite must accept whatever is rendered, under
// the guard and limits of a connection that runs a user's conditions.
#include <sqlite3.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/embedded.h"
#include "crm/error.h"
#include "filter/evaluate.h"
#include "filter/render.h"
#include "fuzz/require.h"
#include "store/sqlite/guard.h"
#include "unit/filter/context.h"

namespace {

using namespace crm;

// A record of which nothing is known.
struct EmptyRecord final : RecordAccess {
  Value value(const Field&) const override { return {}; }
  Value key(const Field&) const override { return {}; }
  std::vector<std::string> tags() const override { return {}; }
  std::vector<std::string> refs() const override { return {}; }
  std::string search_text() const override { return "wang acme"; }
};

sqlite3* open_database() {
  sqlite3* database = nullptr;
  require(sqlite3_open(":memory:", &database) == SQLITE_OK);
  for (const EmbeddedFile& file : embedded_files()) {
    if (!file.name.starts_with("sqlite/")) continue;
    require(sqlite3_exec(database, std::string(file.text).c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  }
  for (const int setting :
       {SQLITE_DBCONFIG_DQS_DML, SQLITE_DBCONFIG_DQS_DDL, SQLITE_DBCONFIG_TRUSTED_SCHEMA}) {
    sqlite3_db_config(database, setting, 0, nullptr);
  }
  sqlite3_limit(database, SQLITE_LIMIT_SQL_LENGTH, 1 << 20);
  return database;
}

void require_accepted(sqlite3* database, const Condition& condition) {
  SqlCondition rendered;
  try {
    rendered = render(condition, 2);
  } catch (const Error& error) {
    require(error.code() == ErrorCode::invalid);
    return;
  }
  const Guard guard(database);
  const std::string sql = "SELECT r.id FROM " + std::string(entity(condition.kind).table) +
                          " r WHERE r.deleted_at IS NULL AND " + rendered.sql;
  sqlite3_stmt* statement = nullptr;
  require(sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK);
  // No text of the user's ends the statement early or asks for more values than there are.
  require(sqlite3_bind_parameter_count(statement) <= static_cast<int>(rendered.params.size()));
  sqlite3_finalize(statement);
}

void require_same_when_written_again(const Expression& expression) {
  const std::string text = to_text(expression.root);
  if (text.size() <= kMaxExpressionBytes) require(to_text(parse_expression(text).root) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static sqlite3* const database = open_database();
  static const std::array<TestContext, 7> contexts = {
      TestContext(Kind::user),        TestContext(Kind::team), TestContext(Kind::customer),
      TestContext(Kind::contact),     TestContext(Kind::lead), TestContext(Kind::followup),
      TestContext(Kind::stage_change)};
  if (size == 0) return 0;
  const TestContext& context = contexts[data[0] % contexts.size()];
  const bool term = (data[0] & 0x40) != 0;
  FilterContext filter = context.context;
  filter.after_change = (data[0] & 0x80) != 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    const Expression expression = term ? parse_term(text) : parse_expression(text);
    if (!term) require_same_when_written_again(expression);
    const Condition condition = check_expression(expression, filter);
    require_accepted(database, condition);
    evaluate(condition, EmptyRecord());
  } catch (const Error& error) {
    require(error.code() == ErrorCode::invalid && !error.message().empty());
    for (const Problem& problem : error.problems()) require(!describe(problem, true).empty());
  }
  return 0;
}
