// Workflow files: check one, put it in force, look at what was in force before.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crm/error.h"
#include "crm/export.h"
#include "crm/kind.h"
#include "crm/session.h"
#include "crm/table.h"

namespace crm {

// All that is wrong with a workflow file, in order of place; needs no database. `file` is what the places
// name.
CRM_API std::vector<Problem> check_workflow(std::string_view text, const std::string& file);
struct CheckedWorkflows {
  std::vector<Problem> problems;
  std::vector<Problem> warnings;  // what the files may say though it is hardly meant: rules that fight
  std::vector<Error> unreadable;  // Error{not_found} or Error{io} for each file that cannot be read
};
// The same for files of those names, one after the other.
CRM_API CheckedWorkflows check_workflow_files(std::span<const std::string> files);
// The text of a workflow file ("-": the standard input); what is over the size that check_workflow takes is
// left out. Error{not_found}, Error{io}.
CRM_API std::string read_workflow_file(const std::string& file);

// Where the records of a stage go that the new revision does not have.
struct StageMapping {
  std::string from;
  std::string to;
};

struct WorkflowChange {
  std::int64_t revision = 0;             // the one now in force
  bool unchanged = false;                // the file is the one in force already: nothing was stored
  std::vector<std::string> differences;  // to the one before, in words; empty where only comments differ
  std::vector<RecordId> moved;           // records whose stage was mapped
};

// Checks the file and puts it in force as a new revision; adds the columns of new custom fields and moves the
// records of mapped stages, all in one Write. A stage that is mapped to one of the same outcome is renamed:
// in the records, which stay in it as long as they were, and in their history. Throws Error{invalid} with all
// problems of the file; or where records are in a stage that is gone, which it lists; or for a field whose
// type cannot change, a person who is not known, a mapping that leads nowhere.
CRM_API WorkflowChange apply_workflow(Session& session, std::string_view text, const std::string& file,
                                      std::span<const StageMapping> mappings = {});
// Puts an earlier revision in force again, as a new one. Error{not_found}; else as apply_workflow.
CRM_API WorkflowChange roll_back_workflow(Session& session, std::int64_t revision,
                                          std::span<const StageMapping> mappings = {});

// revision, applied_at, applied_by, name, active: the latest first.
CRM_API void list_workflows(Session& session, RowSink& sink);
// The file as it was applied, comments included; the one in force where none is given. Error{not_found}.
CRM_API std::string workflow_source(Session& session, std::optional<std::int64_t> revision = std::nullopt);
// What the second has that the first has not, and the other way round, in words. Error{not_found}.
CRM_API std::vector<std::string> workflow_differences(Session& session, std::int64_t before,
                                                      std::int64_t after);

}  // namespace crm
