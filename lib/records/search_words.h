// The words by which a field's value is found.
#pragma once

#include <string>

#include "crm/kind.h"

namespace crm {

// Adds them to a record's search text (base/text.h's search_text): of a phone number also its forms and
// parts, of a name, a company's too, its readings. Nothing where the field is not searched. `country` is the
// workflow's.
void append_search_words(std::string& text, const Field& field, const std::string& value,
                         const std::string& country);

}  // namespace crm
