// An error as a user reads it: with its place, without the source line.
#pragma once

#include <string>

#include "crm/error.h"

namespace crm::test {

inline std::string told(const Error& error) {
  return error.problems().empty() ? error.message() : describe(error.problems().front(), false);
}

}  // namespace crm::test
