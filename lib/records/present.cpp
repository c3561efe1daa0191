#include "records/present.h"

#include <array>
#include <charconv>
#include <utility>

#include "base/money.h"
#include "base/text.h"
#include "crm/error.h"
#include "filter/render.h"
#include "records/record_name.h"
#include "records/rights.h"

namespace crm {
namespace {

// Between the items of a list that SQL joins; it cannot occur in one.
constexpr char kSeparator = '\x1f';

bool is_number(FieldType type) {
  return type == FieldType::integer || type == FieldType::duration;
}

void append_integer(std::string& out, std::int64_t number) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_duration(std::string& out, std::int64_t seconds) {
  append_integer(out, seconds);
}

}  // namespace

Presenter::Presenter(Session& session, const KindView& view, const std::vector<const Field*>& fields,
                     const std::string& moment)
    : session_(session) {
  const std::string kind = std::to_string(static_cast<int>(view.kind()));
  const bool has_currency = view.find("currency") != nullptr;
  const auto add = [&](const std::string& sql) {
    if (width_ > 0) select_ += ", ";
    select_ += sql;
    return width_++;
  };
  const auto add_record = [&](Slot& slot, const Field& record) {
    const std::string id(record.column_name());
    slot.column = add("r.\"" + id + "\"");
    slot.second = add("r.\"" + id.substr(0, id.size() - 3) + "_kind\"");
  };
  for (const Field* field : fields) {
    Slot slot{field, 0};
    slot.concealed = !reveals(session, *field);
    switch (field->type) {
      case FieldType::tags:
        slot.column =
            add("(SELECT group_concat(t.name, char(31)) FROM (SELECT name FROM tag WHERE kind = " + kind +
                " AND record = r.id ORDER BY name) t)");
        break;
      case FieldType::refs:
        slot.column = add(
            "(SELECT group_concat(e.source || '/' || e.key, char(31)) FROM external_ref e WHERE e.kind = " +
            kind + " AND e.record = r.id)");
        break;
      case FieldType::record:
        add_record(slot, *field);
        break;
      case FieldType::money:
        slot.column = add(field_sql(*field, moment));
        slot.second = has_currency ? add("r.currency") : -1;
        break;
      default:
        slot.named = !field->name_of.empty();
        if (slot.named) {
          add_record(slot, *view.find(field->name_of));
        } else {
          slot.column = add(field_sql(*field, moment));
        }
    }
    slots_.push_back(slot);
    Column column;
    column.name = field->name;
    column.label = field->label.en;
    column.right = is_number(field->type) || field->type == FieldType::money;
    column.wide = field->type == FieldType::note;
    column.moment = field->type == FieldType::moment;
    columns_.push_back(std::move(column));
  }
  cells_.resize(slots_.size());
  texts_.resize(slots_.size());
  lists_.resize(slots_.size());
}

std::span<const Cell> Presenter::cells(const Row& row) {
  for (std::size_t i = 0; i < slots_.size(); ++i)
    cells_[i] = row.is_null(slots_[i].column) ? Cell() : cell(slots_[i], row, i);
  return cells_;
}

Cell Presenter::cell(const Slot& slot, const Row& row, std::size_t place) {
  std::string& text = texts_[place];
  if (slot.named)
    return name_cell({static_cast<Kind>(row.integer(slot.second)), row.integer(slot.column)}, place);
  if (slot.concealed) {
    text = shown_text(session_, *slot.field, std::string(row.text(slot.column)));
    return {CellType::text, text, {}};
  }
  switch (slot.field->type) {
    case FieldType::tags:
    case FieldType::refs:
      return list_cell(row.text(slot.column), place);
    case FieldType::integer:
      text.clear();
      append_integer(text, row.integer(slot.column));
      return {CellType::number, text, {}};
    case FieldType::duration:
      text.clear();
      append_duration(text, row.integer(slot.column));
      return {CellType::number, text, {}};
    case FieldType::boolean:
      return {CellType::boolean, row.integer(slot.column) != 0 ? "true" : "false", {}};
    case FieldType::moment:
      text.clear();
      append_moment(text, Moment(std::chrono::seconds(row.integer(slot.column))), session_.zone());
      return {CellType::text, text, {}};
    case FieldType::money: {
      const std::string_view currency = slot.second >= 0 ? row.text(slot.second) : std::string_view();
      text.clear();
      append_money(
          text, row.integer(slot.column),
          currency_exponent(currency.empty() ? std::string_view(session_.currency()) : currency).value_or(2));
      return {CellType::text, text, {}};
    }
    case FieldType::reference: {
      const Kind target = slot.field->target;
      if (target == Kind::user || target == Kind::team)
        return {CellType::text, session_.state().name_of(target, row.integer(slot.column)), {}};
      text = to_string(RecordId{target, row.integer(slot.column)});
      return {CellType::text, text, {}};
    }
    case FieldType::record:
      text = to_string(RecordId{static_cast<Kind>(row.integer(slot.second)), row.integer(slot.column)});
      return {CellType::text, text, {}};
    default:
      return {CellType::text, row.text(slot.column), {}};
  }
}

Cell Presenter::name_cell(RecordId record, std::size_t place) {
  std::optional<std::string> name = shown_name(session_, record);
  if (!name) return {};
  texts_[place] = std::move(*name);
  return {CellType::text, texts_[place], {}};
}

Cell Presenter::list_cell(std::string_view joined, std::size_t place) {
  texts_[place] = joined;
  auto& items = lists_[place];
  items.clear();
  std::string_view rest = texts_[place];
  for (;;) {
    const std::size_t end = rest.find(kSeparator);
    items.push_back(rest.substr(0, end));
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return {CellType::list, {}, items};
}

std::vector<const Field*> chosen_fields(const KindView& view, std::span<const std::string> names,
                                        DefaultFields defaults) {
  std::vector<const Field*> fields;
  for (const std::string& name : names) {
    const Field* field = view.find(name);
    if (field == nullptr) {
      const auto near = nearest(name, view.names());
      throw Error(ErrorCode::usage, "unknown field " + quoted(name),
                  near ? "did you mean " + quoted(*near) + "?" : "list them with --fields help");
    }
    fields.push_back(field);
  }
  if (!fields.empty()) return fields;
  for (const Field* field : view.fields()) {
    const bool is_name = defaults == DefaultFields::stored_with_names && !field->name_of.empty();
    if (defaults == DefaultFields::table ? field->listed : !field->is_derived() || is_name)
      fields.push_back(field);
  }
  return fields;
}

}  // namespace crm
