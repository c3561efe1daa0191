// A company's process as plain, checked data: what a workflow file says, in the form that ordinary commands
// load.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crm/kind.h"
#include "crm/time.h"

namespace crm {

enum class Outcome : std::uint8_t { none, won, lost };

struct Stage {
  std::string name;
  std::string label_en;  // empty: the name
  std::string label_zh;
  Outcome outcome = Outcome::none;
  std::vector<std::string> required_fields;  // `requires`: what a record must have to come in
  std::vector<std::string>
      from;  // stages it may be reached from; empty: every earlier one without an outcome
  bool from_any = false;
  std::optional<int> probability;  // per cent
  std::string within;              // dwell limit as written; empty: none
};

struct Validation {
  Kind kind{};
  std::string check;    // an expression that must not be false
  std::string message;  // what the user is told
  int line = 0;         // of the file
};

struct MessageTemplate {
  std::string name;
  std::string subject;
  std::string body;
};

struct Reminder {
  std::string name;
  Kind kind{};
  std::string when;          // an expression
  std::string to = "owner";  // owner, manager, team-lead, or a user's name
  std::string every;         // "day at 09:00", as written
  std::string channel;       // empty: any
  std::string template_name;
  std::string escalate_after;  // a duration; empty: never
  std::string escalate_to;
  int line = 0;
};

// A custom field owns its text; `field` points into it.
struct CustomField {
  std::string name, label_en, label_zh, help_en, help_zh, column, default_value;
  std::vector<std::string> choice_names, choice_labels_en, choice_labels_zh;
  std::vector<Choice> choices;
  Field field;
  // Makes the texts of `field`, and `choices`, point at this object's own. The type, the target and the flags
  // of `field` are set by whoever fills it in. Call it last; the object must not move afterwards.
  void bind();
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
  // By kind number.
  std::array<std::vector<Stage>, 8> stages;
  std::array<std::deque<CustomField>, 8> custom_fields;
  std::vector<Validation> validations;
  std::vector<Reminder> reminders;
  std::vector<MessageTemplate> templates;

  const std::vector<Stage>& stages_of(Kind kind) const { return stages[static_cast<std::size_t>(kind)]; }
  const Stage* find_stage(Kind kind, std::string_view stage) const;
  // Its place in the file's order, or npos.
  std::size_t stage_position(Kind kind, std::string_view stage) const;
  std::vector<std::string> stage_names(Kind kind) const;
  const MessageTemplate* find_template(std::string_view template_name) const;
  // The kind with its custom fields. Valid as long as the process.
  KindView view(Kind kind) const;
};

// The stored form: JSON. Every command reads it at its start. from_compiled throws Error{failed} for a text
// that compile() did not make.
std::string compile(const Process& process);
std::unique_ptr<Process> from_compiled(std::string_view json);

}  // namespace crm
