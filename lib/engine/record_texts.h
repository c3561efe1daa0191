// A record's values as text: in messages, in the values that rules set, in explanations.
#pragma once

#include <string>

#include "crm/session.h"
#include "outbox/template.h"
#include "records/concealment.h"
#include "records/stored_record.h"

namespace crm {

// Who reads the text.
struct TextUse {
  bool program = false;  // it is read back as a field's value
  bool chinese = false;
  TimeZone zone{};        // of a person
  bool html = false;      // the text is HTML, the values are not
  Concealed concealed{};  // fields that the reader may not see
};

// The value of a field, stored or derived; empty where absent or unknown. Sensitive ones are *** for
// people, and those concealed from the reader are masked.
std::string value_text(Session& session, const StoredRecord& record, const std::string& field,
                       const TextUse& reader);
// For people who read English, in the workflow's zone.
std::string shown_value(Session& session, const StoredRecord& record, const std::string& field);
// The text with the record's fields put in; also `record`, and what `scope` has. A text that is no template
// stands as it is.
std::string fill_in(Session& session, const StoredRecord& record, const std::string& text,
                    const TextUse& reader, TemplateScope scope = {});

}  // namespace crm
