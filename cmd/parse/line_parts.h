// The options and words of a command line, before their values are checked.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "parse/arguments.h"

namespace crm::cmd {

struct LineParts {
  Arguments::Values options;         // a flag has "true" for each use
  std::vector<std::string> words;    // what is no option
  std::vector<std::string> unknown;  // options that the spec does not have
};

// CLI11's way: any line. Throws Error{usage} for a value that is missing or that a flag has.
LineParts read_any_line(const std::shared_ptr<const CommandSpec>& spec, std::vector<std::string> line);

// The quick way, of lines that can mean one thing only: options that stand alone by their whole name or one
// letter, each followed by its value if it takes one, and words that do not begin with '-'. Nothing for any
// other. Nearly every line is one, and CLI11 takes ten times as long for it.
std::optional<LineParts> read_plain_line(const CommandSpec& spec, std::span<const std::string> line);

}  // namespace crm::cmd
