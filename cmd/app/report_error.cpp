#include "app/report_error.h"

#include <crm/text.h>

#include <algorithm>
#include <utility>

namespace crm::cmd {
namespace {

void append_member(std::string& out, std::string_view name, const std::string& value) {
  if (value.empty()) return;
  out += ',';
  append_json_string(out, name);
  out += ':';
  append_json_string(out, value);
}

// Behind the caret below a text that is in no file.
std::string place(const Problem& problem) {
  if (problem.line_text.empty() || problem.location.column <= 0) return {};
  return " line " + std::to_string(std::max(problem.location.line, 1)) + ", column " +
         std::to_string(problem.location.column);
}

Problem printable(Problem problem) {
  problem.location.file = visible(problem.location.file);
  problem.message = visible(problem.message);
  problem.hint = visible(problem.hint);
  return problem;
}

}  // namespace

void append_problem(std::string& out, const Problem& problem) {
  out += "{\"message\":";
  append_json_string(out, problem.message);
  append_member(out, "hint", problem.hint);
  append_member(out, "file", problem.location.file);
  if (problem.location.line > 0) out += ",\"line\":" + std::to_string(problem.location.line);
  if (problem.location.column > 0) out += ",\"column\":" + std::to_string(problem.location.column);
  out += '}';
}

std::string error_object(const Error& error) {
  std::string out = "{\"code\":\"" + std::string(name(error.code())) +
                    "\",\"exit\":" + std::to_string(static_cast<int>(error.code())) + ",\"message\":";
  append_json_string(out, error.message());
  append_member(out, "field", error.field());
  append_member(out, "record", error.record());
  append_member(out, "hint", error.hint());
  if (!error.problems().empty()) {
    out += ",\"problems\":[";
    for (const Problem& problem : error.problems()) {
      if (out.back() != '[') out += ',';
      append_problem(out, problem);
    }
    out += ']';
  }
  if (const auto* const detailed = dynamic_cast<const DetailedError*>(&error)) {
    out += ',';
    append_json_string(out, detailed->member());
    out += ':' + detailed->json();
  }
  return out + '}';
}

void report_error(Stream& messages, const Error& error, bool as_json) {
  if (as_json) {
    messages.write("{\"error\":" + error_object(error) + "}\n");
    return;
  }
  std::string hint;
  if (!error.hint().empty()) hint = "; " + visible(error.hint());
  const bool says_the_same =
      error.problems().size() == 1 && error.problems().front().message == error.message();
  if (says_the_same) {
    const Problem problem = printable(error.problems().front());
    const std::string text = describe(problem, true);
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (!problem.location.file.empty()) {
      messages.write("crm: " + text.substr(0, end) + hint + text.substr(end) + '\n');
    } else {
      messages.write("crm: " + visible(error.message()) + hint + text.substr(end) + place(problem) + '\n');
    }
    return;
  }
  messages.write("crm: " + visible(error.message()) + hint + '\n');
  for (const Problem& problem : error.problems()) messages.write(describe(printable(problem), true) + '\n');
}

Error with_aftermath(const Error& error, const std::vector<std::string>& told) {
  if (told.empty()) return error;
  constexpr std::size_t kMostTold = 3;
  const std::size_t said = told.size() > kMostTold ? kMostTold - 1 : told.size();
  std::string hint;
  for (std::size_t i = 0; i < said; ++i) hint += (hint.empty() ? "" : "; ") + told[i];
  if (told.size() > said)
    hint += "; and " + std::to_string(told.size() - said) + " more of the like: see 'crm approval list'";
  Error whole(error.code(), error.message(), std::move(hint));
  whole.about_field(error.field()).about_record(error.record()).with_problems(error.problems());
  return whole;
}

}  // namespace crm::cmd
