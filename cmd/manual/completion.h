// What can stand at a place of a command line, for the shells.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/context.h"

namespace crm::cmd {

struct Candidate {
  std::string text;         // the whole word
  std::string description;  // may be empty
};

// The one candidate that asks the shell for names of files.
inline constexpr std::string_view kFiles = ":file";

// The words that may stand in place of the last of `words`, which is as far as it was typed. `context` gives
// names from the database; where it cannot be opened there are none.
std::vector<Candidate> complete(Context& context, const std::vector<std::string>& words);

// The script that makes a shell ask `crm __complete`. Throws Error{usage} for another shell than bash, zsh
// and fish.
std::string_view completion_script(std::string_view shell);

}  // namespace crm::cmd
