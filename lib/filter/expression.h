// The expression language as a tree: what was written, before names and types mean anything. See parse.h for
// the text form.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "crm/error.h"

namespace crm {

enum class ExprKind : std::uint8_t {
  // Operands without parts; what they say is in `text`.
  text,     // a string, unquoted
  number,   // exactly as written: "5000.50", "-3"
  boolean,  // "true" or "false"
  null,
  duration,  // "15d"
  raw,       // a term's value: text that is read as the type of what it is compared with
  field,     // a name
  now,
  today,
  me,
  // Tests of parts[0], and parts[1] where there are two.
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  in,       // parts[0] among the rest
  between,  // parts[0] from parts[1] to parts[2]
  like,
  contains,
  is_null,
  has_tag,  // the tag named by `text`
  search,   // the words in `text`, in the record's search text
  // Logic: two or more parts; negation has one.
  conjunction,
  disjunction,
  negation,
  // Arithmetic and functions; `text` is the function's name.
  add,
  subtract,
  call,
};

struct Expr {
  ExprKind kind = ExprKind::null;
  std::string text = {};
  std::vector<Expr> parts = {};
  std::size_t offset = 0;  // the byte of the source where it begins
};

// A tree and the text it came from, for messages that point into it.
struct Expression {
  std::string source;
  Location origin;  // of the source's first character; the default stands for an argument
  Expr root;
};

// The expression as text that parses to the same tree. Raw values and tags appear as quoted strings.
std::string to_text(const Expr& expr);

// An Error{invalid} whose one problem points at that byte of the source. Its `line_text` is empty where the
// origin lies within a line of a file: only who has the file can give the line.
Error expression_error(const std::string& source, const Location& origin, std::size_t offset,
                       const std::string& message, const std::string& hint = {});

}  // namespace crm
