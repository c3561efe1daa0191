#include "commands/field_options.h"

#include <crm/error.h>
#include <crm/text.h>

#include <algorithm>

#include "commands/wording.h"

namespace crm::cmd {
namespace {

std::string value_name(const Field& field) {
  switch (field.type) {
    case FieldType::integer:
      return "NUMBER";
    case FieldType::boolean:
      return "yes|no";
    case FieldType::money:
      return "AMOUNT";
    case FieldType::currency:
      return "CODE";
    case FieldType::date:
      return "DATE";
    case FieldType::moment:
      return "TIME";
    case FieldType::duration:
      return "DURATION";
    case FieldType::stage:
      return "STAGE";
    case FieldType::phone:
      return "PHONE";
    case FieldType::email:
      return "ADDRESS";
    case FieldType::tags:
      return "TAG;TAG";
    case FieldType::refs:
      return "SOURCE/KEY";
    case FieldType::record:
      return "KIND/ID";
    case FieldType::reference:
      return in_capitals(entity(field.target).name);
    case FieldType::choice:
    case FieldType::text:
    case FieldType::note:
      break;
  }
  return "TEXT";
}

Completion completion_of(const Field& field) {
  if (!field.choices.empty()) return Completion::choices;
  if (field.type == FieldType::stage) return Completion::stage;
  if (field.type != FieldType::reference) return Completion::nothing;
  if (field.target == Kind::user) return Completion::user;
  return field.target == Kind::team ? Completion::team : Completion::nothing;
}

OptionSpec option_of(const Field& field) {
  OptionSpec option{.name = std::string(field.name),
                    .help = std::string(field.help.en),
                    .value = value_name(field),
                    .type = ValueType::text};
  std::replace(option.name.begin(), option.name.end(), '_', '-');
  for (const Choice& choice : field.choices) option.choices.emplace_back(choice.name);
  option.repeated = field.type == FieldType::refs;
  option.completion = completion_of(field);
  option.field = std::string(field.name);
  option.sensitive = field.sensitive;
  return option;
}

}  // namespace

std::vector<OptionSpec> field_options(const Entity& kind) {
  std::vector<OptionSpec> options;
  for (const Field& field : kind.fields) {
    if (field.access == Access::open && !field.is_derived()) options.push_back(option_of(field));
  }
  options.push_back({.name = "field",
                     .help = "set any field, by its name in 'crm schema'",
                     .value = "NAME=VALUE",
                     .type = ValueType::text,
                     .repeated = true,
                     .completion = Completion::field});
  return options;
}

std::vector<OptionSpec> custom_field_options(Context& context, const CommandSpec& spec) {
  std::vector<OptionSpec> options;
  try {
    for (const Field* field : context.session().view(spec.kind->kind).fields()) {
      if (field->custom) options.push_back(option_of(*field));
    }
  } catch (const Error&) {
    // Without a database there are no custom fields: the option is unknown, which is what the user is told.
    return {};
  }
  return options;
}

namespace {

// A script's empty variable would add the record again at each run.
void check_reference_given(const std::string& value) {
  if (value.find_first_not_of(" \t") != std::string::npos) return;
  throw Error(ErrorCode::usage, "the reference is empty", "give --ref SOURCE/KEY, or leave it out");
}

}  // namespace

std::vector<FieldText> field_texts(const Arguments& arguments) {
  std::vector<FieldText> fields;
  for (const OptionSpec& option : arguments.spec().options) {
    if (option.field.empty()) continue;
    if (option.repeated) {
      for (const std::string& value : arguments.texts(option.name)) {
        if (option.field == "ref") check_reference_given(value);
        fields.push_back({option.field, value});
      }
    } else if (auto value = arguments.text(option.name)) {
      fields.push_back({option.field, std::move(*value)});
    }
  }
  for (const std::string& pair : arguments.texts("field")) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw Error(ErrorCode::usage, "'--field' takes NAME=VALUE, not " + crm::quoted(pair));
    }
    fields.push_back({pair.substr(0, equals), pair.substr(equals + 1)});
  }
  return fields;
}

}  // namespace crm::cmd
