// What the rows of a file became when the same bytes were imported before: rows without any key find it
// again.
#pragma once

#include <cstdint>
#include <optional>

#include "records/session_state.h"
#include "records/stored_record.h"

namespace crm {

class FormerRows {
 public:
  // The events of the former import.
  struct Events {
    std::int64_t first = 0;
    std::int64_t last = 0;
  };
  FormerRows(Session& session, Kind kind, Events events) : session_(session), kind_(kind), left_(events) {}

  // The record that a row became which found none: they come in the order of the rows. Nothing where it is
  // deleted, or was not there.
  std::optional<RecordId> next(const StoredRecord& row);

 private:
  Session& session_;
  Kind kind_;
  Events left_;
};

}  // namespace crm
