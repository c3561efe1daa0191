#include "app/environment.h"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace crm::cmd {

Environment Environment::of_process() {
  static constexpr std::array<const char*, 13> kNames{
      "PATH", "CRM_DB",        "CRM_USER",        "CRM_NOW", "TZ",      "NO_COLOR", "COLUMNS",
      "TERM", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "HOME",    "LOGNAME", "USER"};
  Variables variables;
  for (const char* name : kNames) {
    if (const char* value = std::getenv(name)) variables.emplace(name, value);
  }
  return Environment(std::move(variables));
}

std::optional<std::string> Environment::find(std::string_view name) const {
  const auto found = variables_.find(name);
  if (found == variables_.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

std::optional<std::string> Environment::look_up(const std::string& name) const {
  if (auto known = find(name)) return known;
  const char* value = ::secure_getenv(name.c_str());
  return value != nullptr && *value != '\0' ? std::optional<std::string>(value) : std::nullopt;
}

std::string Environment::login() const {
  if (const auto name = find("LOGNAME")) return *name;
  if (const auto name = find("USER")) return *name;
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  ::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found);
  return found != nullptr ? std::string(found->pw_name) : std::to_string(::geteuid());
}

std::string Environment::default_database() const {
  const std::string path = below("XDG_DATA_HOME", ".local/share", "crm/crm.db");
  return path.empty() ? "crm.db" : path;
}

std::string Environment::config_file() const {
  return below("XDG_CONFIG_HOME", ".config", "crm/config.yaml");
}

std::string Environment::below(std::string_view variable, std::string_view home_directory,
                               std::string_view path) const {
  std::string base;
  if (const auto directory = find(variable)) {
    base = *directory;
  } else if (const auto home = find("HOME")) {
    base = *home + '/' + std::string(home_directory);
  } else {
    return {};
  }
  return base + '/' + std::string(path);
}

}  // namespace crm::cmd
