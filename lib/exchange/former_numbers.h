// What the records are called here that an export of ours names by the numbers of the database it comes from:
// rows of earlier exports may not have kept theirs.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "records/session_state.h"
#include "records/stored_record.h"

namespace crm {

class FormerNumbers {
 public:
  // Of the file that is being imported as `run` (0: a dry run), which is one of the system `source`, where
  // that was said.
  FormerNumbers(Session& session, std::string file, std::string source)
      : session_(session), file_(std::move(file)), source_(std::move(source)) {}
  void note_in(std::int64_t run) { run_ = run; }

  // The number that the row with that number got here. Nothing where no import of an export says so: then it
  // is a number of this database. What counts are the imports of the same --source where that is given, else
  // those of files in the same folder, else all. Error{conflict} where two of them say different things.
  std::optional<std::int64_t> find(RecordId former);
  // Whether the row is of this database: it has the number and the moment of a record that is or was here. Of
  // one that came by an import it cannot be told: the other database has the same.
  enum class Native : std::uint8_t { no, perhaps, yes };
  Native is_native(const StoredRecord& row);

 private:
  // Of a row of this very file, up to now.
  std::optional<std::int64_t> find_here(RecordId former);
  std::optional<std::int64_t> look_up(RecordId former);
  bool are_any(Kind kind);

  Session& session_;
  std::string file_, source_;
  std::int64_t run_ = 0;
  ByKind<std::optional<bool>> any_{};
  std::map<std::pair<Kind, std::int64_t>, std::optional<std::int64_t>> found_;
};

}  // namespace crm
