#include "records/record_values.h"

#include "base/text.h"
#include "filter/render.h"
#include "modules/phone.h"
#include "records/search_words.h"
#include "records/session_state.h"

namespace crm {

RecordValues::RecordValues(Session& session, const StoredRecord& record, Derived derived)
    : session_(session), view_(session.view(record.id.kind)), record_(record), derived_(derived) {}

Value RecordValues::value(const Field& field) const {
  if (field.is_derived()) return derived_value(field);
  const std::size_t position = view_.position(field.name);
  return position == KindView::npos ? Value() : record_[position];
}

Value RecordValues::derived_value(const Field& field) const {
  if (derived_ == Derived::absent) return {};
  if (derived_ == Derived::coming) {
    const bool counts = field.type != FieldType::moment && field.type != FieldType::text;
    return counts ? Value(std::int64_t{0}) : Value();
  }
  Value value;
  const Param params[] = {now_seconds(session_), record_.id.id};
  session_.state().connection->each("SELECT " + field_sql(field, "$1") + " FROM \"" +
                                        std::string(view_.entity().table) + "\" r WHERE r.id = $2",
                                    params, [&](const Row& row) { value = row.value(0); });
  return value;
}

Value RecordValues::key(const Field& field) const {
  const Value typed = value(field);
  const std::string* text = text_of(typed);
  if (text == nullptr) return {};
  if (field.type == FieldType::email) return email_key(*text);
  const auto phone = phone_key(*text, session_.country());
  return phone ? Value(*phone) : Value();
}

std::string RecordValues::search_text() const {
  std::string text;
  for (const Field* field : view_.fields()) {
    const SearchedAs as = searched_as(*field);
    if (as == SearchedAs::not_searched) continue;
    const Value typed = value(*field);
    if (const std::string* words = text_of(typed)) append_search_words(text, as, *words, session_.country());
  }
  return text;
}

}  // namespace crm
