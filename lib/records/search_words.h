// The words by which a field's value is found.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "crm/kind.h"

namespace crm {

enum class SearchedAs : std::uint8_t { not_searched, text, name, company, phone };

SearchedAs searched_as(const Field& field);

// Adds them to a record's search text (base/text.h's search_text): of a phone number also its forms and
// parts, of a name, a company's too, its readings. `country` is the workflow's. Any thread may call it.
void append_search_words(std::string& text, SearchedAs kind, std::string_view value,
                         const std::string& country);

}  // namespace crm
