// What every command is called, takes and means, as data. Parsing, help, man pages and completion are all
// made from these; a command's file in commands/ says each of them once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace crm {
struct Entity;
}

namespace crm::cmd {

class Arguments;
class Context;

enum class ValueType {
  none,  // a flag
  text,
  integer,  // decimal, with an optional sign
  count,    // an integer that is not negative
  choice,   // one of `choices`
};

// What completion offers for a value.
enum class Completion { nothing, choices, file, kind, record, subject, user, team, stage, field, command };

struct OptionSpec {
  std::string name;  // long name, without the dashes
  std::string help = {};
  std::string value = {};  // what its value is called in help, such as USER; empty for a flag
  ValueType type = ValueType::none;
  std::vector<std::string> choices = {};
  char letter = 0;        // short name, or 0
  bool repeated = false;  // each use adds a value; otherwise the last one counts
  Completion completion = Completion::nothing;
  std::string environment = {};  // the variable that gives the default, for help
  std::string field = {};        // the record field that it sets, if it sets one
  bool sensitive = false;        // its value must not be kept in the change log
  bool secret_path = false;      // nor, of an address on the web, what follows the server
};

struct ArgumentSpec {
  std::string name;  // in capitals, as help shows it
  std::string help = {};
  bool required = true;
  bool repeated = false;  // takes all that is left; only the last argument
  std::vector<std::string> choices = {};
  Completion completion = Completion::nothing;
};

struct Example {
  std::string command;  // a whole command line, as typed
  std::string meaning;
};

// What a command does with the database.
enum class Needs { nothing, reading, writing };

struct CommandSpec {
  std::vector<std::string> words;  // {"lead", "assign"}
  std::string summary = {};        // one line, lower case, without a full stop
  std::string details = {};        // paragraphs separated by an empty line
  std::vector<Example> examples = {};
  std::vector<ArgumentSpec> arguments = {};
  std::vector<OptionSpec> options = {};
  Needs needs = Needs::nothing;
  const Entity* kind = nullptr;  // the kind it is about, if any
  bool field_options = false;    // the kind's custom fields are options too
  int (*run)(Context&, const Arguments&) = nullptr;

  // The words with spaces between them.
  std::string path() const;
  // "crm lead assign ID... [OPTIONS]".
  std::string synopsis() const;
};

// The options of every command, before or after its words.
const std::vector<OptionSpec>& global_options();
// The command's own option or the global one of that long name or letter; null where there is none.
const OptionSpec* find_option(const CommandSpec& spec, std::string_view long_name);
const OptionSpec* find_option(const CommandSpec& spec, char letter);

}  // namespace crm::cmd
