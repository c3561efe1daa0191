#include <algorithm>
#include <string>

#include "base/text.h"
#include "crm/time.h"
#include "outbox/digest_names.h"
#include "outbox/send_hours.h"
#include "outbox/template.h"
#include "process/schedule.h"
#include "workflow/map_reader.h"
#include "workflow/sections.h"

namespace crm {
namespace {

constexpr std::size_t kMaxReminders = 100;

bool is_among(std::span<const std::string_view> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Holds the names in a reminder's template against what a digest of that kind has.
class DigestNames {
 public:
  DigestNames(const Node& scalar, const KindView& view, Faults& faults)
      : scalar_(scalar), view_(view), faults_(faults) {}

  void check(const std::vector<Template::Part>& parts, bool in_rows) {
    for (const Template::Part& part : parts) {
      const bool each = part.kind == Template::PartKind::each;
      if (part.kind == Template::PartKind::text) continue;
      if (each && part.text != digest::kRows) {
        fault(part, "unknown list " + quoted(part.text), "did you mean 'rows'?");
      } else if (part.kind == Template::PartKind::value && part.text == digest::kRows) {
        fault(part, "'rows' is a list", "write {{#each rows}} … {{/each}}");
      } else if (part.text != digest::kRows && !is_text(part.text, in_rows)) {
        fault(part, "unknown name " + quoted(part.text), nearest_hint(part.text, names(in_rows)));
      }
      check(part.parts, in_rows || each);
      check(part.otherwise, in_rows);
    }
  }

 private:
  bool is_text(std::string_view name, bool in_rows) const {
    return is_among(digest::kNames, name) ||
           (in_rows && (is_among(digest::kRowNames, name) || view_.find(name) != nullptr));
  }

  std::vector<std::string> names(bool in_rows) const {
    std::vector<std::string> names = to_strings(digest::kNames);
    if (!in_rows) return names;
    names.insert(names.end(), std::begin(digest::kRowNames), std::end(digest::kRowNames));
    for (const Field* field : view_.fields()) names.emplace_back(field->name);
    return names;
  }

  void fault(const Template::Part& part, std::string message, std::string hint) {
    faults_.add_within(scalar_, part.offset, std::move(message), std::move(hint));
  }

  const Node& scalar_;
  const KindView& view_;
  Faults& faults_;
};

void read_template_name(const MapReader& map, const Node* templates, const Entity* kind, Reminder& reminder,
                        Reading& reading) {
  const auto name = map.required_text("template");
  if (!name) return;
  const Node* message = templates == nullptr ? nullptr : templates->find(*name);
  reminder.template_name = *name;
  if (message == nullptr) {
    std::vector<std::string> known;
    for (const MessageTemplate& one : reading.process.templates) known.push_back(one.name);
    reading.faults.add(*map.find("template"), "unknown template " + quoted(*name),
                       known.empty() ? "write it under 'templates'" : nearest_hint(*name, known));
  } else if (kind != nullptr) {
    check_digest(*message, kind->kind, reading);
  }
}

void read_escalation(const MapReader& map, Reminder& reminder, Reading& reading) {
  const Node* node = map.find("escalate");
  if (node == nullptr) return;
  const MapReader escalation(*node, workflow_keys::kEscalation, "'escalate'", reading.faults);
  const auto after = escalation.required_text("after");
  reminder.escalate_to = escalation.required_text("to").value_or("");
  if (!after) return;
  if (!parse_duration(*after)) {
    reading.faults.add(*escalation.find("after"), quoted(*after) + " is no length of time",
                       "write 30m, 48h, 2d or 1w");
  }
  reminder.escalate_after = *after;
}

void read_reminder_hours(const MapReader& map, Reminder& reminder, Reading& reading) {
  const auto hours = map.text("hours");
  if (!hours) return;
  if (!SendHours::parse(*hours)) {
    reading.faults.add(*map.find("hours"), quoted(*hours) + " are no hours",
                       "write " + std::string(kSendHoursForms));
  }
  reminder.hours = *hours;
}

const Entity* read_reminder_kind(const MapReader& map, Reading& reading) {
  const Node* node = map.require("for");
  const Entity* kind = node == nullptr ? nullptr : read_kind(*node, reading);
  if (kind == nullptr) return nullptr;
  return check_owned(*node, *kind, "nobody could be reminded of it", reading) ? kind : nullptr;
}

void read_reminder_name(const MapReader& map, Reminder& reminder, Reading& reading) {
  const auto name = map.required_text("name");
  if (!name) return;
  const Node& node = *map.find("name");
  const std::vector<Reminder>& earlier = reading.process.reminders;
  const auto same = [&](const Reminder& other) { return other.name == *name; };
  if (check_name(node, '-', reading.faults) && std::any_of(earlier.begin(), earlier.end(), same)) {
    reading.faults.add(node, "the reminder " + quoted(*name) + " occurs twice");
  }
  reminder.name = *name;
}

std::string read_template_text(const MapReader& map, std::string_view key, bool required, Reading& reading) {
  const auto text = required ? map.required_text(key) : map.text(key);
  if (!text) return {};
  Template parsed;
  if (const auto fault = Template::parse(*text, parsed)) {
    reading.faults.add_within(*map.find(key), fault->offset, fault->message, fault->hint);
  }
  return *text;
}

}  // namespace

void check_digest(const Node& message, Kind kind, Reading& reading) {
  const KindView view = reading.process.view(kind);
  for (const std::string_view key : workflow_keys::kTemplateNames) {
    const Node* text = message.find(key);
    Template parsed;
    if (text == nullptr || Template::parse(text->text, parsed)) continue;
    DigestNames(*text, view, reading.faults).check(parsed.parts(), false);
  }
}

void read_reminders(const Node& node, const Node* templates, Reading& reading) {
  const std::span<const Node> items = items_of(node, "'reminders'", reading.faults);
  if (items.size() > kMaxReminders) {
    reading.faults.add(items[kMaxReminders], "more than " + std::to_string(kMaxReminders) + " reminders");
  }
  for (const Node& item : items.first(std::min(items.size(), kMaxReminders))) {
    Reminder reminder;
    reminder.line = item.line;
    const MapReader map(item, workflow_keys::kReminder, "a reminder", reading.faults);
    read_reminder_name(map, reminder, reading);
    const Entity* kind = read_reminder_kind(map, reading);
    if (kind != nullptr) reminder.kind = kind->kind;
    if (const auto when = map.required_text("when")) {
      reminder.when = *when;
      if (kind != nullptr) check_condition(*map.find("when"), kind->kind, ExpressionUse::schedule, reading);
    }
    if (const auto to = map.text("to")) reminder.to = *to;
    if (const auto every = map.required_text("every")) {
      reminder.every = *every;
      if (!parse_schedule(*every)) {
        reading.faults.add(*map.find("every"), quoted(*every) + " is no schedule",
                           "write " + std::string(kScheduleForms));
      }
    }
    read_reminder_hours(map, reminder, reading);
    reminder.channel = map.text("channel").value_or("");
    read_template_name(map, templates, kind, reminder, reading);
    read_escalation(map, reminder, reading);
    reading.process.reminders.push_back(std::move(reminder));
  }
}

void read_templates(const Node& node, Reading& reading) {
  for (const auto& [name, value] : entries_of(node, "'templates'", reading.faults)) {
    check_name(name, '-', reading.faults);
    const MapReader map(value, workflow_keys::kTemplate, "a template", reading.faults);
    reading.process.templates.push_back({name.text, read_template_text(map, "subject", true, reading),
                                         read_template_text(map, "body", true, reading),
                                         read_template_text(map, "html", false, reading)});
  }
}

}  // namespace crm
