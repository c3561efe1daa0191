// What all lists of records share: conditions, order, part, columns.
#pragma once

#include <crm/records.h>

#include <string>
#include <vector>

#include "app/context.h"
#include "parse/arguments.h"
#include "spec/command_spec.h"

namespace crm::cmd {

ArgumentSpec term_argument();
std::vector<OptionSpec> list_options();
// What --where or --search says; empty where it was not given. Throws Error{invalid} for one without content,
// which chooses nothing: a script's variable that was not set must not mean all.
std::string condition_option(const Arguments& arguments, const std::string& name);
// What the arguments and options ask for, with the columns that the format shows.
ListQuery list_query(Context& context, const Arguments& arguments, Kind kind);
// Columns that a table of such records leaves out first where the terminal is narrow.
std::vector<std::string> spare_columns(Kind kind);
// Says on a terminal that the limit held rows back.
void say_more(Context& context, const ListResult& result);

}  // namespace crm::cmd
