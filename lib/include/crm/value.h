// A stored value: what a column of a record holds.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

namespace crm {

// Absent; an integer (also Unix seconds, minor units, 0/1, ids); text (also dates as YYYY-MM-DD).
using Value = std::variant<std::monostate, std::int64_t, std::string>;

inline bool is_null(const Value& value) {
  return std::holds_alternative<std::monostate>(value);
}
inline const std::string* text_of(const Value& value) {
  return std::get_if<std::string>(&value);
}
inline const std::int64_t* integer_of(const Value& value) {
  return std::get_if<std::int64_t>(&value);
}

}  // namespace crm
