// Terms: the short conditions of the command line, as `stage=new`, `amount>=5000`, `+vip` or a bare word.
#pragma once

#include <string_view>

#include "crm/export.h"
#include "filter/expression.h"

namespace crm {

// Reads a term: FIELD=VALUE, !=, >=, <=, >, <, FIELD~TEXT (contains), +TAG, tag=NAME, tag!=NAME; anything
// else is text to search for. The value is text as it stands. An empty one means absent (`field=`,
// `field!=`); `field!=x` includes absent. A dash in a field's name counts as an underscore. Beside a user
// `me` is who acts, unless somebody has that name. Whether the field exists is the checker's business. Throws
// Error{invalid} for an empty term, one longer than an expression may be, or text that is no valid UTF-8.
Expression parse_term(std::string_view term);

// The text as a search, whatever it looks like. Throws as parse_term.
Expression search_expression(std::string_view words);

// Whether a bulk command takes the argument for a term, not a record: it has a field and an operator, or is a
// `+tag` (not a
// `+86…` phone). A bare word names a record.
CRM_API bool looks_like_term(std::string_view argument);

}  // namespace crm
