#pragma once

#include <cstddef>
#include <string_view>

namespace crm {

// ASCII only.
constexpr bool is_digit(char character) {
  return character >= '0' && character <= '9';
}

// How many the text begins with.
constexpr std::size_t count_leading_digits(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  return count;
}

// Whether it has nothing else; so has an empty one.
constexpr bool are_digits(std::string_view text) {
  return count_leading_digits(text) == text.size();
}

}  // namespace crm
