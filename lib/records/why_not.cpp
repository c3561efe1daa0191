#include "records/why_not.h"

#include <vector>

#include "base/text.h"
#include "records/concealment.h"
#include "records/conditions.h"
#include "records/record_values.h"
#include "records/value_text.h"

namespace crm {
namespace {

// "region is 'West'", "amount was 10.00"; null: there was no record.
std::string described(Session& session, const KindView& view, const Field& field, const RecordAccess* record,
                      bool earlier) {
  const std::string name(field.name);
  if (record == nullptr) return name + " was not there";
  const std::string verb = earlier ? " was " : " is ";
  if (field.type == FieldType::tags || field.type == FieldType::refs) {
    const std::vector<std::string> all = field.type == FieldType::tags ? record->tags() : record->refs();
    return all.empty() ? name + (earlier ? " had none" : " has none")
                       : name + (earlier ? " were " : " are ") + listed(all);
  }
  const Value value = record->value(field);
  if (is_null(value)) return name + verb + "not given";
  if (is_guarded(session, field)) return name + verb + "***";
  const Field* currency = view.find("currency");
  const Value code = currency == nullptr ? Value() : record->value(*currency);
  const std::string* of_record = text_of(code);
  const std::string text =
      value_text(session, field, value, of_record == nullptr ? std::string() : *of_record);
  return name + verb + (text_of(value) != nullptr ? quoted(text) : text);
}

}  // namespace

std::optional<std::string> why_not(Session& session, Kind kind, const std::string& condition,
                                   const RecordAccess& record, const RecordAccess* before) {
  if (holds(session, kind, condition, record, before)) return std::nullopt;
  for (const ConditionPart& part : condition_parts(session, kind, condition)) {
    if (holds(session, kind, part.text, record, before)) continue;
    std::string reasons;
    for (const auto& [field, earlier] : part.looked) {
      reasons += (reasons.empty() ? ": " : ", ") +
                 described(session, session.view(kind), *field, earlier ? before : &record, earlier);
    }
    return part.text + " fails" + reasons;
  }
  return condition + " fails";
}

std::optional<std::string> why_not(Session& session, const std::string& condition, const StoredRecord& record,
                                   const StoredRecord* before) {
  if (condition.empty()) return std::nullopt;
  const RecordValues values(session, record, RecordValues::Derived::stored);
  std::optional<RecordValues> earlier;
  if (before != nullptr) earlier.emplace(session, *before);
  return why_not(session, record.id.kind, condition, values, earlier ? &*earlier : nullptr);
}

}  // namespace crm
