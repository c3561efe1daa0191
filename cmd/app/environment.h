// The variables of the process's environment that the program looks at; nothing else reads them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace crm::cmd {

class Environment {
 public:
  using Variables = std::map<std::string, std::string, std::less<>>;

  explicit Environment(Variables variables) : variables_(std::move(variables)) {}
  static Environment of_process();

  // Nothing for a variable that is not set, or empty: the XDG rules and NO_COLOR treat the two alike.
  std::optional<std::string> find(std::string_view name) const;

  // The same of any variable, for one that a user named: where a secret is kept.
  std::optional<std::string> look_up(const std::string& name) const;

  // The user whom the system says we are: LOGNAME, USER, else the account of the process.
  std::string login() const;
  // $XDG_DATA_HOME/crm/crm.db, or below $HOME/.local/share.
  std::string default_database() const;
  // $XDG_CONFIG_HOME/crm/config.yaml, or below $HOME/.config; empty without a home.
  std::string config_file() const;

 private:
  std::string below(std::string_view variable, std::string_view home_directory, std::string_view path) const;

  Variables variables_;
};

}  // namespace crm::cmd
