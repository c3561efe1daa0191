// All commands by their words. A line's words lead to one spec; the others are not made (start-up is a
// feature).
#pragma once

#include <crm/error.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "spec/command_spec.h"

namespace crm::cmd {

struct FoundCommand {
  std::shared_ptr<const CommandSpec> spec;  // made once, however often it is found
  std::size_t words_used = 0;
};

// The longest command that the words begin with. Kinds go by their aliases too. Nothing where there is none.
std::optional<FoundCommand> find_command(std::span<const std::string> words);

// Whether the word is the first of commands of two words.
bool is_group(std::string_view word);
// The first words that commands of two words begin with, in the order of help.
std::vector<std::string> groups();
// What a group's commands are about, in one line.
std::string group_summary(std::string_view group);
// All commands of a group, or (for the empty word) those of one word, in the order of help; hidden ones left
// out.
std::vector<CommandSpec> commands_of(std::string_view group);
// The second words of a group's commands, or all first words; without making specs.
std::vector<std::string> next_words(std::string_view group);
// Everything that `crm help` knows.
std::vector<CommandSpec> all_commands();

// Error{usage} with the nearest known command, or what commands there are.
Error unknown_command(std::span<const std::string> words);

}  // namespace crm::cmd
