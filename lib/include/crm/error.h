// The one type of exception that crosses the library's border, and the faults found in a user's file.
#pragma once

#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "crm/export.h"

namespace crm {

// The value of each code is the exit code of the program for it, stable for ever.
enum class ErrorCode {
  failed = 1,
  usage = 2,
  not_found = 3,
  invalid = 4,
  not_permitted = 5,
  conflict = 6,
  partly_done = 7,
  waiting = 8,
  check_failed = 9,
  io = 74,
  busy = 75,
  schema_version = 78,
};

// The word for a code in JSON errors: "validation" for invalid, "not-found" for not_found, …
CRM_API const char* name(ErrorCode code) noexcept;

// A place in a text that a user wrote. Lines and columns count from 1, columns in characters; 0 means
// unknown.
struct Location {
  std::string file;  // as the user named it; "-" for standard input, empty for an argument
  int line = 0;
  int column = 0;
};

// One fault in a user's file or expression. `line_text` is the line it lies in, for the caret.
struct Problem {
  Location location;
  std::string message;  // lower case, quotes the subject, no final full stop
  std::string hint;     // what to do; may be empty
  std::string line_text;
};

// Thrown for everything that stops an operation. `what()` is the message: lower case, one line, without a
// final full stop; never SQL or a C++ type. The hint says what to do next and may be empty.
class CRM_API Error : public std::exception {
 public:
  Error(ErrorCode code, std::string message, std::string hint = {});

  const char* what() const noexcept override { return message_.c_str(); }
  ErrorCode code() const noexcept { return code_; }
  const std::string& message() const noexcept { return message_; }
  const std::string& hint() const noexcept { return hint_; }
  const std::string& field() const noexcept { return field_; }    // the field at fault, or empty
  const std::string& record() const noexcept { return record_; }  // the record at fault ("lead/42"), or empty
  const std::vector<Problem>& problems() const noexcept { return problems_; }

  Error& about_field(std::string field) &;
  Error&& about_field(std::string field) &&;
  Error& about_record(std::string record) &;
  Error&& about_record(std::string record) &&;
  Error& with_problems(std::vector<Problem> problems) &;
  Error&& with_problems(std::vector<Problem> problems) &&;

 private:
  ErrorCode code_;
  std::string message_;
  std::string hint_;
  std::string field_;
  std::string record_;
  std::vector<Problem> problems_;
};

// "file:line:column: message", then (when the line is known) the line and a caret under the column, the
// caret placed by display width. `with_source` false gives the first line only, for pipes.
CRM_API std::string describe(const Problem& problem, bool with_source);

}  // namespace crm
