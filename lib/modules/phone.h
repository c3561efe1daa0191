// Phone numbers of every shape, by the phone module (libphonenumber), loaded on first use.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace crm {

// E.164 of the number as dialled from `country` (ISO 3166 alpha-2, may be empty): the usual shapes by
// base/phone.h, the rest by libphonenumber. Nothing where it is no number that can be dialled from anywhere.
// An extension (ext. 12, 转12, 分机12, -12) is left out of the key. Throws Error{failed} where the module
// cannot be loaded.
std::optional<std::string> phone_key(std::string_view text, std::string_view country);

}  // namespace crm
