// The applied workflow files, as they are stored. The one with the highest number is in force.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "store/connection.h"

namespace crm {

struct Revision {
  std::int64_t number = 0;
  std::string name;      // of the process
  std::string file;      // its name as it was given; empty: the standard input, or the built-in process
  std::string source;    // the file's text
  std::string compiled;  // the process (process/process.h)
};

Revision active_revision(Connection& connection);
// Error{not_found}.
Revision find_revision(Connection& connection, std::int64_t number);

// Stores it as the latest and returns its number.
std::int64_t add_revision(Connection& connection, const Revision& revision, std::int64_t applied_at,
                          const std::string& applied_by);

}  // namespace crm
