// The parts of a workflow file. Each function reads one of its keys into the process and reports what is
// wrong there.
#pragma once

#include <array>

#include "base/document.h"
#include "crm/kind.h"
#include "process/process.h"
#include "workflow/faults.h"

namespace crm {

struct Reading {
  Process& process;
  Faults& faults;
  // By kind number: its fields could not all be read, so that an expression on them proves nothing.
  ByKind<bool> fields_in_doubt{};
};

void read_fields(const Node& node, Reading& reading);
// After the fields.
void read_stages(const Node& node, Reading& reading);
// After fields and stages.
void read_validations(const Node& node, Reading& reading);
void read_templates(const Node& node, Reading& reading);
// `templates` is the value of that key, or null. After fields, stages and templates.
void read_reminders(const Node& node, const Node* templates, Reading& reading);

// The kind of that name, or null and a report.
const Entity* read_kind(const Node& name, Reading& reading);

// Who stands behind an expression: a command with a user and a record before it, or a schedule.
enum class ExpressionUse { validation, schedule };
// Reports what is wrong with an expression on records of that kind.
void check_condition(const Node& expression, Kind kind, ExpressionUse use, Reading& reading);

}  // namespace crm
