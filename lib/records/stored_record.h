// A record in memory: what its row, its tags and its references hold.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crm/kind.h"
#include "crm/value.h"

namespace crm {

struct StoredRecord {
  RecordId id;
  // By position in the view's fields; only those of stored fields are used. A `record` field holds the text
  // "lead/42".
  std::vector<Value> values;
  std::optional<std::int64_t> deleted_at;
  std::vector<std::string> tags;  // sorted
  std::vector<std::string> refs;  // SOURCE/KEY, sorted

  Value& operator[](std::size_t position) { return values[position]; }
  const Value& operator[](std::size_t position) const { return values[position]; }
  const std::string& text(std::size_t position) const;  // empty where absent
  std::optional<std::int64_t> integer(std::size_t position) const;
};

}  // namespace crm
