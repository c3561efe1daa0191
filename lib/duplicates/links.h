// What points from one record to another.
#pragma once

#include <string>
#include <vector>

#include "records/session_state.h"

namespace crm {

// A field by which records of a kind point to records of another.
struct Link {
  Kind from{};
  const Field* field = nullptr;
  std::string column;       // of the other's number
  std::string kind_column;  // of the other's kind; empty where the field knows just one

  // SQL: the condition that the row `t` points to record $2 of kind $1.
  std::string points_there() const;
};

// All fields that can point to records of that kind.
std::vector<Link> links_to(Session& session, Kind kind);

// The records, deleted ones too, that point to it by the link.
std::vector<RecordId> pointing(Session& session, const Link& link, RecordId to);
// How many do and are not deleted.
std::int64_t count_pointing(Session& session, const Link& link, RecordId to);

}  // namespace crm
