// The text form of expressions: the condition part of SQL on the fields of one record, as `--where` and
// workflow files write it.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "filter/expression.h"

namespace crm {

// Bounds of an expression. Parentheses and `not` are a level of depth each, a function call is several; so
// nothing that passes overflows the parser of an engine (SQLite's has a stack of 100). A chain of `+` and `-`
// is no longer than the depth.
inline constexpr std::size_t kMaxExpressionBytes = 4096;
inline constexpr std::size_t kMaxExpressionDepth = 50;
inline constexpr std::size_t kCallLevels = 5;
inline constexpr std::size_t kMaxListItems = 1000;

// Reads an expression. `origin` is where its first character stands (for a file's line and column in
// messages). Throws Error{invalid}: what was expected, where; the text is no valid UTF-8, too long or too
// deep.
Expression parse_expression(std::string_view text, const Location& origin = {});

// Words that cannot name a field: keywords and functions.
std::span<const std::string_view> reserved_words();
bool is_reserved_word(std::string_view word);

}  // namespace crm
