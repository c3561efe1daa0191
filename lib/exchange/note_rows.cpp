#include "exchange/note_rows.h"

#include "base/text.h"
#include "crm/error.h"

namespace crm {
namespace {

std::string name_of(const std::string& file) {
  return file == "-" ? "the standard input" : quoted(file);
}

}  // namespace

std::optional<std::string> NoteRows::remark() const {
  if (passed_ == 0) return std::nullopt;
  return "passed over " + std::to_string(passed_) + (passed_ == 1 ? " row" : " rows") +
         " above the headings: " + quoted(first_);
}

void NoteRows::refuse() const {
  if (passed_ == 0) {
    throw Error(ErrorCode::invalid, name_of(file_) + " has no headings",
                "its first line must name the columns");
  }
  throw Error(ErrorCode::invalid,
              name_of(file_) + " has no headings that are known: its only column is " + quoted(first_),
              "say what it is with --map COLUMN=FIELD");
}

}  // namespace crm
