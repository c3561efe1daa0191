#pragma once

namespace crm {

// ASCII only.
constexpr bool is_digit(char character) {
  return character >= '0' && character <= '9';
}

}  // namespace crm
