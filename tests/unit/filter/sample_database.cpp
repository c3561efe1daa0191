#include "unit/filter/sample_database.h"

#include <unistd.h>

#include "base/embedded.h"
#include "base/text.h"
#include "filter/render.h"
#include "store/sqlite/sqlite_connection.h"

namespace crm {
namespace {

constexpr std::int64_t kNow = 1772326800;
constexpr std::int64_t kDay = 86400;

template <typename List>
const auto& pick(Random& random, const List& list) {
  return list[random.below(static_cast<unsigned>(std::size(list)))];
}

bool must_have(const Entity& entity, const Field& field) {
  const std::string_view name = field.name;
  if (field.required || name == "created_at" || name == "updated_at" || name == "version" || name == "active")
    return true;
  return entity.kind == Kind::lead && name == "stage";
}

}  // namespace

const std::vector<std::string>& sample_texts() {
  static const std::vector<std::string> kTexts = {"",
                                                  "web",
                                                  "Web",
                                                  "fair",
                                                  "East",
                                                  "50% off",
                                                  "50_off",
                                                  "a\\b",
                                                  "O'Brien",
                                                  "王芳",
                                                  "王 芳",
                                                  "张伟 Acme",
                                                  "acme",
                                                  "ACME Ltd.",
                                                  "Ünï cödé",
                                                  "ünï cödé",
                                                  "100%",
                                                  "_",
                                                  "%",
                                                  "é",
                                                  "line\nline",
                                                  "director",
                                                  "DIRECTOR of sales",
                                                  "'; --x",
                                                  "NULL",
                                                  "0",
                                                  "5",
                                                  "-1",
                                                  "x''y",
                                                  "\xf0\x9f\x98\x80"};
  return kTexts;
}

SampleDatabase::SampleDatabase(Random& random, int records_of_a_kind)
    : random_(random),
      path_(std::filesystem::temp_directory_path() / ("crm-filter-" + std::to_string(::getpid()) + ".db")) {
  std::filesystem::remove(path_);
  connection_ = open_sqlite({path_.string(), AccessMode::write, true});
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.name.starts_with("sqlite/")) connection_->run_script(file.text);
  }
  connection_->run_script("PRAGMA foreign_keys = OFF");
  const Transaction transaction(*connection_);
  for (const Entity& entity : entities()) {
    for (int id = 1; id <= records_of_a_kind; ++id) add(entity.kind, id, records_of_a_kind);
  }
  const_cast<Transaction&>(transaction).commit();
}

SampleDatabase::~SampleDatabase() {
  connection_.reset();
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path_.string() + suffix);
}

Value SampleDatabase::value_for(const Field& field, int count) {
  static constexpr std::int64_t kAmounts[] = {0,        1,      -1,     5000,  500000, 5000000,
                                              50000000, 499999, 500001, 12345, 123456};
  static constexpr const char* kCurrencies[] = {"CNY", "JPY", "KWD", "CLF", "USD", "XYZ"};
  static constexpr const char* kDates[] = {"2026-03-01", "2026-02-28", "2026-03-02",
                                           "1984-02-29", "2000-01-01", "1969-12-31"};
  static constexpr const char* kPhones[] = {"13800138000", "+86 138 0013 8000", "138-0013-8001", "call me",
                                            "010 12345678"};
  static constexpr const char* kEmails[] = {"li@example.com", "LI@Example.com", "wang@example.org",
                                            "no address"};
  static constexpr const char* kStages[] = {"new", "contacted", "qualified", "won", "lost"};
  switch (field.type) {
    case FieldType::integer:
      return random_.between<std::int64_t>(-3, 12);
    case FieldType::boolean:
      return random_.between<std::int64_t>(0, 1);
    case FieldType::money:
      return pick(random_, kAmounts);
    case FieldType::currency:
      return std::string(pick(random_, kCurrencies));
    case FieldType::date:
      return std::string(pick(random_, kDates));
    // About now, often at the edge of a day in Shanghai.
    case FieldType::moment:
      return random_.one_in(2) ? kNow - 9 * 3600 + random_.between<std::int64_t>(-2, 2) * kDay +
                                     random_.between<std::int64_t>(-1, 1)
                               : kNow + random_.between<std::int64_t>(-40, 10) * kDay;
    case FieldType::choice:
      return std::string(pick(random_, field.choices).name);
    case FieldType::stage:
      return std::string(pick(random_, kStages));
    case FieldType::phone:
      return std::string(pick(random_, kPhones));
    case FieldType::email:
      return std::string(pick(random_, kEmails));
    case FieldType::reference:
    case FieldType::record:
      return random_.between<std::int64_t>(1, count);
    default:
      return pick(random_, sample_texts());
  }
}

void SampleDatabase::add(Kind kind, std::int64_t id, int count) {
  const Entity& entity = crm::entity(kind);
  std::string columns = "id";
  std::string places = "$1";
  std::vector<Value> values{id};
  const auto set = [&](const std::string& column, Value value) {
    values.push_back(std::move(value));
    columns += ", \"" + column + '"';
    places += ", $" + std::to_string(values.size());
  };
  std::string searched;
  for (const Field& field : entity.fields) {
    if (!field.is_stored() || field.name == "id") continue;
    const std::string column(field.column_name());
    Value value = must_have(entity, field) || !random_.one_in(3) ? value_for(field, count) : Value();
    // Unique in their tables.
    if ((kind == Kind::user || kind == Kind::team) && field.name == "name")
      value = "name" + std::to_string(id);
    if (kind == Kind::user && field.name == "login") value = Value();
    if (field.type == FieldType::record) {
      const Kind target = random_.one_in(2) ? Kind::lead : Kind::customer;
      set(column.substr(0, column.size() - 3) + "_kind",
          is_null(value) ? Value() : Value(static_cast<std::int64_t>(target)));
    }
    if (field.type == FieldType::email)
      set(column + "_key", is_null(value) ? Value() : Value(email_key(*text_of(value))));
    if (field.type == FieldType::phone) {
      const auto key = is_null(value) ? std::nullopt : usual_phone(*text_of(value), "CN");
      set(column + "_key", key ? Value(*key) : Value());
    }
    if (field.searchable && text_of(value) != nullptr) append_search_text(searched, *text_of(value));
    set(column, std::move(value));
  }
  const std::vector<Param> params(values.begin(), values.end());
  connection_->execute(
      "INSERT INTO \"" + std::string(entity.table) + "\" (" + columns + ") VALUES (" + places + ")", params);
  const auto number = static_cast<std::int64_t>(kind);
  for (const char* tag : {"vip", "recycled", "王"}) {
    if (random_.one_in(3))
      connection_->execute("INSERT INTO tag VALUES ($1, $2, $3)", std::vector<Param>{number, id, tag});
  }
  if (random_.one_in(2)) {
    const std::string key = std::to_string(id);
    connection_->execute("INSERT INTO external_ref (kind, source, key, record) VALUES ($1, 'sf', $2, $3)",
                         std::vector<Param>{number, key, id});
  }
  if (!entity.searchable) return;
  connection_->reindex((number << 48) | id, {}, searched);
  searched_[(number << 48) | id] = searched;
}

std::vector<SampleRecord> SampleDatabase::records(const TestContext& context) {
  std::string sql = "SELECT r.id";
  const auto stored = [](const Field& field) {
    return field.type != FieldType::tags && field.type != FieldType::refs;
  };
  for (const Field* field : context.view.fields()) {
    if (!stored(*field)) continue;
    sql += ", " + field_sql(*field, "$1");
    const std::string column(field->column_name());
    if (field->type == FieldType::record) sql += ", r." + column.substr(0, column.size() - 3) + "_kind";
    if (field->type == FieldType::phone || field->type == FieldType::email) sql += ", r." + column + "_key";
  }
  sql += " FROM " + std::string(context.view.entity().table) + " r ORDER BY r.id";
  std::vector<SampleRecord> records;
  const std::vector<Param> params{std::int64_t{context.context.now.time_since_epoch().count()}};
  connection_->each(sql, params, [&](const Row& row) {
    SampleRecord record;
    record.id = row.integer(0);
    int column = 1;
    for (const Field* field : context.view.fields()) {
      if (!stored(*field)) continue;
      Value value = row.value(column++);
      if (field->type == FieldType::record) {
        const auto kind = static_cast<Kind>(row.integer(column++));
        if (!is_null(value)) value = to_string(RecordId{kind, *integer_of(value)});
      }
      if (field->type == FieldType::phone || field->type == FieldType::email)
        record.keys[std::string(field->name)] = row.value(column++);
      record.values[std::string(field->name)] = std::move(value);
    }
    records.push_back(std::move(record));
  });
  const auto kind = static_cast<std::int64_t>(context.view.kind());
  for (SampleRecord& record : records) {
    const std::vector<Param> key{kind, record.id};
    connection_->each("SELECT name FROM tag WHERE kind = $1 AND record = $2", key,
                      [&](const Row& row) { record.tag_list.emplace_back(row.text(0)); });
    connection_->each("SELECT source || '/' || key FROM external_ref WHERE kind = $1 AND record = $2", key,
                      [&](const Row& row) { record.ref_list.emplace_back(row.text(0)); });
    record.text = searched_[(kind << 48) | record.id];
  }
  return records;
}

}  // namespace crm
