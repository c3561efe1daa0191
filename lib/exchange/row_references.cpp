// What a row says of other records: those that are there, those that another column must name, and the rest.
#include <algorithm>

#include "base/text.h"
#include "entity/descriptors.h"
#include "exchange/row_reader.h"
#include "records/write_record.h"

namespace crm {

// No column named the record that a number stands for.
void RowReader::settle_reference(IncomingRow& into) {
  if (!into.unknown_ref || !is_null(into.record[into.unknown_ref->position])) return;
  const ColumnTarget& target = plan_.targets[into.unknown_ref->target];
  if (!target.must_refer) return;
  column_ = target.column;
  into.record[target.position] = cells_.require_referred(target, into.unknown_ref->text);
}

// What is left of the references to nobody, once each, where their column does not fill another field too.
// Whoever another column named stands for the first.
void RowReader::note_missing(const IncomingRow& row) {
  for (auto ref = unknown_refs_.begin(); ref != unknown_refs_.end(); ++ref) {
    const ColumnTarget& target = plan_.targets[ref->first];
    const bool named = row.unknown_ref && row.unknown_ref->text == ref->second &&
                       row.unknown_ref->position == target.position && !is_null(row.record[target.position]);
    const bool again = std::any_of(unknown_refs_.begin(), ref, [&](const auto& one) {
      return one.second == ref->second && plan_.targets[one.first].position == target.position;
    });
    const bool kept = std::any_of(plan_.targets.begin(), plan_.targets.end(), [&](const ColumnTarget& other) {
      return other.column == target.column && &other != &target;
    });
    if (named || again || kept) continue;
    MissingRecords& missing = missing_[target.field->target];
    if (missing.count++ == 0) missing.example = cells_.read_ref(ref->second);
  }
}

// The first of the records referred to that is there, the others go to the note; else the one record that is
// called so; else the first reference is kept for the record that another column names.
void RowReader::read_known(std::size_t index, std::string_view text, IncomingRow& into) {
  const ColumnTarget& target = plan_.targets[index];
  for (bool first = true; !text.empty(); first = false) {
    const std::size_t end = std::min(text.find(';'), text.size());
    const std::string_view ref = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (ref.empty()) continue;
    const bool given = !is_null(into.record[target.position]);
    if (!cells_.can_refer(target, ref)) {
      const auto named = given ? std::nullopt : cells_.find_named(target, ref);
      if (named) {
        into.record[target.position] = *named;
        continue;
      }
      unknown_refs_.emplace_back(index, ref);
      if (first && !given && !into.unknown_ref) into.unknown_ref = {target.position, std::string(ref), index};
    } else if (!given) {
      read_field(index, ref, into);
    } else if (cells_.read(target, ref) != into.record[target.position]) {
      note_further(target, cells_.read_ref(ref), into);
    }
  }
}

// A talk with a contact is one with its customer too.
void RowReader::note_other_record(const ColumnTarget& target, std::string_view text, const std::string& given,
                                  IncomingRow& into) {
  constexpr std::size_t kCustomer = field<Kind::contact>("customer");
  const auto other = cells_.find_record(target, text);
  const auto about = parse_record_id(given);
  if (!other) return note_further(target, cells_.read_ref(text), into);
  const bool own = about && about->kind == Kind::contact && other->kind == Kind::customer &&
                   load_record(session_, *about)[kCustomer] == Value(other->id);
  if (other != about && !own) note_further(target, to_string(*other), into);
}

}  // namespace crm
