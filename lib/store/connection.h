// The storage seam: what the rooms above ask of a database engine. SQL stands where it is used, as text, with
// $1…$n bound by number; engines cache what they prepare by the text. SQL keeps to what SQLite and PostgreSQL
// both take.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/function_ref.h"
#include "crm/access_mode.h"
#include "crm/value.h"

namespace crm {

struct Blob {
  std::string_view bytes;
};

// A bound value. It does not own its text: what it was made from must outlive the call. So a temporary string
// is refused: in an array of values it would be gone when the statement runs.
class Param {
 public:
  Param() = default;
  Param(std::nullptr_t) {}                                              // NOLINT(google-explicit-constructor)
  Param(std::int64_t value) : value_(value) {}                          // NOLINT(google-explicit-constructor)
  Param(int value) : value_(std::int64_t{value}) {}                     // NOLINT(google-explicit-constructor)
  Param(std::string_view value) : value_(value) {}                      // NOLINT(google-explicit-constructor)
  Param(const std::string& value) : value_(std::string_view(value)) {}  // NOLINT(google-explicit-constructor)
  Param(std::string&&) = delete;
  Param(const char* value) : value_(std::string_view(value)) {}  // NOLINT(google-explicit-constructor)
  Param(Blob value) : value_(value) {}                           // NOLINT(google-explicit-constructor)
  Param(const Value& value);                                     // NOLINT(google-explicit-constructor)
  Param(Value&&) = delete;
  Param(const std::optional<std::int64_t>& value) {  // NOLINT(google-explicit-constructor)
    if (value) value_ = *value;
  }

  using Variant = std::variant<std::monostate, std::int64_t, std::string_view, Blob>;
  const Variant& value() const { return value_; }
  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }

 private:
  Variant value_;
};
using Params = std::span<const Param>;

// The present row of a query; columns count from 0. Views live until the visitor returns.
class Row {
 public:
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;  // 0 where null
  virtual double real(int column) const = 0;
  virtual std::string_view text(int column) const = 0;  // empty where null; also a blob's bytes
  virtual Value value(int column) const = 0;
  std::optional<std::int64_t> optional_integer(int column) const {
    return is_null(column) ? std::nullopt : std::optional(integer(column));
  }

 protected:
  ~Row() = default;
};

using RowVisitor = FunctionRef<void(const Row&)>;
// False ends the query early.
using StoppingVisitor = FunctionRef<bool(const Row&)>;

// Texts that are looked for in the search index: by its query, and, where they are still to be indexed, by a
// predicate that says the same.
struct TextSearch {
  std::string_view query;
  FunctionRef<bool(std::string_view text)> is_match;
  std::int64_t first = 0;  // key
  std::int64_t last = 0;
  std::int64_t limit = 0;  // of those that the index finds
  // Each a list of words that stand as they are, all of which a text has that matches in this way; empty: any
  // text may match.
  std::vector<std::vector<std::string_view>> ways = {};
};

// Makes the words by which a record is found out of its values. Any thread may ask it.
class WordMaker {
 public:
  virtual ~WordMaker() = default;
  virtual void append_words(std::string& words, std::string_view values) const = 0;

 protected:
  WordMaker() = default;
  WordMaker(const WordMaker&) = default;
  WordMaker& operator=(const WordMaker&) = default;
};

class Connection {
 public:
  virtual ~Connection() = default;

  virtual void query(std::string_view sql, Params params, StoppingVisitor visit) = 0;
  // The same for SQL that was made from a user's condition: prepared under an authorizer that allows nothing
  // but reading the tables of records with a closed list of functions.
  virtual void query_guarded(std::string_view sql, Params params, StoppingVisitor visit) = 0;
  // The number of rows that were changed.
  virtual std::int64_t execute(std::string_view sql, Params params) = 0;
  // An INSERT of one row with VALUES ($1, …, $n). In a load of many rows those of some tables wait with
  // others, until a statement names their table or the transaction ends.
  virtual void append(std::string_view insert, Params values) = 0;
  // Several statements, without values: migrations only.
  virtual void run_script(std::string_view sql) = 0;

  // Write transactions take the write lock at once (waiting as long as the timeout says, then Error{busy}).
  virtual void begin(AccessMode mode) = 0;
  virtual void commit() = 0;
  virtual void rollback() noexcept = 0;
  virtual bool in_transaction() const = 0;
  // Whether a commit is on the disk once it has returned, as it is at first. One that is not outlasts the
  // process, even if it is killed, but not a loss of power; the next durable one takes it along. Outside a
  // transaction.
  virtual void set_durable(bool durable) = 0;
  // What was committed so is on the disk once this has returned. Error{io} where that is not sure: it is
  // done, but a loss of power may take it back. Outside a transaction.
  virtual void sync() = 0;
  // Savepoints are named by depth; rollback_to also ends it.
  virtual void savepoint() = 0;
  virtual void release_savepoint() = 0;
  virtual void rollback_to_savepoint() noexcept = 0;

  // The search index: the words of each key (base/text.h's search_text). One that has none yet; a bulk load
  // has the words made in another thread.
  virtual void index_new(std::int64_t key, const std::shared_ptr<const WordMaker>& maker,
                         std::string_view values) = 0;
  // The index keeps no texts: it must be told the words that the key had. Empty: it had or has none.
  virtual void reindex(std::int64_t key, std::string_view former, std::string_view words) = 0;
  // Takes all out, and does not take any in until it is to be filled again, by many; or the transaction ends.
  virtual void empty_index() = 0;
  virtual bool index_is_emptied() const = 0;
  virtual void fill_index() = 0;
  // Their keys. Texts reach the index several at a time, or when a query() names it: this spares that between
  // two writes.
  virtual void find_texts(const TextSearch& search, FunctionRef<void(std::int64_t)> visit) = 0;

  virtual int schema_version() = 0;
  virtual void set_schema_version(int version) = 0;

  // For a load of many rows: more cache, and new texts are indexed beside the rows. Until the connection
  // ends.
  virtual void prepare_bulk_load() = 0;
  // Many rows all over the database are about to be written: more cache, and their pages are moved into the
  // file less often. Until the connection ends.
  virtual void prepare_scattered_writes() = 0;
  // Takes down the table's indexes, but for those that keep values unique, and those of rows that have a
  // value in one of the columns that are to stay empty: an index of many rows is made faster all at once.
  // Inside a transaction.
  virtual void suspend_indexes(std::string_view table, std::span<const std::string> empty_columns) = 0;
  // Makes them again: before a record is looked for through one.
  virtual void restore_indexes() = 0;
  // The indexes, and the search index, as if the rows had come one by one. A commit, a savepoint and a search
  // do so too.
  virtual void finish_bulk_load() = 0;

  // A consistent copy, made while others write; the file is created 0600 and must not exist.
  virtual void backup_to(const std::string& path) = 0;
  // What the engine finds wrong in its own file; empty if nothing.
  virtual std::vector<std::string> integrity_problems() = 0;
  virtual std::string location() const = 0;

  // Conveniences over query().
  std::optional<std::int64_t> query_integer(std::string_view sql, Params params = {});
  std::optional<std::string> query_text(std::string_view sql, Params params = {});
  bool exists(std::string_view sql, Params params = {});
  void each(std::string_view sql, Params params, RowVisitor visit);
};

// Rolls back at its end unless committed. Nested ones join the outermost.
class Transaction {
 public:
  explicit Transaction(Connection& connection, AccessMode mode = AccessMode::write);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Connection* connection_;  // null once ended, or where an outer transaction is joined
};

// Undoes what was done since, at its end, unless kept. Inside a transaction.
class Savepoint {
 public:
  explicit Savepoint(Connection& connection);
  ~Savepoint();
  Savepoint(const Savepoint&) = delete;
  Savepoint& operator=(const Savepoint&) = delete;
  void keep();

 private:
  Connection* connection_;
};

}  // namespace crm
