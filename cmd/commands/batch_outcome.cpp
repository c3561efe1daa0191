#include "commands/batch_outcome.h"

#include <crm/text.h>

#include "app/report_error.h"

namespace crm::cmd {

std::string result_value(std::string printed) {
  while (!printed.empty() && printed.back() == '\n') printed.pop_back();
  if (!printed.empty() && (printed.front() == '{' || printed.front() == '[')) {
    for (std::size_t at = printed.find('\n'); at != std::string::npos; at = printed.find('\n', at + 1))
      printed[at] = ' ';
    return printed;
  }
  std::string text;
  append_json_string(text, printed);
  return text;
}

std::string as_line(const std::string& number, const BatchOutcome& outcome) {
  std::string line = "{\"line\":" + number + ",\"exit\":" + std::to_string(outcome.exit);
  const auto add = [&line](std::string_view member, const std::string& json) {
    if (!json.empty()) line.append(member).append(json);
  };
  add(",\"result\":", outcome.result);
  add(",\"error\":", outcome.error);
  add(",\"messages\":", outcome.messages);
  return line += "}\n";
}

BatchOutcome failure(const Error& error) {
  return {static_cast<int>(error.code()), {}, error_object(error), {}};
}

}  // namespace crm::cmd
