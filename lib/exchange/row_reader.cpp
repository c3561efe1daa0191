#include "exchange/row_reader.h"

#include <utility>

#include "base/text.h"
#include "crm/error.h"
#include "records/read_value.h"

namespace crm {
namespace {

using Part = ColumnTarget::Part;

}  // namespace

RowReader::RowReader(Session& session, Kind kind, CellReader& cells, const ColumnPlan& plan)
    : session_(session),
      kind_(kind),
      cells_(cells),
      plan_(plan),
      currency_at_(session.view(kind).position("currency")) {}

void RowReader::read(const InputRow& row, IncomingRow& into) {
  into.clear();
  for (std::size_t i = 0; i < plan_.targets.size(); ++i) {
    const ColumnTarget& target = plan_.targets[i];
    const InputField* cell = target.column == ColumnTarget::kFixed ? nullptr : &row.fields[target.column];
    const std::string_view text = cell == nullptr ? std::string_view(target.text) : cell->text;
    if (trimmed(text).empty() && (cell == nullptr || cell->items.empty())) continue;
    column_ = target.column;
    read_cell(i, text, cell, into);
  }
  column_ = ColumnTarget::kFixed;
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
      return read_list_cell(target, text, cell, into);
    case Part::next_at:
      into.next_at = cells_.read_moment(target, text);
      return;
    case Part::stage_change: {
      const std::string& stage = target.stage.empty() ? into.record.text(target.position) : target.stage;
      if (!stage.empty()) into.stages.push_back({stage, cells_.read_moment(target, text)});
      return;
    }
    case Part::field:
      break;
  }
  if (target.field->type == FieldType::tags) return read_list_cell(target, text, cell, into);
  if (cell != nullptr && !cell->items.empty()) {
    throw Error(ErrorCode::invalid, std::string(target.field->name) + " takes one value, not a list");
  }
  read_field(index, text, into);
}

void RowReader::read_field(std::size_t index, std::string_view text, IncomingRow& into) {
  const ColumnTarget& target = plan_.targets[index];
  if (target.field->type == FieldType::reference && target.field->target == kind_ &&
      !cells_.can_refer(target, text)) {
    into.own_references.emplace_back(index, text);
    return;
  }
  const bool money = target.field->type == FieldType::money;
  Value value = cells_.read(target, text, money ? currency_of(into) : std::string_view());
  if (money) {
    if (!cells_.named_currency().empty() && currency_at_ != KindView::npos) {
      into.record[currency_at_] = cells_.named_currency();
    } else if (currency_at_ != KindView::npos && is_null(into.record[currency_at_]) &&
               target.values.empty()) {
      into.bare_amounts.push_back({target.position, index, text});
    }
  }
  if (target.position == 0) {
    into.record.id.id = integer_of(value) != nullptr ? *integer_of(value) : 0;
    return;
  }
  into.record[target.position] = std::move(value);
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
    } else {
      into.record.tags.push_back(read_tag(item));
    }
  };
  if (cell != nullptr && !cell->items.empty()) {
    for (const std::string_view item : cell->items) add(item);
  } else if (text.find(';') == std::string_view::npos) {
    add(text);
  } else {
    for (const std::string& item : read_list(text)) add(item);
  }
}

void RowReader::read_amounts(IncomingRow& row, std::string_view currency) {
  for (const IncomingRow::BareAmount& amount : row.bare_amounts) {
    row.record[amount.position] = cells_.read(plan_.targets[amount.target], amount.text, currency);
  }
}

}  // namespace crm
