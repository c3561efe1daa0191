// The workflow at work: what is due, what rules did and why they did not, what a workflow file would do.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crm/error.h"
#include "crm/export.h"
#include "crm/records.h"
#include "crm/session.h"
#include "crm/table.h"

namespace crm {

struct RunOptions {
  std::chrono::seconds wait{0};  // for another run to end
};

struct WorkflowRun {
  std::int64_t done = 0;                     // things that were due
  std::vector<std::string> lines;            // what was done, in words, in order
  std::vector<std::string> failures;         // what could not be done and why; the rest was
  std::vector<std::string> without_address;  // people who have messages waiting and no address, each once
};

// Does all that is due at the session's now: limits of stages and clocks that have run out, scheduled rules,
// reminders, approvals whose deadline has passed. Each thing is done for its planned time and once, however
// often and by however many it is run; after an outage a schedule runs once. Error{busy} while another run is
// at work, after waiting for so long. A dry run does and keeps nothing, but tells what it would do.
CRM_API WorkflowRun run_workflow(Session& session, const RunOptions& options = {});
// Whether another process is at it.
CRM_API bool is_workflow_running(Session& session);
// When something is due next, at or before `until`; nothing where nothing is.
CRM_API std::optional<Moment> next_due(Session& session, Moment until);

struct RuleRunQuery {
  std::string rule;                // empty: of all
  std::optional<RecordId> record;  // nothing: of all
  std::optional<std::int64_t> limit;
};
// Newest first: id, at, rule, record, cause, outcome (acted, not, failed), detail, change.
CRM_API void list_rule_runs(Session& session, const RuleRunQuery& query, RowSink& sink);

// Why the record is where it is, as rows of part, name, outcome, at, detail: how it was assigned, which rules
// ran, which did not and on which condition, what comes next and when. Error{not_found}.
CRM_API void explain(Session& session, RecordId record, RowSink& sink);

struct SimulateOptions {
  Kind kind{};
  Selection selection;  // which records
};
// What a workflow file would do to today's records, as rows of section, name, line, records, first, last,
// detail: checks they would fail, rows of tables they come under, rules whose conditions hold, scheduled
// rules that would act at their next run, limits that have passed. Nothing is changed, though the database is
// held while it looks. Error{invalid} with all problems of the file.
CRM_API void simulate_workflow(Session& session, std::string_view text, const std::string& file,
                               const SimulateOptions& options, RowSink& sink);

// The stages and rules as a picture, with the records in each stage and the moves made so far: of the file of
// that text, or (none) of the workflow in force. Formats: dot, mermaid, svg; Error{usage} for another one.
CRM_API std::string draw_workflow(Session& session, const std::optional<std::string>& text,
                                  const std::string& file, std::string_view format);

}  // namespace crm
