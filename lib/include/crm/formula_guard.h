// Cells that a spreadsheet would run as a formula, made harmless by a leading apostrophe, and back.
#pragma once

#include <string>
#include <string_view>

#include "crm/export.h"

namespace crm {

// Whether a spreadsheet may take the text for a formula: it begins (behind spaces) with = @ or their
// full-width forms, with tab or CR, or with + or - (full-width too) without being a plain signed number or a
// phone number.
CRM_API bool is_formula_like(std::string_view text);

// Appends the text, behind an apostrophe if it is formula-like, or itself such a text behind apostrophes: so
// that restoring is exact for every text.
CRM_API void append_defused(std::string& out, std::string_view text);

// The text that was defused: without its first apostrophe where what follows the apostrophes is formula-like,
// else as it is.
CRM_API std::string_view restore_formula_guard(std::string_view text);

}  // namespace crm
