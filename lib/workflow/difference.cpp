#include "workflow/difference.h"

#include <algorithm>

#include "base/joined.h"
#include "base/text.h"
#include "workflow/difference_rules.h"
#include "workflow/difference_tables.h"
#include "workflow/difference_words.h"

namespace crm {
namespace {

// A property of something that both processes have, as it is written.
struct Property {
  std::string_view name;
  std::string before;
  std::string after;
};

// "'within' is now '8h', was none, 'requires' is now …"; empty where nothing differs.
std::string changed(const std::vector<Property>& properties) {
  std::string text;
  for (const Property& one : properties) {
    if (one.before == one.after) continue;
    text += (text.empty() ? "" : ", ") + std::string(one.name) + " is now " + shown(one.after) + ", was " +
            shown(one.before);
  }
  return text;
}

std::string outcome_name(Outcome outcome) {
  switch (outcome) {
    case Outcome::won:
      return "won";
    case Outcome::lost:
      return "lost";
    case Outcome::none:
      break;
  }
  return "";
}

std::string type_name(const Field& field) {
  switch (field.type) {
    case FieldType::note:
      return "note";
    case FieldType::integer:
      return "integer";
    case FieldType::boolean:
      return "boolean";
    case FieldType::money:
      return "money";
    case FieldType::date:
      return "date";
    case FieldType::moment:
      return "moment";
    case FieldType::choice:
      return "choice";
    case FieldType::phone:
      return "phone";
    case FieldType::email:
      return "email";
    case FieldType::reference:
      return "reference to " + std::string(entity(field.target).name);
    default:
      return "text";
  }
}

std::string yes(bool value) {
  return value ? "true" : "";
}

std::vector<Property> properties(const Stage& a, const Stage& b) {
  const auto from = [](const Stage& stage) { return stage.from_any ? "any" : joined(stage.from); };
  const auto probability = [](const Stage& stage) {
    return stage.probability ? std::to_string(*stage.probability) : std::string();
  };
  return {{"the outcome", outcome_name(a.outcome), outcome_name(b.outcome)},
          {"'requires'", joined(a.required_fields), joined(b.required_fields)},
          {"'from'", from(a), from(b)},
          {"'within'", a.within, b.within},
          {"the probability", probability(a), probability(b)},
          {"the English label", a.label_en, b.label_en},
          {"the Chinese label", a.label_zh, b.label_zh}};
}

std::vector<Property> properties(const CustomField& a, const CustomField& b) {
  // Other choices have other labels: that goes without saying.
  const bool same_choices = a.choice_names == b.choice_names;
  const auto labels = [&](const std::vector<std::string>& texts) {
    return same_choices ? joined(texts) : std::string();
  };
  return {{"the type", type_name(a.field), type_name(b.field)},
          {"the list of choices", joined(a.choice_names), joined(b.choice_names)},
          {"the default", a.default_value, b.default_value},
          {"the mask", a.mask, b.mask},
          {"'check'", a.check, b.check},
          {"'sensitive'", yes(a.field.sensitive), yes(b.field.sensitive)},
          {"'searchable'", yes(a.field.searchable), yes(b.field.searchable)},
          {"'listed'", yes(a.field.listed), yes(b.field.listed)},
          {"the English label", a.label_en, b.label_en},
          {"the Chinese label", a.label_zh, b.label_zh},
          {"the English help", a.help_en, b.help_en},
          {"the Chinese help", a.help_zh, b.help_zh},
          {"the English labels of the choices", labels(a.choice_labels_en), labels(b.choice_labels_en)},
          {"the Chinese labels of the choices", labels(a.choice_labels_zh), labels(b.choice_labels_zh)}};
}

std::vector<Property> properties(const Reminder& a, const Reminder& b) {
  return {{"'for'", std::string(entity(a.kind).name), std::string(entity(b.kind).name)},
          {"'when'", a.when, b.when},
          {"'to'", a.to, b.to},
          {"'every'", a.every, b.every},
          {"'hours'", a.hours, b.hours},
          {"the channel", a.channel, b.channel},
          {"the template", a.template_name, b.template_name},
          {"'escalate: after'", a.escalate_after, b.escalate_after},
          {"'escalate: to'", a.escalate_to, b.escalate_to}};
}

// The texts are long: only that they differ is told.
std::string what_differs(const MessageTemplate& a, const MessageTemplate& b) {
  std::string parts;
  int count = 0;
  const std::pair<const char*, bool> texts[] = {{"the subject", a.subject != b.subject},
                                                {"the body", a.body != b.body},
                                                {"the HTML", a.html != b.html}};
  for (const auto& [name, differs] : texts) {
    if (!differs) continue;
    parts += (count++ == 0 ? "" : " and ") + std::string(name);
  }
  return count == 0 ? "" : parts + (count == 1 ? " is another" : " are others");
}

template <typename Item>
std::string what_differs(const Item& a, const Item& b) {
  return changed(properties(a, b));
}

template <typename Items>
auto find_named(const Items& items, const std::string& name) {
  return std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.name == name; });
}

// Added, removed and changed items of a list whose items have names.
template <typename Items>
void compare_named(const Items& before, const Items& after, const std::string& what,
                   std::vector<std::string>& lines) {
  const auto add = [&](const std::string& name, std::string_view words) {
    lines.push_back(what + ' ' + quoted(name));
    lines.back() += words;
  };
  for (const auto& item : after) {
    const auto old = find_named(before, item.name);
    if (old == before.end()) {
      add(item.name, " is new");
    } else if (const std::string difference = what_differs(*old, item); !difference.empty()) {
      add(item.name, ": " + difference);
    }
  }
  for (const auto& item : before) {
    if (find_named(after, item.name) == after.end()) add(item.name, " is gone");
  }
}

// Whether the stages that both have come in another order.
bool is_reordered(const Process& before, const Process& after, Kind kind) {
  std::vector<std::string> kept;
  for (const std::string& name : before.stage_names(kind)) {
    if (after.find_stage(kind, name) != nullptr) kept.push_back(name);
  }
  std::vector<std::string> now;
  for (const std::string& name : after.stage_names(kind)) {
    if (before.find_stage(kind, name) != nullptr) now.push_back(name);
  }
  return kept != now;
}

void compare_validations(const Process& before, const Process& after, std::vector<std::string>& lines) {
  const auto has = [](const Process& process, const Validation& one) {
    return std::any_of(process.validations.begin(), process.validations.end(), [&](const Validation& other) {
      return other.kind == one.kind && other.check == one.check && other.message == one.message;
    });
  };
  const auto line = [](const Validation& one) {
    return "the check of a " + std::string(entity(one.kind).name) + ' ' + quoted(one.check) + " (" +
           one.message + ')';
  };
  for (const Validation& one : after.validations) {
    if (!has(before, one)) lines.push_back(line(one) + " is new");
  }
  for (const Validation& one : before.validations) {
    if (!has(after, one)) lines.push_back(line(one) + " is gone");
  }
}

}  // namespace

std::vector<std::string> differences(const Process& before, const Process& after) {
  std::vector<std::string> lines;
  for (const Property& one : {Property{"the name", before.name, after.name},
                              Property{"the description", before.description, after.description},
                              Property{"the time zone", before.timezone, after.timezone},
                              Property{"the country", before.country, after.country},
                              Property{"the currency", before.currency, after.currency}}) {
    if (const std::string difference = changed({one}); !difference.empty()) lines.push_back(difference);
  }
  for (const Entity& kind : entities()) {
    const auto number = static_cast<std::size_t>(kind.kind);
    compare_named(before.custom_fields[number], after.custom_fields[number],
                  std::string(kind.name) + " field", lines);
  }
  for (const Entity& kind : entities()) {
    compare_named(before.stages_of(kind.kind), after.stages_of(kind.kind), std::string(kind.name) + " stage",
                  lines);
    if (is_reordered(before, after, kind.kind)) {
      lines.push_back("the stages of a " + std::string(kind.name) +
                      " come in another order: " + joined(after.stage_names(kind.kind)));
    }
  }
  compare_validations(before, after, lines);
  compare_tables(before, after, lines);
  compare_named(before.reminders, after.reminders, "reminder", lines);
  compare_named(before.templates, after.templates, "template", lines);
  compare_rules(before, after, lines);
  return lines;
}

}  // namespace crm
