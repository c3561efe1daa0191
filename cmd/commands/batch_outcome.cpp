#include "commands/batch_outcome.h"

#include <crm/text.h>

#include "app/report_error.h"

namespace crm::cmd {

std::string result_value(std::string printed) {
  while (!printed.empty() && printed.back() == '\n') printed.pop_back();
  if (!printed.empty() && (printed.front() == '{' || printed.front() == '[')) {
    for (char& c : printed) {
      if (c == '\n') c = ' ';
    }
    return printed;
  }
  std::string text;
  append_json_string(text, printed);
  return text;
}

std::string as_line(const std::string& number, const BatchOutcome& outcome) {
  std::string line = "{\"line\":" + number + ",\"exit\":" + std::to_string(outcome.exit);
  if (!outcome.result.empty()) line += ",\"result\":" + outcome.result;
  if (!outcome.error.empty()) line += ",\"error\":" + outcome.error;
  if (!outcome.messages.empty()) line += ",\"messages\":" + outcome.messages;
  return line + "}\n";
}

BatchOutcome failure(const Error& error) {
  return {static_cast<int>(error.code()), {}, error_object(error), {}};
}

}  // namespace crm::cmd
