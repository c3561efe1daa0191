// A company's process as plain, checked data: what a workflow file says, in the form that ordinary commands
// load.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crm/kind.h"
#include "crm/time.h"
#include "process/approval.h"
#include "process/assignment.h"
#include "process/business_calendar.h"
#include "process/by_kind.h"
#include "process/custom_field.h"
#include "process/dedupe.h"
#include "process/pool.h"
#include "process/rating.h"
#include "process/role.h"
#include "process/rule.h"
#include "process/sla.h"
#include "process/stage.h"

namespace crm {

struct Validation {
  Kind kind{};
  std::string check;    // an expression that must not be false
  std::string message;  // what the user is told
  int line = 0;         // of the file
};

struct MessageTemplate {
  std::string name;
  std::string subject;
  std::string body;  // as plain text
  std::string html;  // the same for mail programs that show it; empty: made from the body
};

struct Reminder {
  std::string name;
  Kind kind{};
  std::string when;          // an expression
  std::string to = "owner";  // owner, manager, team-lead, or a user's name
  std::string every;         // "day at 09:00", as written
  std::string hours;    // when people may be disturbed, by their own clocks (send_hours.h); empty: always
  std::string channel;  // empty: any
  std::string template_name;
  std::string escalate_after;  // a duration; empty: never
  std::string escalate_to;
  int line = 0;
};

class Process {
 public:
  Process() = default;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  std::string name;
  std::string description;
  std::string timezone;  // empty: the database's
  std::string country;   // empty: the database's
  std::string currency;  // empty: the database's
  BusinessCalendar calendar = BusinessCalendar::standard();
  int history_days = 90;  // how long the runs of rules are kept
  ByKind<std::vector<Stage>> stages;
  ByKind<std::deque<CustomField>> custom_fields;
  std::vector<Validation> validations;
  std::vector<Reminder> reminders;
  std::vector<MessageTemplate> templates;
  ByKind<std::vector<AssignmentRow>> assignments;
  ByKind<std::vector<ScoreRow>> scores;
  ByKind<std::vector<LevelRow>> levels;
  ByKind<std::optional<PoolRules>> pools;
  ByKind<std::optional<DedupeRules>> dedupe;
  std::vector<Role> roles;  // none: everybody may do everything
  std::vector<Rule> rules;
  ByKind<std::vector<SlaRow>> sla;
  std::vector<ApprovalRule> approvals;

  const std::vector<SlaRow>& sla_of(Kind kind) const { return sla[slot(kind)]; }
  const std::vector<Stage>& stages_of(Kind kind) const { return stages[slot(kind)]; }
  const Stage* find_stage(Kind kind, std::string_view stage) const;
  // Its place in the file's order, or npos.
  std::size_t stage_position(Kind kind, std::string_view stage) const;
  std::vector<std::string> stage_names(Kind kind) const;
  const Role* find_role(std::string_view role) const;
  const MessageTemplate* find_template(std::string_view template_name) const;
  // The kind with its custom fields. Valid as long as the process.
  KindView view(Kind kind) const;
};

// The stored form: JSON. Every command reads it at its start. from_compiled throws Error{failed} for a text
// that compile() did not make.
std::string compile(const Process& process);
std::unique_ptr<Process> from_compiled(std::string_view json);
// What stage_names() of the process would give, without reading the rest. Throws like from_compiled.
std::vector<std::string> compiled_stage_names(std::string_view json, Kind kind);

}  // namespace crm
