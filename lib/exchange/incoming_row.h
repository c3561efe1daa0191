// What one row of a file says of a record.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "records/stored_record.h"

namespace crm {

struct IncomingStage {
  std::string stage;
  std::int64_t at = 0;
};

struct IncomingRow {
  StoredRecord record;  // absent where the row says nothing; its id is that of an exported row, else 0
  std::int64_t perhaps_own = 0;  // its only reference, if that may also be its number here
  std::optional<std::int64_t> next_at;
  std::vector<IncomingStage> stages;
  // Of records of the same kind that are not there, or not yet: the place in the plan, and the text.
  std::vector<std::pair<std::size_t, std::string>> own_references;
  // The record that a cell names, where it is another here (former_numbers.h): the field's place, and the
  // value as the cell has it.
  std::vector<std::pair<std::size_t, Value>> as_written;
  // An amount as it is written, where neither it nor the row names a currency: in that of the record it
  // belongs to.
  struct BareAmount {
    std::size_t position;
    std::size_t target;
    std::string_view text;
    bool is_number;  // as InputField has it
  };
  std::vector<BareAmount> bare_amounts;
  std::array<std::string_view, 3> name_parts;  // by ColumnTarget::NamePart
  bool done = false;                           // of a follow-up: it took place, whatever its moments say
  // A reference that no record has, of the field at `position`: whom another column names is to have it.
  struct UnknownRef {
    std::size_t position;
    std::string text;
    std::size_t target;  // the place in the plan
  };
  std::optional<UnknownRef> unknown_ref;
  std::string further;  // lines for the note: values of a cell behind the one that its field takes

  void clear() {
    for (Value& value : record.values) value = Value();
    record.id.id = 0;
    perhaps_own = 0;
    record.tags.clear();
    record.refs.clear();
    next_at.reset();
    stages.clear();
    own_references.clear();
    as_written.clear();
    bare_amounts.clear();
    name_parts = {};
    done = false;
    unknown_ref.reset();
    further.clear();
  }
};

}  // namespace crm
