// What a user says of a file: which field each column fills, what its values mean, what every row gets.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/document.h"
#include "crm/exchange.h"

namespace crm {

// Written FIELD, custom:FIELD, stage-change:STAGE, name:family (given, middle), else:FIELD, join:FIELD,
// over:FIELD, commas:FIELD, known:FIELD, id:FIELD, time:FIELD, primary:FIELD, done:VALUE, leave-out:VALUE,
// unknown or ignore.
struct MappedTarget {
  enum class Means {
    field,
    custom_field,  // made where the workflow has none of that name
    stage_change,  // the cell is when the row's record came into the stage: a stage's name, or a field that
                   // holds it
    name_part,     // of the row's name: family, given or middle
    fallback,      // the field, where the row has nothing else for it
    joined,        // the field, behind what the row's columns before it gave
    over,          // the field, whatever other columns give
    commas,        // the field, several tags with commas between them
    known,         // the field, as `fallback`, where the record that the cell refers to is there
    referred,      // the field, as `known`; a record that is not there must be named by another column
    time_of_day,   // of the field's moment, whose own column holds the day
    primary,       // where it begins with "*", the column beside it ("E-mail 2 - Label", "E-mail 2 - Value")
                   // has the first of the field's values
    done,          // a follow-up whose cell holds this value (as `name`) took place
    leave_out,     // a row whose cell holds this value is passed over
    nothing,       // told of as left out where the form is `unknown`
  };
  Means means = Means::field;
  std::string name;
};

struct MappedColumn {
  std::string heading;  // '#' in it stands for any number: "Phone # - Value"
  std::vector<MappedTarget> targets;
  bool expected = true;  // a file without the column is worth a warning
};

struct MappedValue {
  std::string field;  // or a heading
  std::string from;
  std::string to;
  bool expected = true;
};

struct MappingRules {
  std::vector<MappedColumn> columns;
  std::vector<MappedValue> values;
  std::vector<FieldText> set;

  // What is said of a heading, before what is said of numbered ones; the last one counts. Null where nothing
  // is.
  const MappedColumn* find(std::string_view heading) const;
};

// From --map (files and COLUMN=TARGET), --map-value and --set; what stands on the command line goes over what
// a file says. Throws Error{usage} for options that cannot be read, Error{invalid} for a mapping file with
// faults.
MappingRules read_mapping_rules(const ImportOptions& options);

// The text of a file that is kept in memory whole; of a longer one the first MiB and a byte. Throws as
// open_bytes() does.
std::string read_whole_file(const std::string& path);

// From the columns, values and set of a mapping file's tree; faults go to the problems.
void read_mapping_tree(const Node& root, std::string_view text, const std::string& file,
                       std::vector<Problem>& problems, MappingRules& rules);

}  // namespace crm
