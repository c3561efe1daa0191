#include "process/process.h"

#include <algorithm>

namespace crm {

void CustomField::bind() {
  choices.clear();
  choices.reserve(choice_names.size());
  for (std::size_t i = 0; i < choice_names.size(); ++i) {
    choices.push_back({choice_names[i], {choice_labels_en[i], choice_labels_zh[i]}});
  }
  field.name = name;
  field.label = {label_en, label_zh};
  field.help = {help_en, help_zh};
  field.column = column;
  field.choices = choices;
  field.initial = default_value;
  field.mask = mask;
  field.check = check;
  field.custom = true;
}

const Stage* Process::find_stage(Kind kind, std::string_view stage) const {
  const std::size_t at = stage_position(kind, stage);
  return at == std::string_view::npos ? nullptr : &stages_of(kind)[at];
}

std::size_t Process::stage_position(Kind kind, std::string_view stage) const {
  const std::vector<Stage>& all = stages_of(kind);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].name == stage) return i;
  }
  return std::string_view::npos;
}

std::vector<std::string> Process::stage_names(Kind kind) const {
  std::vector<std::string> names;
  for (const Stage& stage : stages_of(kind)) names.push_back(stage.name);
  return names;
}

const Role* Process::find_role(std::string_view role) const {
  const auto found =
      std::find_if(roles.begin(), roles.end(), [&](const Role& one) { return one.name == role; });
  return found == roles.end() ? nullptr : &*found;
}

const MessageTemplate* Process::find_template(std::string_view template_name) const {
  const auto found = std::find_if(templates.begin(), templates.end(),
                                  [&](const MessageTemplate& one) { return one.name == template_name; });
  return found == templates.end() ? nullptr : &*found;
}

KindView Process::view(Kind kind) const {
  std::vector<const Field*> fields;
  for (const CustomField& custom : custom_fields[static_cast<std::size_t>(kind)])
    fields.push_back(&custom.field);
  return {crm::entity(kind), fields};
}

}  // namespace crm
