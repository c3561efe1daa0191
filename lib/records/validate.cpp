#include "records/validate.h"

#include <algorithm>

#include "base/text.h"
#include "base/value_check.h"
#include "crm/error.h"
#include "filter/evaluate.h"
#include "records/conditions.h"
#include "records/record_values.h"
#include "records/session_state.h"
#include "records/standing.h"

namespace crm {
namespace {

// "at", "to" and "by" are no things that one could have one of.
std::string with_article(std::string_view name) {
  if (name.size() <= 2 || name == "from" || name == "about") return quoted(name);
  const bool vowel = std::string_view("aeiou").find(name.front()) != std::string_view::npos;
  return (vowel ? "an " : "a ") + std::string(name);
}

void check_required(Session& session, const StoredRecord& record, Origin origin) {
  const auto& fields = session.view(record.id.kind).fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Field& field = *fields[i];
    if (!field.required || !is_null(record[i])) continue;
    throw Error(ErrorCode::invalid,
                "a " + std::string(entity(record.id.kind).label.en) + " needs " + with_article(field.name),
                how_to_give(field.name, origin))
        .about_field(std::string(field.name));
  }
}

void check_forms(const KindView& view, const StoredRecord& record, const StoredRecord* before) {
  const auto& fields = view.fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Field& field = *fields[i];
    const std::string* text = field.check.empty() ? nullptr : text_of(record[i]);
    if (text == nullptr || (before != nullptr && (*before)[i] == record[i]) ||
        passes_value_check(*text, field.check))
      continue;
    const std::string shown = field.sensitive ? "the value of " + std::string(field.name) : quoted(*text);
    throw Error(ErrorCode::invalid, shown + " is no valid " + std::string(field.check),
                "check it for a typing error")
        .about_field(std::string(field.name));
  }
}

// What to do where a name or login is taken already.
std::string instead_of_another(Session& session, RecordId other) {
  if (other.kind == Kind::user) {
    const Param params[] = {other.id};
    if (session.state().connection->exists("SELECT 1 FROM user WHERE id = $1 AND active = 0", params))
      return "that one is deactivated: 'crm user edit " + std::to_string(other.id) +
             " --active yes' brings them back";
  }
  return "choose another, or edit that one";
}

std::optional<std::int64_t> another_with(Session& session, const StoredRecord& record,
                                         const std::string& field, std::size_t position) {
  const Param params[] = {record[position], record.id.id};
  return session.state().connection->query_integer(
      "SELECT id FROM \"" + std::string(entity(record.id.kind).table) + "\" WHERE " + field +
          " = $1 AND id <> $2 AND deleted_at IS NULL",
      params);
}

[[noreturn]] void refuse_second(Session& session, RecordId other, const std::string& field,
                                std::string_view value) {
  throw Error(ErrorCode::conflict,
              "there is a " + std::string(entity(other.kind).table) + " with the " + field + ' ' +
                  quoted(value) + " already: " + to_string(other),
              instead_of_another(session, other))
      .about_field(field);
}

// Names of users and teams and logins are unique among those that are not deleted.
void check_unique(Session& session, const StoredRecord& record) {
  if (record.id.kind != Kind::user && record.id.kind != Kind::team) return;
  const KindView& view = session.view(record.id.kind);
  for (const std::string field : {"name", "login"}) {
    const std::size_t position = view.position(field);
    if (position == KindView::npos || is_null(record[position])) continue;
    const auto other = another_with(session, record, field, position);
    if (!other) continue;
    refuse_second(session, {record.id.kind, *other}, field, record.text(position));
  }
}

}  // namespace

std::string how_to_give(std::string_view field, Origin origin) {
  if (origin == Origin::imported)
    return "say with --map which column it is, or give all rows the same with --set " + std::string(field) +
           "=VALUE";
  std::string option(field);
  std::replace(option.begin(), option.end(), '_', '-');
  return "give it with --" + option;
}

void check_record(Session& session, const StoredRecord& record, const StoredRecord* before, Origin origin) {
  check_required(session, record, origin);
  check_unique(session, record);
  check_forms(session.view(record.id.kind), record, before);
  if (before != nullptr) check_standing(session, *before, record);
  for (const Validation& validation : session.state().process().validations) {
    if (validation.kind != record.id.kind) continue;
    const Condition& condition = process_condition(session, record.id.kind, validation.check);
    const RecordValues now(session, record);
    std::optional<RecordValues> previous;
    if (before != nullptr) previous.emplace(session, *before);
    if (evaluate(condition, now, previous ? &*previous : nullptr) == std::optional(false)) {
      throw Error(ErrorCode::invalid, validation.message, "the workflow asks for: " + validation.check);
    }
  }
}

}  // namespace crm
