#include "records/table_shape.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "modules/phone.h"

namespace crm {

TableShape::TableShape(const KindView& view)
    : view_(&view),
      created_at_(view.position("created_at")),
      updated_at_(view.position("updated_at")),
      version_(view.position("version")),
      name_(view.position("name")),
      currency_(view.position("currency")) {
  for (std::size_t i = 0; i < view.fields().size(); ++i) {
    const Field& field = *view.fields()[i];
    if (!field.is_stored() || field.name == "id") continue;
    add_columns(field, i);
    by_name_.push_back(i);
  }
  std::sort(by_name_.begin(), by_name_.end(),
            [&](std::size_t a, std::size_t b) { return view.fields()[a]->name < view.fields()[b]->name; });

  const std::string table = "\"" + std::string(view.entity().table) + "\"";
  std::string columns;
  for (std::size_t i = 0; i < slots_.size(); ++i)
    columns += (i == 0 ? "\"" : ", \"") + slots_[i].column + "\"";
  select_ = "SELECT " + columns + ", deleted_at, id FROM " + table + " r";
  select_by_id_ = select_ + " WHERE id = $1";
  remove_ = "UPDATE " + table + " SET deleted_at = $3 WHERE id BETWEEN $1 AND $2";
}

void TableShape::add_columns(const Field& field, std::size_t position) {
  const std::string name(field.column_name());
  switch (field.type) {
    case FieldType::record:
      slots_.push_back({name.substr(0, name.size() - 3) + "_kind", position, Part::record_kind});
      slots_.push_back({name, position, Part::record_id});
      break;
    case FieldType::phone:
    case FieldType::email:
      slots_.push_back({name, position, Part::value});
      if (!field.custom) {
        slots_.push_back(
            {name + "_key", position, field.type == FieldType::phone ? Part::phone_key : Part::email_key});
      }
      break;
    default:
      slots_.push_back({name, position, Part::value});
  }
}

void TableShape::read(const Row& row, StoredRecord& record) const {
  record.values.assign(view_->fields().size(), Value());
  Kind about{};
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const int column = static_cast<int>(i);
    switch (slots_[i].part) {
      case Part::value:
        record.values[slots_[i].position] = row.value(column);
        break;
      case Part::record_kind:
        about = static_cast<Kind>(row.integer(column));
        break;
      case Part::record_id:
        if (!row.is_null(column))
          record.values[slots_[i].position] = to_string(RecordId{about, row.integer(column)});
        break;
      case Part::phone_key:
      case Part::email_key:
        break;
    }
  }
  const int end = static_cast<int>(slots_.size());
  record.deleted_at = row.optional_integer(end);
  record.id = {view_->kind(), row.integer(end + 1)};
  record.values[0] = record.id.id;
}

void TableShape::bind(const StoredRecord& record, const std::string& given, const std::string& country,
                      std::vector<Param>& params, std::vector<std::string>& keys) const {
  params.clear();
  keys.clear();
  keys.reserve(slots_.size());  // views into them are bound
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (given[i] == '0') continue;
    const Value& value = record.values[slots_[i].position];
    const std::string* text = text_of(value);
    if (slots_[i].part == Part::value || text == nullptr) {
      params.emplace_back(slots_[i].part == Part::value ? Param(value) : Param());
      continue;
    }
    switch (slots_[i].part) {
      case Part::phone_key: {
        std::optional<std::string> key = phone_key(*text, country);
        params.emplace_back(key ? Param(keys.emplace_back(std::move(*key))) : Param());
        break;
      }
      case Part::email_key:
        params.emplace_back(keys.emplace_back(email_key(*text)));
        break;
      case Part::record_kind:
        params.emplace_back(static_cast<std::int64_t>(parse_record_id(*text)->kind));
        break;
      case Part::record_id:
        params.emplace_back(parse_record_id(*text)->id);
        break;
      case Part::value:
        break;
    }
  }
  if (given[slots_.size()] == '1') params.emplace_back(record.deleted_at);
  params.emplace_back(record.id.id);
}

template <typename Wanted>
std::string TableShape::marks(const Wanted& wanted) const {
  std::string given;
  given.reserve(slots_.size() + 1);
  for (const ColumnSlot& slot : slots_) given += wanted(slot.position) ? '1' : '0';
  return given + (wanted(kDeletion) ? '1' : '0');
}

std::int64_t TableShape::write(Connection& connection, const StoredRecord& record, std::string given,
                               const std::string& country, std::optional<std::int64_t> version,
                               Statements& statements) const {
  constexpr std::size_t kMostForms = 50;
  if (statements.texts.size() >= kMostForms && statements.texts.count(given) == 0)
    given.assign(given.size(), '1');
  thread_local std::vector<Param> params;
  thread_local std::vector<std::string> keys;
  bind(record, given, country, params, keys);
  if (version) params.emplace_back(*version);
  std::string& sql = statements.texts[given];
  if (sql.empty()) sql = (this->*statements.make)(given);
  if (version) return connection.execute(sql, params);
  connection.append(sql, params);
  return 1;
}

void TableShape::insert(Connection& connection, const StoredRecord& record,
                        const std::string& country) const {
  const std::string given = marks([&](std::size_t position) {
    return position == kDeletion ? record.deleted_at.has_value() : !is_null(record.values[position]);
  });
  // Rows of one form can be written together.
  inserted_.resize(given.size(), '0');
  std::transform(given.begin(), given.end(), inserted_.begin(), inserted_.begin(),
                 [](char one, char other) { return std::max(one, other); });
  write(connection, record, inserted_, country, std::nullopt, inserts_);
}

void TableShape::update(Connection& connection, const StoredRecord& before, const StoredRecord& after,
                        const std::string& country) const {
  if (before.values == after.values && before.deleted_at == after.deleted_at) return;
  std::string given = marks([&](std::size_t position) {
    return position == kDeletion ? before.deleted_at != after.deleted_at
                                 : before.values[position] != after.values[position];
  });
  const std::int64_t version = before.integer(version_).value_or(0);
  if (write(connection, after, std::move(given), country, version, updates_) == 0)
    write(connection, after, std::string(slots_.size() + 1, '1'), country, version, updates_);
}

void TableShape::remove(Connection& connection, std::int64_t first, std::int64_t last,
                        std::int64_t at) const {
  const Param params[] = {first, last, at};
  connection.execute(remove_, params);
}

std::string TableShape::insert_of(const std::string& given) const {
  std::string columns, numbers;
  int count = 0;
  each_given(given, [&](const std::string& column) {
    columns += "\"" + column + "\", ";
    numbers += "$" + std::to_string(++count) + ", ";
  });
  return "INSERT INTO \"" + std::string(view_->entity().table) + "\" (" + columns + "id) VALUES (" + numbers +
         "$" + std::to_string(count + 1) + ")";
}

std::string TableShape::update_of(const std::string& given) const {
  std::string assignments;
  int count = 0;
  each_given(given, [&](const std::string& column) {
    assignments += (count == 0 ? "\"" : ", \"") + column + "\" = $" + std::to_string(count + 1);
    ++count;
  });
  const bool whole = given.find('0') == std::string::npos;
  return "UPDATE \"" + std::string(view_->entity().table) + "\" SET " + assignments + " WHERE id = $" +
         std::to_string(count + 1) + (whole ? "" : " AND version = $" + std::to_string(count + 2));
}

template <typename Visit>
void TableShape::each_given(const std::string& given, const Visit& visit) const {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (given[i] == '1') visit(slots_[i].column);
  }
  if (given[slots_.size()] == '1') visit("deleted_at");
}

void TableShape::canonical(const StoredRecord& record, std::string& out) const {
  using Digits = std::array<char, 20>;
  const auto written = [](Digits& digits, std::int64_t number) {
    const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    return std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data()));
  };
  const auto add = [&](std::string_view name, char type, std::string_view value) {
    Digits digits;
    out.append(name);
    out += type;
    out.append(written(digits, static_cast<std::int64_t>(value.size())));
    out += ':';
    out.append(value);
  };
  const auto add_number = [&](std::string_view name, std::int64_t number) {
    Digits digits;
    add(name, '#', written(digits, number));
  };
  for (const std::size_t position : by_name_) {
    const Value& value = record.values[position];
    if (const auto* integer = integer_of(value)) {
      add_number(view_->fields()[position]->name, *integer);
    } else if (const auto* text = text_of(value)) {
      add(view_->fields()[position]->name, '=', *text);
    }
  }
  if (record.deleted_at) add_number("deleted_at", *record.deleted_at);
  for (const std::string& tag : record.tags) add("tag", '=', tag);
  for (const std::string& ref : record.refs) add("ref", '=', ref);
}

}  // namespace crm
