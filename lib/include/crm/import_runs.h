// The imports that were made: what each did, and how to take it back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crm/export.h"
#include "crm/session.h"
#include "crm/table.h"

namespace crm {

// Newest first: id, kind, file, state (running, interrupted, failed, done, undone), started_at, finished_at,
// by, rows, added, updated, unchanged, skipped, rejected, preset, change, digest.
CRM_API void list_imports(Session& session, std::optional<std::int64_t> limit, RowSink& sink);
// The same of one. Error{not_found}.
CRM_API void show_import(Session& session, std::int64_t run, RowSink& sink);

// What the rows that the run added or updated were called, and what they are now: old, kind, id. `old` is a
// reference SOURCE/KEY, or the number of an exported row that could not keep it.
CRM_API void import_ids(Session& session, std::int64_t run, RowSink& sink);

struct UndoneImport {
  std::int64_t removed = 0;       // added by the run, and gone now
  std::int64_t restored = 0;      // updated by the run, and as they were before it
  std::vector<std::string> kept;  // "lead/7: changed since": those that the acting user sees
  std::int64_t kept_count = 0;
};
// Takes back what the run did, in one Write. A record that was changed since, or that something now hangs on,
// is kept as it is, with what the run wrote about it. Again, it takes back what was kept and no longer need
// be, if anything. Throws Error{not_found}, Error{conflict} where it never finished.
CRM_API UndoneImport undo_import(Session& session, std::int64_t run);

}  // namespace crm
