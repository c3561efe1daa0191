// Which field each column of a file fills.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "exchange/mapping_rules.h"
#include "process/process.h"

namespace crm {

struct ColumnTarget {
  enum class Part {
    field,
    ref,           // a reference of the row's own record
    next_at,       // when the next follow-up is due
    stage_change,  // when the row's record came into `stage`
    name_part,     // of the row's name, see `name_part`
  };
  enum class NamePart { family, given, middle };
  // What becomes of a value where the row has one for the field already.
  enum class Already { replace, keep, join };
  static constexpr std::size_t kFixed = static_cast<std::size_t>(-1);

  Part part = Part::field;
  std::size_t column = kFixed;  // of the file; kFixed: `text` holds for every row
  std::string text;
  const Field* field = nullptr;           // of part field
  std::size_t position = KindView::npos;  // the field's place in the kind
  std::optional<Kind> kind;               // of the record that a key without a kind refers to
  NamePart name_part = NamePart::family;
  Already already = Already::replace;
  bool perhaps_own = false;  // of a ref: the number may also be the record's own here
  std::string stage;         // of part stage_change; empty: what `position` holds
  std::unordered_map<std::string, std::string> values;  // folded text → what it means
};

// A custom field that the plan needs and the workflow does not have.
struct MissingField {
  std::string name;
  std::string label;
};

struct ColumnPlan {
  std::vector<ColumnTarget> targets;  // in the order in which a row's cells are to be read
  std::vector<std::string> unknown;   // headings that fill nothing
  std::vector<MissingField> missing;  // then the plan is to be made again
  std::vector<std::string> warnings;
  bool bare_refs = false;  // the references are numbers of which the file does not say whose they are
  const ColumnTarget* find(ColumnTarget::Part part) const;
  const ColumnTarget* find_field(std::string_view name) const;
};

// Throws Error{invalid} for a rule that names an unknown field or stage.
ColumnPlan make_column_plan(const KindView& view, const Process& process,
                            const std::vector<std::string>& headings, const MappingRules& rules,
                            const ImportOptions& options);

}  // namespace crm
