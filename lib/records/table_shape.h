// The columns that a kind's fields take in its table, and the statements made of them. They are made from
// descriptors and checked custom field names, never from a user's text.
#pragma once

#include <cstdint>
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

  // `keys` holds the texts made for phone and e-mail keys while the parameters are used.
  void insert(Connection& connection, const StoredRecord& record, const std::string& country) const;
  void update(Connection& connection, const StoredRecord& record, const std::string& country) const;
  // The same where only deleted_at differs from what the row holds.
  void update_deletion(Connection& connection, const StoredRecord& record) const;

  // The record's content in the form that is digested: fields by name, tags, references, deletion; absent
  // ones left out, so a field that a later version adds changes no digest.
  void canonical(const StoredRecord& record, std::string& out) const;

  std::size_t created_at() const { return created_at_; }
  std::size_t updated_at() const { return updated_at_; }
  std::size_t version() const { return version_; }
  std::size_t name() const { return name_; }  // npos where the kind has none

 private:
  enum class Part : std::uint8_t { value, phone_key, email_key, record_kind, record_id };
  struct ColumnSlot {
    std::string column;
    std::size_t position;
    Part part;
  };

  void add_columns(const Field& field, std::size_t position);
  // The statement that gives the parameters marked '1' of '0' and '1' in bind()'s order.
  const std::string& insert_of(const std::string& given) const;
  // The parameters of insert and update: every column in order, then deleted_at.
  void bind(const StoredRecord& record, const std::string& country, std::vector<Param>& params,
            std::vector<std::string>& keys) const;

  const KindView* view_;
  std::vector<ColumnSlot> slots_;
  std::vector<std::size_t> by_name_;  // positions of the digested fields, by name
  std::string select_, select_by_id_, update_, update_deletion_;
  // By which parameters have a value: statements that name no other column are shorter to run.
  mutable std::unordered_map<std::string, std::string> inserts_;
  std::size_t created_at_, updated_at_, version_, name_;
};

}  // namespace crm
