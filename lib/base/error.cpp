#include "crm/error.h"

#include <utility>

#include "base/width.h"

namespace crm {

const char* name(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::failed:
      return "failed";
    case ErrorCode::usage:
      return "usage";
    case ErrorCode::not_found:
      return "not-found";
    case ErrorCode::invalid:
      return "validation";
    case ErrorCode::not_permitted:
      return "not-permitted";
    case ErrorCode::conflict:
      return "conflict";
    case ErrorCode::partly_done:
      return "partly-done";
    case ErrorCode::waiting:
      return "waiting";
    case ErrorCode::check_failed:
      return "check-failed";
    case ErrorCode::io:
      return "io";
    case ErrorCode::busy:
      return "busy";
    case ErrorCode::schema_version:
      return "schema-version";
  }
  return "failed";
}

Error::Error(ErrorCode code, std::string message, std::string hint)
    : code_(code), message_(std::move(message)), hint_(std::move(hint)) {}

Error& Error::about_field(std::string field) & {
  field_ = std::move(field);
  return *this;
}
Error&& Error::about_field(std::string field) && {
  return std::move(about_field(std::move(field)));
}
Error& Error::about_record(std::string record) & {
  record_ = std::move(record);
  return *this;
}
Error&& Error::about_record(std::string record) && {
  return std::move(about_record(std::move(record)));
}
Error& Error::with_problems(std::vector<Problem> problems) & {
  problems_ = std::move(problems);
  return *this;
}
Error&& Error::with_problems(std::vector<Problem> problems) && {
  return std::move(with_problems(std::move(problems)));
}

std::string describe(const Problem& problem, bool with_source) {
  std::string out;
  const Location& at = problem.location;
  if (!at.file.empty()) out += at.file + ':';
  if (at.line > 0) out += std::to_string(at.line) + ':';
  if (at.column > 0) out += std::to_string(at.column) + ':';
  if (!out.empty()) out += ' ';
  out += problem.message;
  if (!problem.hint.empty()) out += "; " + problem.hint;
  if (!with_source || problem.line_text.empty() || at.column <= 0) return out;
  const std::string shown = visible(problem.line_text);
  const std::string before =
      visible(first_characters(problem.line_text, static_cast<std::size_t>(at.column - 1)));
  out += "\n  " + shown + "\n  " + std::string(display_width(before), ' ') + '^';
  return out;
}

}  // namespace crm
