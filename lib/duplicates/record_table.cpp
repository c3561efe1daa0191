#include "duplicates/record_table.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "records/rights.h"

namespace crm {
namespace {

// The keys of phones and e-mails are there already; a number without a key is compared as it is typed.
std::string compared_sql(const ComparedField& field) {
  const std::string name(field.field->column_name());
  std::string column = '"' + name + '"';
  if (field.sort != Sort::phone || field.field->custom) return column;
  return "coalesce(\"" + name + "_key\", " + column + ')';
}

}  // namespace

RecordTable::RecordTable(Session& session, Kind kind, std::vector<ComparedField> fields)
    : fields_(std::move(fields)) {
  load(session, kind, {}, {});
  count();
  find_classifying();
}

RecordTable::RecordTable(Session& session, Kind kind, std::vector<ComparedField> fields,
                         const std::vector<std::int64_t>& ids)
    : fields_(std::move(fields)) {
  begins_.push_back(0);
  for (const std::int64_t id : ids) {
    const Param params[] = {id};
    load(session, kind, " AND id = $1", params);
  }
  count();
}

void RecordTable::load(Session& session, Kind kind, const std::string& condition, Params params) {
  std::string sql = "SELECT id";
  for (const ComparedField& field : fields_) {
    sql += ", " + compared_sql(field);
  }
  sql += " FROM \"" + std::string(entity(kind).table) + "\" r WHERE deleted_at IS NULL" + condition +
         visible_sql(session, kind) + " ORDER BY id";
  const std::string country = session.country();
  if (begins_.empty()) begins_.push_back(0);
  session.state().connection->each(sql, params, [&](const Row& row) {
    ids_.push_back(row.integer(0));
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      const std::string_view raw = row.text(static_cast<int>(i) + 1);
      const bool is_key = fields_[i].sort == Sort::phone && raw.starts_with('+');
      const std::string normal = raw.empty() ? std::string()
                                 : is_key    ? std::string(raw)
                                             : normal_form(fields_[i], raw, country);
      texts_ += normal;
      begins_.push_back(texts_.size());
      hashes_.push_back(std::hash<std::string_view>()(normal));
    }
  });
}

// A text with few values for many records says of which sort something is, not which one it is.
void RecordTable::find_classifying() {
  for (std::size_t field = 0; field < fields_.size(); ++field) {
    if (fields_[field].sort != Sort::text) continue;
    double records = 0, values = 0;
    for (std::size_t record = 0; record < size(); ++record) {
      if (frequency(record, field) == 0) continue;
      records += 1;
      values += 1.0 / frequency(record, field);
    }
    if (values < records / 2) fields_[field].shared = true;
  }
}

void RecordTable::count() {
  frequencies_.assign(hashes_.size(), 0);
  const std::size_t width = fields_.size();
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
  for (std::size_t field = 0; field < width; ++field) {
    order.clear();
    for (std::size_t record = 0; record < size(); ++record) {
      if (!value(record, field).empty())
        order.emplace_back(hash(record, field), static_cast<std::uint32_t>(record));
    }
    std::sort(order.begin(), order.end());
    for (std::size_t begin = 0; begin < order.size();) {
      std::size_t end = begin;
      while (end < order.size() && order[end].first == order[begin].first) ++end;
      for (std::size_t i = begin; i < end; ++i)
        frequencies_[order[i].second * width + field] = static_cast<std::uint32_t>(end - begin);
      begin = end;
    }
  }
}

}  // namespace crm
