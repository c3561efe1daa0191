// The records of a kind as they are compared: their values in normal form, in one stretch of memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "duplicates/compared_field.h"

namespace crm {

class RecordTable {
 public:
  // All records of the kind that are not deleted, in the order of their numbers.
  RecordTable(Session& session, Kind kind, std::vector<ComparedField> fields);
  // Only those.
  RecordTable(Session& session, Kind kind, std::vector<ComparedField> fields,
              const std::vector<std::int64_t>& ids);

  const std::vector<ComparedField>& fields() const { return fields_; }
  std::size_t size() const { return ids_.size(); }
  std::int64_t id(std::size_t record) const { return ids_[record]; }
  std::string_view value(std::size_t record, std::size_t field) const {
    const std::size_t place = record * fields_.size() + field;
    return std::string_view(texts_).substr(begins_[place], begins_[place + 1] - begins_[place]);
  }
  std::uint64_t hash(std::size_t record, std::size_t field) const {
    return hashes_[record * fields_.size() + field];
  }
  // How many records have that record's value; 0 where it has none.
  std::uint32_t frequency(std::size_t record, std::size_t field) const {
    return frequencies_[record * fields_.size() + field];
  }

 private:
  void load(Session& session, Kind kind, const std::string& condition, Params params);
  void count();
  void find_classifying();

  std::vector<ComparedField> fields_;
  std::vector<std::int64_t> ids_;
  std::string texts_;
  std::vector<std::uint64_t> begins_;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> frequencies_;
};

}  // namespace crm
