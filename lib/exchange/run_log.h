// The numbered run that an import is: noted before its first row, settled with its last.
#pragma once

#include <cstdint>
#include <future>
#include <optional>
#include <string>

#include "crm/exchange.h"
#include "exchange/former_rows.h"
#include "records/undone.h"

namespace crm {

// SQL: whether the run `r` of import_run is taken back, at least in part: by 'crm import undo' or as a change
// of the log.
inline std::string run_is_undone_sql() {
  return is_undone_sql("r.change", "SELECT i.change FROM import_undo i WHERE i.run = r.id");
}

// SQL: " AND " and that the acting user may know of the run `r` of import_run, as of what the log tells of
// it: its actor is $3. Empty for those who see all.
std::string shown_runs(Session& session);
// Whether there is such a run, and the acting user may know of it.
bool may_see_run(Session& session, std::int64_t run);

class RunLog {
 public:
  // Notes that the import begins. A dry run is noted nowhere. Throws Error{usage} for a --resume of the
  // standard input.
  RunLog(Session& session, Kind kind, const std::string& path, const ImportOptions& options);
  RunLog(const RunLog&) = delete;
  RunLog& operator=(const RunLog&) = delete;

  // What the finished import of the same bytes did, where --resume asks for no more.
  const std::optional<ImportResult>& finished() const { return finished_; }

  // 0 where there is none.
  std::int64_t run() const { return run_; }
  // Inside the import's Write, before its first record and after its last.
  void begin();
  void finish(ImportResult& result);
  // Its rows have the numbers of the database they come from, which --source may have named.
  void note_own_export(const std::string& source);
  // The events of the imports of the same bytes that are in force and added records, in their order.
  std::vector<FormerRows::Events> former();
  // After the Write, which was not kept.
  void fail() noexcept;

 private:
  bool take_up();
  void note_start();
  const std::string& digest();

  Session& session_;
  Kind kind_;
  std::string path_;
  bool resume_;
  std::int64_t run_ = 0;
  std::int64_t first_event_ = 0;
  std::future<std::string> digesting_;  // reads the file beside the import
  std::string digest_;
  std::optional<ImportResult> finished_;
};

}  // namespace crm
