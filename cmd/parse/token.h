// What one word of a command line is, before it is known what the whole means.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "spec/command_spec.h"

namespace crm::cmd {

struct Token {
  enum class Kind { word, option, unknown_option, end_of_options };
  Kind kind = Kind::word;
  const OptionSpec* option = nullptr;  // of a cluster of letters, the one that takes a value, else the first
  bool has_value = false;              // "--name=value", "-ovalue"
  bool takes_next = false;             // its value is the next word
};

// Reads one word by the command's options and the global ones. "-", "-5" and "+tag" are words.
Token classify(std::string_view text, const CommandSpec& spec);

// Where the words are that may name a command: up to three, before the first option that is not a global one.
std::vector<std::size_t> leading_words(std::span<const std::string> line);

// Whether an option (not a value) asks for it.
bool asks_for(std::string_view option, std::span<const std::string> line, const CommandSpec& spec);

}  // namespace crm::cmd
