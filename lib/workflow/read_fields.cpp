#include <algorithm>
#include <set>
#include <string>

#include "base/mask.h"
#include "base/money.h"
#include "base/text.h"
#include "base/value_check.h"
#include "crm/time.h"
#include "filter/parse.h"
#include "workflow/map_reader.h"
#include "workflow/sections.h"

namespace crm {
namespace {

// What was once said or done of another record: nothing refers to it.
bool is_statement(Kind kind) {
  return kind == Kind::stage_change || kind == Kind::consent;
}

// A table of SQLite takes 2,000 columns; a list of them is read by people.
constexpr std::size_t kMaxFields = 200;
constexpr std::size_t kMostChoices = 1000;

FieldType field_type(std::string_view word) {
  if (word == "note") return FieldType::note;
  if (word == "integer") return FieldType::integer;
  if (word == "boolean") return FieldType::boolean;
  if (word == "money") return FieldType::money;
  if (word == "date") return FieldType::date;
  if (word == "moment") return FieldType::moment;
  if (word == "choice") return FieldType::choice;
  if (word == "phone") return FieldType::phone;
  if (word == "email") return FieldType::email;
  if (word == "reference") return FieldType::reference;
  return FieldType::text;
}

void check_field_name(const Node& name, const Entity& kind, Reading& reading) {
  if (!check_name(name, '_', reading.faults)) return;
  const auto builtin = [&](std::string_view word) {
    return std::any_of(kind.fields.begin(), kind.fields.end(),
                       [&](const Field& field) { return field.name == word; });
  };
  if (builtin(name.text)) {
    reading.faults.add(name,
                       "the " + std::string(kind.label.en) + " has a built-in field " + quoted(name.text),
                       "use that one, or choose another name");
  } else if (is_reserved_word(name.text)) {
    reading.faults.add(name, quoted(name.text) + " is a word of the expression language",
                       "choose another name");
  }
}

void read_choices(const MapReader& map, CustomField& custom, Reading& reading) {
  const Node* choices = map.require("choices");
  if (choices == nullptr) return;
  std::set<std::string> seen;
  for (const Node& item : items_of(*choices, "'choices'", reading.faults)) {
    std::optional<std::string> name;
    LabelTexts label;
    if (item.kind == Node::Kind::map) {
      const MapReader choice(item, workflow_keys::kChoice, "a choice", reading.faults);
      name = choice.required_text("name");
      label = choice.label("label");
    } else {
      name = scalar_text(item, "a choice", reading.faults);
    }
    if (!name) continue;
    if (seen.size() == kMostChoices) {
      reading.faults.add(item, "more than " + std::to_string(kMostChoices) + " choices",
                         "make it a field of type 'text', or a reference");
      return;
    }
    if (!seen.insert(folded(*name)).second) {
      reading.faults.add(item, "the choice " + quoted(*name) + " occurs twice");
      continue;
    }
    custom.choice_labels_en.push_back(label.en.empty() ? *name : label.en);
    custom.choice_labels_zh.push_back(label.zh.empty() ? *name : label.zh);
    custom.choice_names.push_back(*std::move(name));
  }
}

// Whether a default can be read as the field's type.
bool is_value(const std::string& text, const CustomField& custom, const Process& process) {
  switch (custom.field.type) {
    case FieldType::integer:
      return parse_decimal(text, 0).has_value();
    case FieldType::boolean:
      return text == "true" || text == "false";
    case FieldType::money:
      return parse_money(text, process.currency.empty() ? "CNY" : process.currency).has_value();
    case FieldType::date:
      return parse_iso_date(text).has_value();
    case FieldType::email:
      return is_email(text);
    case FieldType::choice:
      return std::find(custom.choice_names.begin(), custom.choice_names.end(), text) !=
             custom.choice_names.end();
    default:
      return true;
  }
}

void read_default(const MapReader& map, std::string_view type, CustomField& custom, Reading& reading) {
  const std::optional<std::string> text = map.text("default");
  if (!text) return;
  const Node& node = *map.find("default");
  if (custom.field.type == FieldType::reference || custom.field.type == FieldType::moment) {
    reading.faults.add(node, "a field of type " + quoted(type) + " takes no default");
  } else if (custom.field.type == FieldType::choice && !is_value(*text, custom, reading.process)) {
    reading.faults.add(node, "the default " + quoted(*text) + " is none of the choices",
                       nearest_hint(*text, custom.choice_names));
  } else if (!is_value(*text, custom, reading.process)) {
    reading.faults.add(node, "the default " + quoted(*text) + " is no value of type " + quoted(type));
  }
  custom.default_value = *text;
}

// What only one type of field has.
void read_type_details(const MapReader& map, std::string_view type, CustomField& custom, Reading& reading) {
  if (custom.field.type == FieldType::choice) {
    read_choices(map, custom, reading);
  } else if (const Node* choices = map.find("choices")) {
    reading.faults.add(*choices, "a field of type " + quoted(type) + " has no choices",
                       "give it 'type: choice'");
  }
  if (custom.field.type == FieldType::reference) {
    const Node* target = map.require("to");
    const Entity* kind = target == nullptr ? nullptr : read_kind(*target, reading);
    if (kind != nullptr) custom.field.target = kind->kind;
    if (kind != nullptr && is_statement(kind->kind))
      reading.faults.add(*target, "a field cannot refer to a " + std::string(kind->label.en));
  } else if (const Node* target = map.find("to")) {
    reading.faults.add(*target, "a field of type " + quoted(type) + " refers to nothing",
                       "give it 'type: reference'");
  }
}

void read_mask_and_check(const MapReader& map, CustomField& custom, Reading& reading) {
  custom.mask = map.word("mask", mask_names()).value_or("");
  if (!custom.mask.empty() && !custom.field.sensitive)
    reading.faults.add(*map.find("mask"), "only a sensitive field is masked", "add 'sensitive: true'");
  custom.check = map.word("check", value_check_names()).value_or("");
  if (!custom.check.empty() && custom.field.type != FieldType::text)
    reading.faults.add(*map.find("check"), "only a field of type 'text' is checked so",
                       "give it 'type: text'");
  if (!custom.check.empty() && !custom.default_value.empty() &&
      !passes_value_check(custom.default_value, custom.check))
    reading.faults.add(*map.find("default"),
                       "the default " + quoted(custom.default_value) + " is no " + custom.check);
}

void read_field(const Node& name, const Node& value, const Entity& kind, Reading& reading) {
  check_field_name(name, kind, reading);
  CustomField& custom = reading.process.custom_fields[static_cast<std::size_t>(kind.kind)].emplace_back();
  custom.name = name.text;
  custom.column = "x_" + name.text;
  const MapReader map(value, workflow_keys::kField, "a field", reading.faults);
  const LabelTexts label = map.label("label");
  const LabelTexts help = map.label("help");
  custom.label_en = label.en.empty() ? name.text : label.en;
  custom.label_zh = label.zh.empty() ? custom.label_en : label.zh;
  custom.help_en = help.en;
  custom.help_zh = help.zh.empty() ? help.en : help.zh;
  custom.field.sensitive = map.boolean("sensitive");
  custom.field.searchable = map.boolean("searchable");
  custom.field.listed = map.boolean("listed");
  if (custom.field.sensitive && custom.field.searchable) {
    reading.faults.add(*map.find("searchable"), "a sensitive field is kept out of the search text",
                       "leave 'searchable' out");
  }
  map.require("type");
  const std::optional<std::string> type = map.word("type", workflow_keys::kFieldTypes);
  if (!type) return;
  custom.field.type = field_type(*type);
  read_type_details(map, *type, custom, reading);
  read_default(map, *type, custom, reading);
  read_mask_and_check(map, custom, reading);
}

}  // namespace

void read_fields(const Node& node, Reading& reading) {
  for (const auto& [kind_name, fields] : entries_of(node, "'fields'", reading.faults)) {
    const Entity* kind = read_kind(kind_name, reading);
    if (kind == nullptr) continue;
    auto& in_doubt = reading.fields_in_doubt[slot(kind->kind)];
    if (is_statement(kind->kind)) {
      reading.faults.add(kind_name, "a " + std::string(kind->label.en) + " takes no custom fields");
      continue;
    }
    const auto entries = entries_of(fields, quoted(kind_name.text), reading.faults);
    if (entries.size() > kMaxFields) {
      reading.faults.add(entries[kMaxFields].key,
                         "more than " + std::to_string(kMaxFields) + " custom fields of one kind");
      for (const auto& entry : entries.subspan(kMaxFields)) in_doubt.insert(entry.key.text);
    }
    for (const auto& [name, value] : entries.first(std::min(entries.size(), kMaxFields))) {
      const std::size_t faults_before = reading.faults.count();
      read_field(name, value, *kind, reading);
      if (reading.faults.count() > faults_before) in_doubt.insert(name.text);
    }
    for (CustomField& custom : reading.process.custom_fields[slot(kind->kind)]) custom.bind();
  }
}

}  // namespace crm
