#include "exchange/likeness.h"

#include <string>

#include "base/text.h"
#include "modules/phone.h"

namespace crm {
namespace {

std::string key_of(const Session& session, const Field& field, const std::string& text) {
  if (field.type == FieldType::email) return email_key(text);
  if (field.type == FieldType::phone) return phone_key(text, session.country()).value_or(text);
  return folded(text);
}

}  // namespace

Likeness likeness(Session& session, const StoredRecord& row, const StoredRecord& record) {
  const KindView& view = session.view(row.id.kind);
  Likeness found;
  for (std::size_t i = 0; i < view.fields().size(); ++i) {
    const Field& field = *view.fields()[i];
    const bool tells = field.name == "name" || field.name == "about" || field.type == FieldType::email ||
                       field.type == FieldType::phone;
    if (!tells || is_null(row[i]) || is_null(record[i])) continue;
    const bool same = key_of(session, field, row.text(i)) == key_of(session, field, record.text(i));
    ++(same ? found.alike : found.unlike);
  }
  return found;
}

}  // namespace crm
