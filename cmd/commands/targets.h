// Which records a writing command is about: names, `-` for names from the standard input, or terms and
// --where.
#pragma once

#include <crm/error.h>
#include <crm/records.h>

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "app/context.h"
#include "parse/arguments.h"
#include "spec/command_spec.h"

namespace crm::cmd {

// RECORD... for a command that writes: the argument, and the options that choose many and bind a dry run to
// the real one.
ArgumentSpec records_argument();
std::vector<OptionSpec> target_options();

// A spec for a verb of one kind that takes RECORD arguments: its words, arguments, options and needs.
CommandSpec verb_on_records(Kind kind, const std::string& verb);

// What may be named beside the present records of the kind.
struct TargetRules {
  bool deleted_too = false;  // deleted ones, by number
  bool other_kinds = false;  // records of other kinds, as kind/number
  bool itself = false;       // not what a merged record's number leads to
  // Told of a name that no record, or more than one, has; throws where that ends the command.
  std::function<void(const std::string& name, const Error& error)> unresolved = {};
};

struct Targets {
  std::vector<RecordId> records;
  bool several = false;  // by the form of the command line: a condition, `-` or more than one name
};

// Call it inside the Write, so that what was chosen is what is changed. Says the digest
// of a dry run by condition and checks that of --confirm. Throws Error{usage} where nothing is named or names
// and terms are mixed, Error{conflict} where --confirm does not match.
Targets find_targets(Context& context, const Arguments& arguments, std::span<const std::string> words,
                     Kind kind, const TargetRules& rules = {});

}  // namespace crm::cmd
