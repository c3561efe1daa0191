#include "store/connection.h"

namespace crm {

Param::Param(const Value& value) {
  if (const auto* integer = integer_of(value)) value_ = *integer;
  if (const auto* text = text_of(value)) value_ = std::string_view(*text);
}

std::optional<std::int64_t> Connection::query_integer(std::string_view sql, Params params) {
  std::optional<std::int64_t> result;
  query(sql, params, [&](const Row& row) {
    result = row.optional_integer(0);
    return false;
  });
  return result;
}

std::optional<std::string> Connection::query_text(std::string_view sql, Params params) {
  std::optional<std::string> result;
  query(sql, params, [&](const Row& row) {
    if (!row.is_null(0)) result = std::string(row.text(0));
    return false;
  });
  return result;
}

bool Connection::exists(std::string_view sql, Params params) {
  bool found = false;
  query(sql, params, [&](const Row&) {
    found = true;
    return false;
  });
  return found;
}

void Connection::each(std::string_view sql, Params params, RowVisitor visit) {
  query(sql, params, [&](const Row& row) {
    visit(row);
    return true;
  });
}

Transaction::Transaction(Connection& connection, AccessMode mode) : connection_(nullptr) {
  if (connection.in_transaction()) return;
  connection.begin(mode);
  connection_ = &connection;
}

Transaction::~Transaction() {
  if (connection_ != nullptr) connection_->rollback();
}

void Transaction::commit() {
  if (connection_ == nullptr) return;
  connection_->commit();
  connection_ = nullptr;
}

Savepoint::Savepoint(Connection& connection) : connection_(&connection) {
  connection.savepoint();
}

Savepoint::~Savepoint() {
  if (connection_ != nullptr) connection_->rollback_to_savepoint();
}

void Savepoint::keep() {
  if (connection_ == nullptr) return;
  connection_->release_savepoint();
  connection_ = nullptr;
}

}  // namespace crm
