// The parts of a workflow file. Each function reads one of its keys into the process and reports what is
// wrong there.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "base/document.h"
#include "crm/kind.h"
#include "process/process.h"
#include "workflow/faults.h"
#include "workflow/implication.h"

namespace crm {

struct Reading {
  Process& process;
  Faults& faults;
  // By kind: the fields that could not be read whole, so that what is said of them proves nothing.
  ByKind<std::set<std::string, std::less<>>> fields_in_doubt{};
  ComparingEffort comparing{};

  bool is_in_doubt(Kind kind, std::string_view field) const {
    return fields_in_doubt[slot(kind)].count(field) > 0;
  }
};

void read_calendar(const Node& node, Reading& reading);
void read_fields(const Node& node, Reading& reading);
// After the fields.
void read_stages(const Node& node, Reading& reading);
// After fields and stages.
void read_validations(const Node& node, Reading& reading);
void read_assignments(const Node& node, Reading& reading);
void read_scores(const Node& node, Reading& reading);
void read_levels(const Node& node, Reading& reading);
void read_roles(const Node& node, Reading& reading);
void read_dedupe(const Node& node, Reading& reading);
void read_templates(const Node& node, Reading& reading);
// `templates` is the value of that key, or null. After fields, stages and templates.
void read_reminders(const Node& node, const Node* templates, Reading& reading);

// `templates` as above.
void read_pools(const Node& node, const Node* templates, Reading& reading);
// After fields, stages, templates, reminders and approvals. `templates` as above.
void read_rules(const Node& node, const Node* templates, Reading& reading);
// After fields, stages and templates.
void read_sla(const Node& node, const Node* templates, Reading& reading);
// After fields and stages.
void read_approvals(const Node& node, Reading& reading);

// The kind of that name, or null and a report.
const Entity* read_kind(const Node& name, Reading& reading);

// Who stands behind an expression: a command with a user and a record before it, what follows from one
// (values that are worked out are known then), or a schedule.
enum class ExpressionUse { validation, event, schedule };
// Reports what is wrong with an expression on records of that kind.
void check_condition(const Node& expression, Kind kind, ExpressionUse use, Reading& reading);
// Holds the names in a message that is a digest of such records against what there is.
void check_digest(const Node& message, Kind kind, Reading& reading);
// Whether records of the kind have the field; reports it with the nearest where not.
bool check_field(const Node& name, const Entity& kind, const Reading& reading);
// Whether the kind's records have owners; reports where not, beginning with "a lead has no owner: ".
bool check_owned(const Node& at, const Entity& kind, const std::string& consequence, Reading& reading);

}  // namespace crm
