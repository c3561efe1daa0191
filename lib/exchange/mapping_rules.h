// What a user says of a file: which field each column fills, what its values mean, what every row gets.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crm/exchange.h"

namespace crm {

// Written FIELD, custom:FIELD, stage-change:STAGE or ignore.
struct MappedTarget {
  enum class Means {
    field,
    custom_field,  // made where the workflow has none of that name
    stage_change,  // the cell is when the row's record came into the stage: a stage's name, or a field that
                   // holds it
    nothing,
  };
  Means means = Means::field;
  std::string name;
};

struct MappedColumn {
  std::string heading;
  std::vector<MappedTarget> targets;
};

struct MappedValue {
  std::string field;  // or a heading
  std::string from;
  std::string to;
};

struct MappingRules {
  std::vector<MappedColumn> columns;
  std::vector<MappedValue> values;
  std::vector<FieldText> set;

  // What is said of a heading; the last one counts. Null where nothing is.
  const MappedColumn* find(std::string_view heading) const;
};

// From --map (files and COLUMN=TARGET), --map-value and --set; what stands on the command line goes over what
// a file says. Throws Error{usage} for options that cannot be read, Error{invalid} for a mapping file with
// faults.
MappingRules read_mapping_rules(const ImportOptions& options);

}  // namespace crm
