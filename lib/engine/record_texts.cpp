#include "engine/record_texts.h"

#include "base/joined.h"
#include "base/text.h"
#include "records/record_values.h"
#include "records/session_state.h"
#include "records/value_text.h"

namespace crm {
namespace {

constexpr std::string_view kMasked = "***";

std::string choice_text(const Field& field, const std::string& name, bool chinese) {
  for (const Choice& choice : field.choices) {
    if (choice.name != name) continue;
    const std::string_view label = chinese ? choice.label.zh : choice.label.en;
    return label.empty() ? name : std::string(label);
  }
  return name;
}

// What people read otherwise than programs.
std::string text_for_people(Session& session, const Field& field, const Value& value,
                            const std::string& currency, const TextUse& reader) {
  if (field.sensitive) return std::string(kMasked);
  if (const std::string* text = text_of(value)) {
    return field.type == FieldType::choice ? choice_text(field, *text, reader.chinese)
                                           : text_without(reader.concealed, field, *text);
  }
  if (field.type == FieldType::moment)
    return format_moment_short(Moment(std::chrono::seconds(*integer_of(value))), reader.zone);
  std::string text = value_text(session, field, value, currency);
  if (field.type != FieldType::duration || !reader.chinese) return text;
  const bool days = text.back() == 'd';
  text.pop_back();
  return text + (days ? " 天" : " 小时");
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
  const std::size_t at = view.position("currency");
  const std::string currency = at == KindView::npos ? std::string() : record.text(at);
  return reader.program ? value_text(session, *field, value, currency)
                        : text_for_people(session, *field, value, currency, reader);
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
