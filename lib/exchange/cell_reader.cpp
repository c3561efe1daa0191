#include "exchange/cell_reader.h"

#include <algorithm>
#include <chrono>

#include "base/digits.h"
#include "base/phone.h"
#include "base/text.h"
#include "crm/error.h"
#include "crm/records.h"
#include "exchange/sheet_number.h"
#include "leads/stages.h"
#include "modules/phone.h"
#include "records/called.h"
#include "records/read_value.h"
#include "records/record_lists.h"
#include "records/session_state.h"
#include "records/write_record.h"

namespace crm {
namespace {

constexpr std::size_t kMostKnown = 10'000;
constexpr std::size_t kMostExamples = 3;
constexpr std::string_view kUsualSource = "import";
constexpr std::string_view kExchange = "/o=";  // "/O=EXCHANGE/OU=…" of Outlook

// Salesforce writes its numbers with 15 characters, or with three more that tell which of these are capitals:
// its reports have the one form, its files the other. All are kept in the longer one.
void append_case_letters(std::string& ref) {
  constexpr std::string_view kSystem = "salesforce/";
  constexpr std::size_t kShort = 15;
  constexpr std::size_t kBlock = 5;
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
  if (ref.size() != kSystem.size() + kShort || !ref.starts_with(kSystem)) return;
  const std::string key = ref.substr(kSystem.size());
  const auto is_plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  };
  if (!std::all_of(key.begin(), key.end(), is_plain)) return;
  for (std::size_t block = 0; block < kShort; block += kBlock) {
    std::size_t capitals = 0;
    for (std::size_t i = 0; i < kBlock; ++i) {
      if (key[block + i] >= 'A' && key[block + i] <= 'Z') capitals |= std::size_t{1} << i;
    }
    ref += kLetters[capitals];
  }
}

// Whether it can be SOURCE/KEY or a bare key.
bool can_be_ref(std::string_view text) {
  return !text.starts_with('/') && !text.ends_with('/') && text.find(';') == std::string_view::npos &&
         std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

// "salesforce/001A…", as references are written, and not "Smith/Jones LLP", "研发/销售".
bool has_source(std::string_view text) {
  const std::size_t slash = text.find('/');
  return slash != std::string_view::npos && slash > 0 &&
         text.substr(0, slash).find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.-") ==
             std::string_view::npos;
}

Error bad_cell(const Field& field, std::string_view text, std::string hint) {
  return Error(ErrorCode::invalid, std::string(field.name) + " cannot be " + quoted(text), std::move(hint))
      .about_field(std::string(field.name));
}

}  // namespace

CellReader::CellReader(Session& session, Kind kind, const ImportOptions& options, const ColumnSurvey& survey)
    : session_(session), kind_(kind), options_(options), survey_(survey), country_(session.country()) {}

Value CellReader::read(const ColumnTarget& target, std::string_view text) {
  const Field& field = *target.field;
  switch (field.type) {
    case FieldType::text:
      return std::string(trimmed(text));
    case FieldType::note:
      return std::string(text);
    case FieldType::money:
      return read_amount(target, text, session_.currency(), false);
    case FieldType::email:
      if (ascii_lower(trimmed(text).substr(0, kExchange.size())) == kExchange) {
        ++exchange_addresses_;
        return {};
      }
      return read_value(session_, {&field, text, {}, nullptr});
    case FieldType::moment:
      return read_moment(target, text);
    case FieldType::date:
      return read_date(target, text);
    case FieldType::phone:
      return read_phone(field, text);
    case FieldType::record:
      return read_record(target, text);
    case FieldType::choice:
    case FieldType::stage:
    case FieldType::currency:
    case FieldType::boolean:
    case FieldType::reference:
      return read_known(target, text);
    default:
      return read_value(session_, {&field, text, {}, nullptr});
  }
}

bool CellReader::can_refer(const ColumnTarget& target, std::string_view text) {
  text = trimmed(text);
  const Kind kind = target.field->target;
  if (kind == Kind::user) return find_user(session_, text).has_value();
  if (const auto record = parse_record_id(text); record && record->kind == kind && exists(*record))
    return true;
  return text.find(';') == std::string_view::npos && find_by_ref(kind, text).has_value();
}

void CellReader::keep() {
  kept_users_ = made_users_.size();
  if (kept_records_ != made_records_) kept_records_ = made_records_;
}

void CellReader::take_back() {
  forget();
  made_users_.resize(kept_users_);
  made_records_ = kept_records_;
}

void CellReader::forget() {
  known_.clear();
}

Value CellReader::read_known(const ColumnTarget& target, std::string_view text) {
  Known& known = known_[target.field];
  if (const auto found = known.find(text); found != known.end()) return found->second;
  Value value = look_up(target, text);
  if (known.size() >= kMostKnown) known.clear();
  known.emplace(std::string(text), value);
  return value;
}

Value CellReader::look_up(const ColumnTarget& target, std::string_view text) {
  const Field& field = *target.field;
  text = trimmed(text);
  if (field.type == FieldType::stage) return read_stage(field, text);
  if (field.type != FieldType::reference) return read_value(session_, {&field, text, {}, nullptr});
  if (field.target == Kind::user) return read_user(field, text);
  if (field.target == Kind::team) return team_or_new(session_, text);
  return read_reference(target, text);
}

Value CellReader::read_stage(const Field& field, std::string_view text) {
  const std::string word = folded(text);
  std::vector<std::string> names;
  for (const Entity& kind : entities()) {
    if (kind_ != Kind::stage_change ? kind.kind != kind_
                                    : options_.record_kind && *options_.record_kind != kind.kind)
      continue;
    for (const Stage& stage : session_.state().process().stages_of(kind.kind)) {
      if (folded(stage.name) == word || folded(stage.label_en) == word || folded(stage.label_zh) == word)
        return stage.name;
      names.push_back(stage.name);
    }
  }
  if (kind_ != Kind::stage_change && (word == "won" || word == "lost"))
    return stage_with_outcome(session_.state().process(), kind_, word == "won" ? Outcome::won : Outcome::lost)
        .name;
  const auto near = nearest(text, names);
  const std::string name(field.name);
  throw Error(ErrorCode::invalid, "the workflow has no stage " + quoted(text),
              (near ? "did you mean " + quoted(*near) + "?" : "it has " + listed(names) + ';') +
                  " say what it means with --map-value " + name + ":" + std::string(text) + "=STAGE")
      .about_field(name);
}

// By its number (customer/7), a reference, or what else resolve() takes; a bare number is never one of ours.
Value CellReader::read_reference(const ColumnTarget& target, std::string_view text) {
  const Field& field = *target.field;
  if (target.kind) return require_by_ref(*target.kind, field, text);
  if (const auto record = parse_record_id(text); record && record->kind == field.target) {
    if (const RecordId found = here(*record); exists(found)) return found.id;
  }
  if (can_be_ref(text)) {
    if (const auto by_ref = find_by_ref(field.target, text)) return *by_ref;
  }
  const bool number = are_digits(text);
  const std::string_view kind = entity(field.target).name;
  if (number || text.find('/') != std::string_view::npos) return read_unlikely_name(field, text);
  try {
    return resolve(session_, field.target, text).id;
  } catch (Error& error) {
    if (is_made(field.target) && error.code() == ErrorCode::not_found) return make_named(field.target, text);
    const bool could_be_made = field.target == Kind::customer || field.target == Kind::contact;
    if (!could_be_made || error.code() != ErrorCode::not_found)
      throw error.about_field(std::string(field.name));
    const std::string near =
        error.hint().starts_with("did you mean") ? error.hint() + " else " : std::string();
    throw Error(error.code(), error.message(),
                near + "make those that are not there with --create-missing " + std::string(kind))
        .about_field(std::string(field.name));
  }
}

// "360" and "Smith/Jones LLP" may be names, where no reference is so. A name never stands for a phone here.
std::int64_t CellReader::read_unlikely_name(const Field& field, std::string_view text) {
  if (parse_record_id(text)) return require_by_ref(field.target, field, text);
  const auto found = find_called(field.target, text);
  if (found.size() == 1) return found.front();
  if (found.size() > 1) refuse_several(field.target, text, found);
  if (is_made(field.target) && !has_source(text)) return make_named(field.target, text);
  if (can_be_ref(text)) return require_by_ref(field.target, field, text);
  throw Error(ErrorCode::not_found,
              "there is no " + std::string(entity(field.target).name) + " " + quoted(text),
              "make those that are not there with --create-missing " + std::string(entity(field.target).name))
      .about_field(std::string(field.name));
}

std::vector<std::int64_t> CellReader::find_called(Kind kind, std::string_view text) {
  std::vector<std::int64_t> found = records_called(session_, kind, text);
  if (!are_digits(text)) return found;
  std::erase_if(found, [&](std::int64_t id) {
    return folded(load_record(session_, {kind, id}).text(session_.view(kind).position("name"))) !=
           folded(text);
  });
  return found;
}

std::optional<std::int64_t> CellReader::find_named(const ColumnTarget& target, std::string_view text) {
  text = trimmed(text);
  if (target.field->type != FieldType::reference || are_digits(text)) return std::nullopt;
  const std::vector<std::int64_t> found = records_called(session_, target.field->target, text);
  return found.size() == 1 ? std::optional(found.front()) : std::nullopt;
}

bool CellReader::is_made(Kind kind) const {
  const auto& made = options_.create_missing;
  return std::find(made.begin(), made.end(), entity(kind).name) != made.end();
}

bool CellReader::has_ref_of_source(RecordId record) const {
  const std::string ref = read_ref("x");
  const Param params[] = {static_cast<std::int64_t>(record.kind), record.id,
                          std::string_view(ref).substr(0, ref.find('/'))};
  return session_.state().connection->exists(
      "SELECT 1 FROM external_ref WHERE kind = $1 AND record = $2 AND source = $3", params);
}

Value CellReader::read_referred(const ColumnTarget& target, std::string_view name, std::string_view ref) {
  if (!is_made(target.field->target)) return read(target, name);
  name = trimmed(name);
  try {
    const RecordId named = resolve(session_, target.field->target, name);
    if (!has_ref_of_source(named)) return named.id;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found && error.code() != ErrorCode::conflict) throw;
  }
  return make_named(target.field->target, name, read_ref(ref));
}

Value CellReader::require_referred(const ColumnTarget& target, std::string_view ref) {
  const Kind kind = target.field->target;
  return is_made(kind) ? make_named(kind, trimmed(ref), read_ref(ref))
                       : require_by_ref(kind, *target.field, ref);
}

std::int64_t CellReader::make_named(Kind kind, std::string_view name, std::string_view ref) {
  std::vector<FieldText> fields = {{"name", std::string(name)}};
  if (!ref.empty()) fields.push_back({"ref", std::string(ref)});
  ++made_records_[kind];
  return add(session_, kind, fields).record.id;
}

bool CellReader::exists(RecordId record) {
  const Param params[] = {record.id};
  return session_.state().connection->exists(
      "SELECT 1 FROM \"" + std::string(entity(record.kind).table) + "\" WHERE id = $1 AND deleted_at IS NULL",
      params);
}

std::optional<RecordId> CellReader::followed(const ColumnTarget& target, std::string_view text) const {
  const FieldType type = target.field->type;
  if (numbers_ == nullptr || (type != FieldType::reference && type != FieldType::record)) return std::nullopt;
  return parse_record_id(trimmed(text));
}

RecordId CellReader::here(RecordId record) {
  if (numbers_ != nullptr) record.id = numbers_->find(record).value_or(record.id);
  return record;
}

std::optional<std::int64_t> CellReader::find_by_ref(Kind kind, std::string_view text) {
  const std::string ref = read_ref(text);
  const auto [source, key] = split_ref(ref);
  std::string& sql = by_ref_sql_[static_cast<std::size_t>(kind)];
  if (sql.empty()) {
    sql =
        "SELECT e.record FROM external_ref e JOIN \"" + std::string(entity(kind).table) +
        "\" r ON r.id = e.record WHERE e.kind = $1 AND e.source = $2 AND e.key = $3 AND r.deleted_at IS NULL";
  }
  const Param params[] = {static_cast<std::int64_t>(kind), source, key};
  return session_.state().connection->query_integer(sql, params);
}

std::int64_t CellReader::require_by_ref(Kind kind, const Field& field, std::string_view text) {
  if (const auto id = find_by_ref(kind, text)) return *id;
  if (const auto record = parse_record_id(text); record && record->kind == kind) {
    if (const RecordId found = here(*record); exists(found)) return found.id;
  }
  throw Error(
      ErrorCode::invalid,
      "there is no " + std::string(entity(kind).label.en) + " with the reference " + quoted(read_ref(text)),
      "import the " + std::string(entity(kind).plural.en) +
          " first, or say where they came from with --source")
      .about_field(std::string(field.name));
}

// Where no reference is so: a name, an e-mail address or a phone that just one has. Numbers are those of the
// other system.
std::optional<RecordId> CellReader::find_by_name(Kind kind, const Field& field, std::string_view text) {
  if (are_digits(text) || text.find('/') != std::string_view::npos || find_by_ref(kind, text))
    return std::nullopt;
  try {
    return resolve(session_, kind, text);
  } catch (Error& error) {
    if (error.code() == ErrorCode::not_found) return std::nullopt;
    throw error.about_field(std::string(field.name));
  }
}

Value CellReader::read_record(const ColumnTarget& target, std::string_view text) {
  const Field& field = *target.field;
  text = trimmed(text);
  const auto record = parse_record_id(text);
  if (record && (!target.kind || *target.kind == record->kind)) {
    if (const RecordId found = here(*record); exists(found)) return to_string(found);
  }
  if (target.kind) {
    if (const auto named = find_by_name(*target.kind, field, text)) return to_string(*named);
    return to_string(RecordId{*target.kind, require_by_ref(*target.kind, field, text)});
  }
  if (!record && text.find(';') == std::string_view::npos) {
    for (const Kind kind : {Kind::contact, Kind::lead, Kind::customer}) {
      if (const auto id = find_by_ref(kind, text)) return to_string(RecordId{kind, *id});
    }
  }
  if (record)
    throw Error(ErrorCode::invalid, "there is no " + to_string(*record)).about_field(std::string(field.name));
  throw bad_cell(field, text, "name a record as lead/42, or say with --kind of which kind they are");
}

std::optional<RecordId> CellReader::find_record(const ColumnTarget& target, std::string_view text) {
  try {
    const Value found = read_record(target, text);
    return parse_record_id(*text_of(found));
  } catch (const Error&) {
    return std::nullopt;
  }
}

Value CellReader::read_phone(const Field& field, std::string_view text) {
  text = without_fraction(text);
  Value phone = read_value(session_, {&field, text, {}, nullptr});
  if (usual_phone(text, country_) || phone_key(text, country_)) return phone;
  ++unreadable_phones_;
  if (unreadable_examples_.size() < kMostExamples) unreadable_examples_.emplace_back(text);
  return phone;
}

std::string CellReader::read_ref(std::string_view text) const {
  std::string ref = crm::read_ref(text, options_.source.empty() ? kUsualSource : options_.source);
  append_case_letters(ref);
  return ref;
}

}  // namespace crm
