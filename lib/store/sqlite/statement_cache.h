// Prepared statements by their text.
#pragma once

#include <sqlite3.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace crm {

class PreparedStatement {
 public:
  PreparedStatement(sqlite3* database, std::string_view sql);
  ~PreparedStatement();
  PreparedStatement(const PreparedStatement&) = delete;
  PreparedStatement& operator=(const PreparedStatement&) = delete;

  sqlite3_stmt* handle() const { return handle_; }
  std::string_view text() const { return text_; }
  unsigned tables() const { return tables_; }  // as WaitingRows::tables_named() says
  // SQLite's index of $number, 0 where the statement does not use it. SQLite numbers parameters by first
  // appearance, so they are looked up by name once.
  int parameter(std::size_t number) const { return number < parameters_.size() ? parameters_[number] : 0; }

 private:
  std::string text_;
  sqlite3_stmt* handle_ = nullptr;
  std::vector<int> parameters_;
  unsigned tables_;
};

class StatementCache {
 public:
  explicit StatementCache(sqlite3* database) : database_(database) {}
  // A statement that is not in use. One that is asked for while it is running is prepared anew, for that use
  // alone (`spare` owns it).
  PreparedStatement& get(std::string_view sql, std::unique_ptr<PreparedStatement>& spare);
  void clear();

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  sqlite3* database_;
  std::unordered_map<std::string, std::unique_ptr<PreparedStatement>, Hash, std::equal_to<>> statements_;
  // In a loop over rows the same few literals come again and again: found by address, then compared.
  struct Recent {
    const char* data = nullptr;
    PreparedStatement* statement = nullptr;
  };
  std::array<Recent, 16> recent_{};
};

}  // namespace crm
