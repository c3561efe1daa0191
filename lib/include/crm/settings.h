// A file of settings: names with plain values.
#pragma once

#include <string>
#include <vector>

#include "crm/error.h"
#include "crm/export.h"

namespace crm {

struct Setting {
  std::string name;
  std::string value;  // as written, without quotes
  Location location;
};

// Reads a YAML file that is one map of names to scalars, in file order; a null value is left out. Nothing
// where there is no such file. Throws Error{invalid} with all its problems, Error{io}.
CRM_API std::vector<Setting> read_settings(const std::string& path);

}  // namespace crm
