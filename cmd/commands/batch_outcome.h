// What came of a line of a batch.
#pragma once

#include <crm/error.h>

#include <string>

namespace crm::cmd {

struct BatchOutcome {
  int exit = 0;
  std::string result;    // as JSON; empty: none
  std::string error;     // as JSON
  std::string messages;  // as a JSON string
};

BatchOutcome failure(const Error& error);
// What a command printed, as a JSON value.
std::string result_value(std::string printed);
// {"line":1,"exit":0,…} with the end of the line.
std::string as_line(const std::string& number, const BatchOutcome& outcome);

}  // namespace crm::cmd
