#include "crm/formula_guard.h"

#include <algorithm>
#include <cstddef>

#include "base/digits.h"

namespace crm {
namespace {

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool take_space(std::string_view& text) {
  return take(text, " ") || take(text, "\n") || take(text, "\u00A0") || take(text, "\u3000");
}

// What may follow the sign: "1,234.50", "12 %".
bool is_plain_number(std::string_view text) {
  return !text.empty() && is_digit(text.front()) && std::count(text.begin(), text.end(), '.') <= 1 &&
         text.find_first_not_of("0123456789,. %") == std::string_view::npos;
}

// What may follow the plus: "86 138-0013-8000", "1 (415) 555.0100".
bool is_phone(std::string_view text) {
  return text.size() <= 32 && !text.empty() && is_digit(text.front()) &&
         text.find_first_not_of("0123456789 -.()") == std::string_view::npos;
}

bool is_guarded(std::string_view text) {
  const std::size_t apostrophes = std::min(text.find_first_not_of('\''), text.size());
  return is_formula_like(text.substr(apostrophes));
}

}  // namespace

bool is_formula_like(std::string_view text) {
  if (text.starts_with('\t') || text.starts_with('\r')) return true;
  while (take_space(text)) {
  }
  for (const std::string_view sign : {"=", "@", "＝", "＠", "\t", "\r"}) {
    if (text.starts_with(sign)) return true;
  }
  if (take(text, "+")) return !is_plain_number(text) && !is_phone(text);
  if (take(text, "-")) return !is_plain_number(text);
  return text.starts_with("＋") || text.starts_with("－");
}

void append_defused(std::string& out, std::string_view text) {
  if (is_guarded(text)) out += '\'';
  out += text;
}

std::string_view restore_formula_guard(std::string_view text) {
  if (text.starts_with('\'') && is_guarded(text)) text.remove_prefix(1);
  return text;
}

}  // namespace crm
