// What the rows of a file became when the same bytes were imported before: rows without any key find it
// again.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "records/session_state.h"
#include "records/stored_record.h"

namespace crm {

class FormerRows {
 public:
  // The events of a former import.
  struct Events {
    std::int64_t first = 0;
    std::int64_t last = 0;
  };
  // Of several: each may have added other rows, such as those of another sheet.
  FormerRows(Session& session, Kind kind, std::vector<Events> imports)
      : session_(session), kind_(kind), left_(std::move(imports)) {}

  // The record that a row became which found none: they come in the order of the rows. Nothing where it is
  // deleted, or was not there.
  std::optional<RecordId> next(const StoredRecord& row);

 private:
  struct Added {
    std::int64_t event;
    RecordId record;
  };
  std::vector<Added> ahead(const Events& left) const;

  Session& session_;
  Kind kind_;
  std::vector<Events> left_;
};

}  // namespace crm
