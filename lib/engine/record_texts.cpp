#include "engine/record_texts.h"

#include "base/joined.h"
#include "base/money.h"
#include "base/text.h"
#include "records/record_values.h"
#include "records/session_state.h"

namespace crm {
namespace {

constexpr std::string_view kMasked = "***";

std::string choice_text(const Field& field, const std::string& name, const TextUse& reader) {
  if (reader.program) return name;
  for (const Choice& choice : field.choices) {
    if (choice.name != name) continue;
    const std::string_view label = reader.chinese ? choice.label.zh : choice.label.en;
    return label.empty() ? name : std::string(label);
  }
  return name;
}

std::string moment_text(Session& session, std::int64_t seconds, const TextUse& reader) {
  const Moment moment{std::chrono::seconds(seconds)};
  return reader.program ? format_moment(moment, session.zone()) : format_moment_short(moment, reader.zone);
}

std::string duration_text(std::int64_t seconds, bool chinese) {
  constexpr std::int64_t kHour = 3600;
  constexpr std::int64_t kDay = 24 * kHour;
  if (seconds >= kDay) return std::to_string(seconds / kDay) + (chinese ? " 天" : "d");
  return std::to_string(seconds / kHour) + (chinese ? " 小时" : "h");
}

std::string money_text(Session& session, const StoredRecord& record, std::int64_t minor) {
  const std::size_t at = session.view(record.id.kind).position("currency");
  const std::string own = at == KindView::npos ? std::string() : record.text(at);
  return format_money(minor, own.empty() ? session.currency() : own);
}

std::string integer_text(Session& session, const StoredRecord& record, const Field& field, std::int64_t value,
                         const TextUse& reader) {
  switch (field.type) {
    case FieldType::moment:
      return moment_text(session, value, reader);
    case FieldType::duration:
      return duration_text(value, reader.chinese);
    case FieldType::money:
      return money_text(session, record, value);
    case FieldType::boolean:
      return value != 0 ? "true" : "false";
    case FieldType::reference:
      if (field.target == Kind::user || field.target == Kind::team)
        return session.state().name_of(field.target, value);
      return to_string(RecordId{field.target, value});
    default:
      return std::to_string(value);
  }
}

}  // namespace

std::string value_text(Session& session, const StoredRecord& record, const std::string& name,
                       const TextUse& reader) {
  const KindView& view = session.view(record.id.kind);
  const Field* field = view.find(name);
  if (field == nullptr) return {};
  if (field->type == FieldType::tags) return joined(record.tags, ";");
  if (field->type == FieldType::refs) return joined(record.refs, ";");
  const Value value = RecordValues(session, record, RecordValues::Derived::stored).value(*field);
  if (is_null(value)) return {};
  if (field->sensitive && !reader.program) return std::string(kMasked);
  if (const std::string* text = text_of(value))
    return field->type == FieldType::choice ? choice_text(*field, *text, reader) : *text;
  return integer_text(session, record, *field, *integer_of(value), reader);
}

std::string shown_value(Session& session, const StoredRecord& record, const std::string& field) {
  return value_text(session, record, field, {false, false, session.zone()});
}

std::string fill_in(Session& session, const StoredRecord& record, const std::string& text,
                    const TextUse& reader, TemplateScope scope) {
  Template parsed;
  const bool plain = !reader.html && text.find("{{") == std::string::npos;
  if (plain || Template::parse(text, parsed)) return text;
  scope.texts.emplace("record", to_string(record.id));
  for (const std::string& name : parsed.names()) {
    if (scope.texts.count(name) == 0) scope.texts.emplace(name, value_text(session, record, name, reader));
  }
  return reader.html ? parsed.render_html(scope) : parsed.render(scope);
}

}  // namespace crm
