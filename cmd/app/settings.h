// What the global options mean, after the environment and the settings file have had their say.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "app/environment.h"
#include "output/writer.h"
#include "parse/arguments.h"

namespace crm::cmd {

struct Settings {
  std::string database;             // path
  std::optional<Format> format;     // as asked for; nothing: by what the output is
  std::vector<std::string> fields;  // the columns asked for; empty: the command's own
  std::string user;                 // a login or a user's name
  bool acts_as = false;             // the user is one that --as names
  std::optional<std::string> now;   // as given
  std::chrono::seconds timeout{10};
  enum class Color { automatic, never, always } color = Color::automatic;
  bool quiet = false;
  bool verbose = false;
  bool dry_run = false;
};

// Flag over environment over settings file over built-in. Throws Error{usage} for a bad value, Error{invalid}
// for a bad file.
Settings resolve_settings(const Arguments& arguments, const Environment& environment);
// The same without flags, and with flags over them: for many lines in one process.
Settings resolve_settings(const Environment& environment);
Settings resolve_settings(const Arguments& arguments, Settings settings);

}  // namespace crm::cmd
