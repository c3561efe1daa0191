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
    done,          // the row is a talk that took place, where the cell is `value`
    leave_out,     // the row is passed over, where the cell is `value`
  };
  enum class NamePart { family, given, middle };
  // What becomes of a value where the row has one for the field already.
  enum class Already { replace, keep, join, over };
  static constexpr std::size_t kFixed = static_cast<std::size_t>(-1);

  Part part = Part::field;
  std::size_t column = kFixed;  // of the file; kFixed: `text` holds for every row
  std::string text;
  const Field* field = nullptr;           // of part field
  std::size_t position = KindView::npos;  // the field's place in the kind
  std::optional<Kind> kind;               // of the record that a key without a kind refers to
  NamePart name_part = NamePart::family;
  std::string heading;               // of parts done and leave_out
  std::string value;                 // of these, folded
  std::size_t time_column = kFixed;  // the column of the time of day, where `column` holds the day alone
  std::size_t mark_column =
      kFixed;               // one whose cell begins with "*" where this one's is the first of several
  std::size_t order = 0;    // among those that stand back for others: the first rule's goes first
  bool by_commas = false;   // tags with commas between them
  bool only_known = false;  // nothing where the record that the cell refers to is not there
  bool must_refer = false;  // with `only_known`: no other column names the record either → a fault
  Already already = Already::replace;
  bool perhaps_own = false;  // of a ref: the number may also be the record's own here
  std::string stage;         // of part stage_change; empty: what `position` holds
  std::unordered_map<std::string, std::string> values;  // folded text → what it means
};

// Whether a row's cell for `a` is read before that for `b`, wherever their columns stand.
bool is_read_before(const ColumnTarget& a, const ColumnTarget& b);

// A column that fills nothing.
struct UnknownColumn {
  std::string heading;
  std::size_t column;
  bool repeated = false;  // another column before it has the same heading
};

// A custom field that the plan needs and the workflow does not have.
struct MissingField {
  std::string name;
  std::string label;
  std::size_t column;
};

struct ColumnPlan {
  std::vector<ColumnTarget> targets;  // in the order in which a row's cells are to be read
  std::vector<UnknownColumn> unknown;
  std::vector<MissingField> missing;  // then the plan is to be made again
  std::vector<std::string> warnings;
  bool bare_refs = false;  // the references are numbers of which the file does not say whose they are
  // The column of `closed_at` is of another system, where it may say when an open deal is expected to close.
  bool closing_may_be_expected = false;
  const ColumnTarget* find(ColumnTarget::Part part) const;
  const ColumnTarget* find_field(std::string_view name) const;
};

// Throws Error{invalid} where the mapping makes a value a stage that the workflow does not have.
void check_mapped_stage(Kind of, const Process& process, const ColumnTarget& target,
                        const MappedValue& value);

// Throws Error{invalid} for a rule that names an unknown field or stage.
ColumnPlan make_column_plan(const KindView& view, const Process& process,
                            const std::vector<std::string>& headings, const MappingRules& rules,
                            const ImportOptions& options);

}  // namespace crm
