#include "exchange/row_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/text.h"
#include "crm/error.h"
#include "exchange/cjk_name.h"
#include "followups/followup_fields.h"
#include "records/read_value.h"

namespace crm {
namespace {

using Part = ColumnTarget::Part;

constexpr std::string_view kGoogleSeparator = ":::";
constexpr std::array<std::string_view, 7> kSeparators = {";", ":::", ",", "；", "、", "，", "\n"};

// How Google marks the groups that everybody has ("* myContacts").
constexpr std::string_view kOwnGroup = "* ";

// "13800138000/13900139000", "a@x.com / b@x.com", and not "030/123456" or an extension.
bool slash_separates(FieldType type, std::string_view text) {
  constexpr std::ptrdiff_t kFewestDigits = 7;
  if (type != FieldType::phone && type != FieldType::email) return false;
  for (bool several = false;; several = true) {
    const std::string_view part = text.substr(0, text.find('/'));
    const auto digits = std::count_if(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
    const bool whole =
        type == FieldType::email ? part.find('@') != std::string_view::npos : digits >= kFewestDigits;
    if (!whole) return false;
    if (part.size() == text.size()) return several;
    text.remove_prefix(part.size() + 1);
  }
}

// 0 where the text is none, or could be none of ours.
std::int64_t possible_number(std::string_view text) {
  constexpr std::size_t kMostDigits = 14;
  text = trimmed(text);
  std::int64_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = fault == std::errc() && end == text.data() + text.size();
  return whole && number > 0 && text.size() <= kMostDigits ? number : 0;
}

// Those between the separators that are not empty.
template <typename Visit>
void each_label(std::string_view text, std::string_view separator, Visit visit) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(separator, at), text.size());
    const std::string_view label = trimmed(text.substr(at, end - at));
    if (!label.empty()) visit(label);
    at = end + separator.size();
  }
}

}  // namespace

RowReader::RowReader(Session& session, Kind kind, CellReader& cells, const ColumnPlan& plan)
    : session_(session),
      kind_(kind),
      cells_(cells),
      plan_(plan),
      currency_at_(session.view(kind).position("currency")),
      name_at_(session.view(kind).position("name")),
      note_at_(session.view(kind).position("note")) {}

void RowReader::read(const InputRow& row, IncomingRow& into) {
  into.clear();
  unknown_refs_.clear();
  for (std::size_t i = 0; i < plan_.targets.size(); ++i) {
    const ColumnTarget& target = plan_.targets[i];
    const InputField* cell = target.column == ColumnTarget::kFixed ? nullptr : &row.fields[target.column];
    const std::string_view text = cell == nullptr ? std::string_view(target.text) : cell->text;
    if (trimmed(text).empty() && (cell == nullptr || cell->items.empty())) continue;
    column_ = target.column;
    is_number_ = cell != nullptr && cell->is_number;
    is_primary_ = target.mark_column != ColumnTarget::kFixed &&
                  trimmed(row.fields[target.mark_column].text).starts_with('*');
    if (target.already == ColumnTarget::Already::keep) put_name_together(into);
    if (target.time_column == ColumnTarget::kFixed) {
      read_cell(i, text, cell, into);
    } else {
      dated_ = text_of_moment(text, row.fields[target.time_column].text);
      read_cell(i, dated_, cell, into);
    }
  }
  settle_reference(into);
  if (!unknown_refs_.empty()) note_missing(into);
  column_ = ColumnTarget::kFixed;
  put_name_together(into);
  if (kind_ == Kind::followup && plan_.find(Part::done) != nullptr) settle_done(into);
  if (!into.further.empty()) append_further(into);
}

// A Chinese, Japanese or Korean name is one word with the family name first.
void RowReader::put_name_together(IncomingRow& into) const {
  const auto& [family, given, middle] = into.name_parts;
  if ((family.empty() && given.empty()) || name_at_ == KindView::npos || !is_null(into.record[name_at_]))
    return;
  const bool together = begins_with_cjk(family) && begins_with_cjk(given);
  std::string name;
  for (const std::string_view part :
       together ? std::array{family, middle, given} : std::array{given, middle, family}) {
    if (!name.empty() && !part.empty() && !together) name += ' ';
    name += part;
  }
  into.record[name_at_] = std::move(name);
}

// What took place did so when it was ticked off, else when it was due; at the latest when it was last
// written.
void RowReader::settle_done(IncomingRow& into) const {
  namespace fields = followup_fields;
  StoredRecord& record = into.record;
  if (!into.done) {
    if (is_null(record[fields::kAt]) && is_null(record[fields::kDueAt]))
      throw CellReader::SkipRow{"an open task without a day cannot be planned"};
    return;
  }
  const KindView& view = session_.view(kind_);
  const std::int64_t now = now_seconds(session_);
  for (const std::size_t moment :
       {fields::kDoneAt, fields::kDueAt, view.position("updated_at"), view.position("created_at")}) {
    if (is_null(record[fields::kAt]) && record.integer(moment).value_or(now + 1) <= now)
      record[fields::kAt] = record[moment];
  }
  if (is_null(record[fields::kAt])) record[fields::kAt] = now;
  if (is_null(record[fields::kDoneAt])) record[fields::kDoneAt] = record[fields::kAt];
}

void RowReader::append_further(IncomingRow& into) const {
  if (note_at_ == KindView::npos) return;
  std::string note = into.record.text(note_at_);
  if (!note.empty()) note += '\n';
  note.append(into.further, 0, into.further.size() - 1);
  into.record[note_at_] = std::move(note);
}

void RowReader::read_cell(std::size_t index, std::string_view text, const InputField* cell,
                          IncomingRow& into) {
  const ColumnTarget& target = plan_.targets[index];
  if (!target.values.empty()) {
    if (const auto meaning = target.values.find(folded(text)); meaning != target.values.end()) {
      meaning_ = meaning->second;
      text = meaning_;
      if (text.empty()) return;
    }
  }
  switch (target.part) {
    case Part::ref:
      if (target.perhaps_own) into.perhaps_own = possible_number(text);
      return read_list_cell(target, text, cell, into);
    case Part::next_at:
      into.next_at = cells_.read_moment(target, text);
      return;
    case Part::stage_change: {
      const std::string& stage = target.stage.empty() ? into.record.text(target.position) : target.stage;
      if (!stage.empty()) into.stages.push_back({stage, cells_.read_moment(target, text)});
      return;
    }
    case Part::done:
      into.done = into.done || folded(trimmed(text)) == target.value;
      return;
    case Part::leave_out:
      if (folded(trimmed(text)) == target.value)
        throw CellReader::SkipRow{quoted(target.heading) + " is " + quoted(trimmed(text))};
      return;
    case Part::name_part:
      into.name_parts[static_cast<std::size_t>(target.name_part)] = trimmed(text);
      return;
    case Part::field:
      break;
  }
  if (target.field->type == FieldType::tags) return read_list_cell(target, text, cell, into);
  if (cell != nullptr && !cell->items.empty()) {
    throw Error(ErrorCode::invalid, std::string(target.field->name) + " takes one value, not a list");
  }
  if (target.only_known) return read_known(index, text, into);
  const bool one_of_several =
      target.field->type == FieldType::email || target.field->type == FieldType::phone ||
      (target.field->type == FieldType::reference && target.field->target != Kind::user);
  if (one_of_several) text = first_value(target, text, into);
  if (is_primary_ && !text.empty()) return put_first(index, text, into);
  const bool adds =
      target.already == ColumnTarget::Already::keep || target.already == ColumnTarget::Already::join;
  if (adds && !is_null(into.record[target.position])) return add_to_given(target, text, into);
  read_field(index, text, into);
}

// Before what the row's other columns gave.
void RowReader::put_first(std::size_t index, std::string_view text, IncomingRow& into) {
  const ColumnTarget& target = plan_.targets[index];
  const std::string given = into.record.text(target.position);
  read_field(index, text, into);
  if (!given.empty() && given != into.record.text(target.position)) note_further(target, given, into);
}

// The first of several addresses, numbers or names in one cell ("a@x.com; b@x.com", Google's "1 ::: 2"); the
// others go to the note.
std::string_view RowReader::first_value(const ColumnTarget& target, std::string_view text,
                                        IncomingRow& into) {
  const auto may_separate = [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 ||
           std::string_view(";,:\n/").find(c) != std::string_view::npos;
  };
  if (std::none_of(text.begin(), text.end(), may_separate)) return text;
  const bool slash = slash_separates(target.field->type, text);
  const bool reference = target.field->type == FieldType::reference;
  if (reference && (text.find(';') == std::string_view::npos || cells_.can_refer(target, text) ||
                    cells_.find_named(target, text)))
    return text;
  std::vector<std::string_view> values;
  while (!text.empty()) {
    std::size_t end = slash ? std::min(text.find('/'), text.size()) : text.size();
    std::size_t next = std::min(end + 1, text.size());
    const auto separators = reference ? std::span(kSeparators).first(1) : std::span(kSeparators);
    for (const std::string_view separator : separators) {
      if (const std::size_t at = text.find(separator); at < end) {
        end = at;
        next = at + separator.size();
      }
    }
    if (const std::string_view value = trimmed(text.substr(0, end)); !value.empty()) values.push_back(value);
    text.remove_prefix(next);
  }
  for (std::size_t i = 1; i < values.size(); ++i) note_further(target, values[i], into);
  return values.empty() ? std::string_view() : values.front();
}

void RowReader::note_further(const ColumnTarget& target, std::string_view value, IncomingRow& into) {
  into.further.append(target.field->name).append(": ").append(value).append(1, '\n');
}

void RowReader::add_to_given(const ColumnTarget& target, std::string_view text, IncomingRow& into) {
  const std::string given = into.record.text(target.position);
  if (target.already == ColumnTarget::Already::join) {
    const bool together = begins_with_cjk(given) && begins_with_cjk(text);
    const char* const between = target.field->type == FieldType::note ? "\n" : together ? "" : ", ";
    into.record[target.position] = given + between + std::string(trimmed(text));
    return;
  }
  const bool of_several = target.field->type == FieldType::email || target.field->type == FieldType::phone;
  if (of_several && !text.empty() && text != given) note_further(target, text, into);
  if (target.field->type == FieldType::record) note_other_record(target, text, given, into);
}

void RowReader::read_field(std::size_t index, std::string_view text, IncomingRow& into) {
  const ColumnTarget& target = plan_.targets[index];
  const std::optional<RecordId> followed = cells_.followed(target, text);
  if (target.field->type == FieldType::reference && target.field->target == kind_ &&
      ((followed && cells_.renumbers_rows()) || !cells_.can_refer(target, text))) {
    into.own_references.emplace_back(index, text);
    return;
  }
  const bool money = target.field->type == FieldType::money;
  const bool referred = into.unknown_ref && into.unknown_ref->position == target.position;
  Value value = referred ? cells_.read_referred(target, text, into.unknown_ref->text)
                : money  ? cells_.read_amount(target, text, currency_of(into), is_number_)
                         : cells_.read(target, text);
  if (money) {
    if (!cells_.named_currency().empty() && currency_at_ != KindView::npos) {
      check_currency(target, text, into);
      into.record[currency_at_] = cells_.named_currency();
    } else if (currency_at_ != KindView::npos && is_null(into.record[currency_at_]) &&
               target.values.empty()) {
      into.bare_amounts.push_back({target.position, index, text, is_number_});
    }
  }
  if (followed) note_as_written(target, *followed, value, into);
  if (target.position == 0) {
    into.record.id.id = integer_of(value) != nullptr ? *integer_of(value) : 0;
    return;
  }
  into.record[target.position] = std::move(value);
}

// All amounts of a record are in one currency.
void RowReader::check_currency(const ColumnTarget& target, std::string_view text,
                               const IncomingRow& into) const {
  const std::string& given = into.record.text(currency_at_);
  if (given.empty() || given == cells_.named_currency()) return;
  const std::string name(target.field->name);
  throw Error(
      ErrorCode::invalid,
      name + " is in " + cells_.named_currency() + ", but the row's currency is " + given + ": " +
          quoted(text),
      "an amount and its record have one currency; say which by the row's column, or by the amount alone")
      .about_field(name);
}

void RowReader::note_as_written(const ColumnTarget& target, RecordId named, const Value& value,
                                IncomingRow& into) {
  Value written = target.field->type == FieldType::record ? Value(to_string(named)) : Value(named.id);
  if (written != value) into.as_written.emplace_back(target.position, std::move(written));
}

std::string_view RowReader::currency_of(const IncomingRow& into) const {
  const bool given = currency_at_ != KindView::npos && !is_null(into.record[currency_at_]);
  return given ? std::string_view(into.record.text(currency_at_)) : std::string_view(session_.currency());
}

void RowReader::read_list_cell(const ColumnTarget& target, std::string_view text, const InputField* cell,
                               IncomingRow& into) {
  const auto add = [&](std::string_view item) {
    if (target.part == Part::ref) {
      into.record.refs.push_back(cells_.read_ref(item));
    } else if (!trimmed(item).starts_with(kOwnGroup)) {
      into.record.tags.push_back(read_tag(item));
    }
  };
  if (cell != nullptr && !cell->items.empty()) {
    for (const std::string_view item : cell->items) add(item);
  } else if (target.by_commas) {
    each_label(text, ",", [&](std::string_view some) { each_label(some, ";", add); });
  } else if (target.part != Part::ref && text.find(kGoogleSeparator) != std::string_view::npos) {
    each_label(text, kGoogleSeparator, add);
  } else if (text.find(';') == std::string_view::npos) {
    add(text);
  } else {
    for (const std::string& item : read_list(text)) add(item);
  }
}

void RowReader::read_amounts(IncomingRow& row, std::string_view currency) {
  for (const IncomingRow::BareAmount& amount : row.bare_amounts) {
    row.record[amount.position] =
        cells_.read_amount(plan_.targets[amount.target], amount.text, currency, amount.is_number);
  }
}

}  // namespace crm
