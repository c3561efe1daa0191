// How text looks on a terminal: what crm/text.h offers, and cutting by characters.
#pragma once

#include <cstddef>
#include <string_view>

#include "crm/text.h"

namespace crm {

// The first `count` characters (code points) of the text, or all of it.
std::string_view first_characters(std::string_view text, std::size_t count);

}  // namespace crm
