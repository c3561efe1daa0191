// The columns that a kind's fields take in its table, and the statements made of them. They are made from
// descriptors and checked custom field names, never from a user's text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "crm/kind.h"
#include "records/stored_record.h"
#include "store/connection.h"

namespace crm {

class TableShape {
 public:
  explicit TableShape(const KindView& view);

  const KindView& view() const { return *view_; }
  // SELECT of all columns from the table as `r`, without a WHERE; read() takes its rows.
  const std::string& select() const { return select_; }
  const std::string& select_by_id() const { return select_by_id_; }
  void read(const Row& row, StoredRecord& record) const;

  void insert(Connection& connection, const StoredRecord& record, const std::string& country) const;
  // Writes the columns that differ, so that no index of another is touched; all of them where the row is not
  // of the version that `before` is.
  void update(Connection& connection, const StoredRecord& before, const StoredRecord& after,
              const std::string& country) const;
  // Marks the rows of these numbers as deleted.
  void remove(Connection& connection, std::int64_t first, std::int64_t last, std::int64_t at) const;

  // The record's content in the form that is digested: fields by name, tags, references, deletion; absent
  // ones left out, so a field that a later version adds changes no digest.
  void canonical(const StoredRecord& record, std::string& out) const;

  std::size_t created_at() const { return created_at_; }
  std::size_t updated_at() const { return updated_at_; }
  std::size_t version() const { return version_; }
  // npos where the kind has none.
  std::size_t name() const { return name_; }
  std::size_t currency() const { return currency_; }

 private:
  enum class Part : std::uint8_t { value, phone_key, email_key, record_kind, record_id };
  struct ColumnSlot {
    std::string column;
    std::size_t position;
    Part part;
  };

  void add_columns(const Field& field, std::size_t position);
  // Statements by the columns that they give: a '1' or '0' for each slot, then for deleted_at. Those that
  // name no other column are shorter to run.
  struct Statements {
    std::string (TableShape::*make)(const std::string& given) const;
    std::unordered_map<std::string, std::string> texts = {};
  };
  // Where a column's position is asked for: deleted_at.
  static constexpr std::size_t kDeletion = KindView::npos;

  std::string insert_of(const std::string& given) const;
  std::string update_of(const std::string& given) const;
  template <typename Visit>
  void each_given(const std::string& given, const Visit& visit) const;
  // By which positions are wanted.
  template <typename Wanted>
  std::string marks(const Wanted& wanted) const;
  // The number of rows written.
  std::int64_t write(Connection& connection, const StoredRecord& record, std::string given,
                     const std::string& country, std::optional<std::int64_t> version,
                     Statements& statements) const;
  // The parameters of such a statement, the id last; `keys` holds the texts made for phone and e-mail keys.
  void bind(const StoredRecord& record, const std::string& given, const std::string& country,
            std::vector<Param>& params, std::vector<std::string>& keys) const;

  const KindView* view_;
  std::vector<ColumnSlot> slots_;
  std::vector<std::size_t> by_name_;  // positions of the digested fields, by name
  std::string select_, select_by_id_, remove_;
  mutable Statements inserts_{&TableShape::insert_of};
  mutable Statements updates_{&TableShape::update_of};
  mutable std::string inserted_;  // what the rows that were inserted gave, all together
  std::size_t created_at_, updated_at_, version_, name_, currency_;
};

}  // namespace crm
