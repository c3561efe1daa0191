// The fields of a kind as options: --next-contact for next_contact.
#pragma once

#include <crm/kind.h>
#include <crm/records.h>

#include <string>
#include <vector>

#include "app/context.h"
#include "parse/arguments.h"
#include "spec/command_spec.h"

namespace crm::cmd {

// An option for each field that users may set, and --field for all of them.
std::vector<OptionSpec> field_options(const Entity& kind);
// The options of the active workflow's fields of the spec's kind; none where the database cannot be opened.
std::vector<OptionSpec> custom_field_options(Context& context, const CommandSpec& spec);

// The fields that the options set, --field NAME=VALUE among them. Throws Error{usage} for a --field without
// '='.
std::vector<FieldText> field_texts(const Arguments& arguments);

}  // namespace crm::cmd
