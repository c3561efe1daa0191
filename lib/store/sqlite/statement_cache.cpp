#include "store/sqlite/statement_cache.h"

#include <cstdlib>

#include "store/sqlite/sqlite_error.h"
#include "store/sqlite/waiting_rows.h"

namespace crm {

PreparedStatement::PreparedStatement(sqlite3* database, std::string_view sql)
    : text_(sql), tables_(WaitingRows::tables_named(sql)) {
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v3(database, text_.data(), static_cast<int>(text_.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle_, &tail);
  if (code != SQLITE_OK) throw sqlite_error(database, code, sqlite3_db_filename(database, "main"));
  for (int index = sqlite3_bind_parameter_count(handle_); index > 0; --index) {
    const char* name = sqlite3_bind_parameter_name(handle_, index);
    const auto number =
        static_cast<std::size_t>(name == nullptr ? 0 : std::atoi(name + 1));  // NOLINT(cert-err34-c): ours
    if (parameters_.size() <= number) parameters_.resize(number + 1, 0);
    parameters_[number] = index;
  }
}

PreparedStatement::~PreparedStatement() {
  sqlite3_finalize(handle_);
}

PreparedStatement& StatementCache::get(std::string_view sql, std::unique_ptr<PreparedStatement>& spare) {
  Recent& recent = recent_[(reinterpret_cast<std::uintptr_t>(sql.data()) >> 4) % recent_.size()];
  PreparedStatement* found =
      recent.data == sql.data() && recent.statement->text() == sql ? recent.statement : nullptr;
  if (found == nullptr) {
    auto place = statements_.find(sql);
    if (place == statements_.end()) {
      constexpr std::size_t kMost = 500;  // what users type makes new texts
      if (statements_.size() >= kMost) {
        spare = std::make_unique<PreparedStatement>(database_, sql);
        return *spare;
      }
      place =
          statements_.emplace(std::string(sql), std::make_unique<PreparedStatement>(database_, sql)).first;
    }
    found = place->second.get();
    recent = {sql.data(), found};
  }
  if (sqlite3_stmt_busy(found->handle()) != 0) {
    spare = std::make_unique<PreparedStatement>(database_, sql);
    return *spare;
  }
  return *found;
}

void StatementCache::clear() {
  recent_ = {};
  statements_.clear();
}

}  // namespace crm
