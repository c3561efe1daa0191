#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <utility>

#include "base/text.h"
#include "crm/error.h"
#include "crm/export_rest.h"
#include "exchange/fault.h"
#include "records/put_record.h"
#include "records/rights.h"
#include "records/session_state.h"
#include "records/write_record.h"

namespace crm {
namespace {

using nlohmann::json;

constexpr const char* kOfExport = "the file is one that 'crm export --all' writes as rest.jsonl";

[[noreturn]] void refuse_line(const std::string& what) {
  throw Error(ErrorCode::invalid, what, kOfExport);
}

Value value_of_member(const json& value) {
  if (value.is_null()) return {};
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX)
    refuse_line("a number is too large");
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_string()) refuse_line("a value is neither a whole number nor a text");
  auto text = value.get<std::string>();
  if (text.find('\0') != std::string::npos) refuse_line("a text holds a NUL");
  return text;
}

// The member's value; absent where the line has none.
Value member_value(const json& line, const char* name) {
  const auto found = line.find(name);
  return found == line.end() ? Value() : value_of_member(*found);
}

std::string text_member(const json& line, const char* name) {
  const Value value = member_value(line, name);
  const std::string* text = text_of(value);
  if (text == nullptr || text->empty()) refuse_line("the text " + crm::quoted(name) + " is missing");
  return *text;
}

RecordId record_named(const Value& name) {
  const std::string* text = text_of(name);
  const auto record = text == nullptr ? std::nullopt : parse_record_id(*text);
  if (!record || record->id <= 0) refuse_line("a record is named as kind/ID");
  return *record;
}

bool is_kept_as_integer(FieldType type) {
  return type == FieldType::integer || type == FieldType::boolean || type == FieldType::money ||
         type == FieldType::moment || type == FieldType::duration || type == FieldType::reference;
}

std::vector<std::string> list_member(const json& value) {
  if (!value.is_array()) refuse_line("tags and references are lists");
  std::vector<std::string> list;
  for (const json& item : value) {
    const Value one = value_of_member(item);
    const std::string* text = text_of(one);
    if (text == nullptr || text->empty()) refuse_line("tags and references are texts");
    list.push_back(*text);
  }
  return list;
}

class RestReader {
 public:
  explicit RestReader(Session& session) : session_(session), connection_(*session.state().connection) {}

  void take(const std::string& text) {
    const json line = json::parse(text, nullptr, false);
    if (!line.is_object()) refuse_line("the line is no JSON object");
    if (line.contains("record")) return put(line);
    if (line.contains("set")) return set(line);
    if (line.contains("merged")) return merge(line);
    if (line.contains("segment") && line.contains("expression")) return add_segment(line);
    if (line.contains("outreach")) return add_outreach(line);
    refuse_line("nothing is known of such a line");
  }

  const RestCounts& counts() const { return counts_; }

 private:
  static const json& values_of_line(const json& line) {
    const auto values = line.find("values");
    if (values == line.end() || !values->is_object()) refuse_line("the line has no values");
    return *values;
  }

  void set_value(StoredRecord& record, const std::string& name, const json& given) const {
    const KindView& view = session_.view(record.id.kind);
    const Field* field = view.find(name);
    if (field == nullptr || !field->is_stored() || name == "id")
      refuse_line(std::string(view.entity().label.en) + "s keep no field " + crm::quoted(name));
    Value value = value_of_member(given);
    if (!is_null(value) && (integer_of(value) != nullptr) != is_kept_as_integer(field->type))
      refuse_line("the value of " + crm::quoted(name) + " is of another type");
    if (field->type == FieldType::record && !is_null(value)) record_named(value);
    record[view.position(name)] = std::move(value);
  }

  void put(const json& line) {
    const RecordId id = record_named(member_value(line, "record"));
    if (find_record(session_, id, true)) {
      throw Error(ErrorCode::conflict, to_string(id) + " is there already",
                  "this is for a database that rebuild.sh has just made");
    }
    StoredRecord record = new_record(session_, id.kind);
    record.id = id;
    for (const auto& [name, value] : values_of_line(line).items()) {
      if (name == "tags" || name == "ref") {
        (name == "tags" ? record.tags : record.refs) = list_member(value);
      } else if (name == "deleted_at") {
        const Value moment = value_of_member(value);
        if (integer_of(moment) == nullptr) refuse_line("'deleted_at' is no moment");
        record.deleted_at = *integer_of(moment);
      } else {
        set_value(record, name, value);
      }
    }
    for (const std::string& ref : record.refs) {
      if (const std::size_t slash = ref.find('/'); slash == 0 || slash + 1 >= ref.size())
        refuse_line(crm::quoted(ref) + " is no reference");
    }
    put_record(session_, record);
    ++counts_.records;
  }

  void set(const json& line) {
    const StoredRecord before = load_record(session_, record_named(member_value(line, "set")));
    StoredRecord after = before;
    for (const auto& [name, value] : values_of_line(line).items()) set_value(after, name, value);
    ++counts_.references;
    if (after.values != before.values)
      update_record(session_, before, after, Action::edit, Origin::undo, UpdatedAt::given);
  }

  void merge(const json& line) {
    const RecordId loser = record_named(member_value(line, "merged"));
    const Value into = member_value(line, "into");
    if (integer_of(into) == nullptr) refuse_line("the number 'into' is missing");
    for (const RecordId record : {loser, RecordId{loser.kind, *integer_of(into)}})
      load_record(session_, record, true);
    const Param params[] = {static_cast<std::int64_t>(loser.kind), loser.id, into,
                            session_.state().open_change().number()};
    const auto number = connection_.query_integer(
        "INSERT INTO merge (kind, loser, winner, change) VALUES ($1, $2, $3, $4) RETURNING id", params);
    const auto parts = line.find("parts");
    if (parts == line.end() || !parts->is_array()) refuse_line("the list 'parts' is missing");
    for (const json& part : *parts) {
      if (!part.is_array() || part.size() != 4 || !part[1].is_string())
        refuse_line("a part is a record, a field, and what it was and became");
      const RecordId record = record_named(value_of_member(part[0]));
      const Value field = value_of_member(part[1]), old = value_of_member(part[2]),
                  now = value_of_member(part[3]);
      const Param values[] = {number, static_cast<std::int64_t>(record.kind), record.id, field, old, now};
      connection_.execute(
          "INSERT INTO merge_part (merge, kind, record, field, old, new) VALUES ($1, $2, $3, $4, $5, $6)",
          values);
    }
    ++counts_.merges;
  }

  // The number of the kind that the line names.
  static std::int64_t kind_member(const json& line) {
    const std::string name = text_member(line, "kind");
    const Entity* kind = find_entity(name);
    if (kind == nullptr) refuse_line(crm::quoted(name) + " is no kind");
    return static_cast<std::int64_t>(kind->kind);
  }

  void check_added(std::int64_t rows, const std::string& what) const {
    if (rows == 0) {
      throw Error(ErrorCode::conflict, "there is the " + what + " already",
                  "this is for a database that rebuild.sh has just made");
    }
  }

  void add_segment(const json& line) {
    const std::string name = text_member(line, "segment"), expression = text_member(line, "expression"),
                      by = text_member(line, "created_by");
    const Value description = member_value(line, "description"), at = member_value(line, "created_at");
    const Param params[] = {name, kind_member(line), expression, description, at, by};
    check_added(connection_.execute(
                    "INSERT INTO segment (name, kind, expression, description, created_at, created_by) "
                    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                    params),
                "segment " + crm::quoted(name));
    ++counts_.segments;
  }

  void add_outreach(const json& line) {
    const std::string name = text_member(line, "outreach"), segment = text_member(line, "segment"),
                      letter = text_member(line, "template"), purpose = text_member(line, "purpose"),
                      by = text_member(line, "previewed_by");
    const Value via = member_value(line, "via"), most = member_value(line, "most"),
                per_person = member_value(line, "per_person"), per_days = member_value(line, "per_days"),
                at = member_value(line, "previewed_at");
    const Param params[] = {name, kind_member(line), segment,  letter, purpose, via,
                            most, per_person,        per_days, at,     by};
    check_added(
        connection_.execute("INSERT INTO outreach (name, kind, segment, template, purpose, via, most, "
                            "per_person, per_days, previewed_at, previewed_by) VALUES ($1, $2, $3, $4, $5, "
                            "$6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
                            params),
        "outreach " + crm::quoted(name));
    ++counts_.outreach;
  }

  Session& session_;
  Connection& connection_;
  RestCounts counts_;
};

// Throws it with its place. What the database refuses is a fault of the line, unless it is a fault of the
// disk.
[[noreturn]] void throw_at(const Error& error, const std::string& path, int line) {
  if (error.code() == ErrorCode::io || error.code() == ErrorCode::busy) throw error;
  const bool plain =
      error.code() == ErrorCode::failed ||
      (error.code() == ErrorCode::conflict && error.message().find("constraint") != std::string::npos);
  if (plain) throw_fault({{path, line, 1}, "the line does not fit the database", kOfExport, {}});
  throw_fault({{path, line, 1}, error.message(), error.hint(), {}}, error.code());
}

}  // namespace

RestCounts import_rest(Session& session, const std::string& path) {
  require_admin(session, "may not put back what an export left out");
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw Error(errno == ENOENT ? ErrorCode::not_found : ErrorCode::io,
                "cannot read " + crm::quoted(path) + ": " + std::strerror(errno));
  }
  Write write(session);
  // A record may refer to one that comes later.
  session.state().connection->execute("PRAGMA defer_foreign_keys = ON", {});
  RestReader reader(session);
  std::string text;
  for (int line = 1; std::getline(file, text); ++line) {
    if (text.empty()) continue;
    try {
      reader.take(text);
    } catch (const Error& error) {
      throw_at(error, path, line);
    }
  }
  if (file.bad()) throw Error(ErrorCode::io, "cannot read " + crm::quoted(path) + " to its end");
  write.commit();
  return reader.counts();
}

}  // namespace crm
