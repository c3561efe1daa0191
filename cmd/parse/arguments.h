// A parsed command line: what was given, by the names in the command's spec.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spec/command_spec.h"

namespace crm::cmd {

class Arguments {
 public:
  using Values = std::map<std::string, std::vector<std::string>, std::less<>>;

  // `options` by long name, `arguments` by the name in the spec; both checked against it already.
  Arguments(std::shared_ptr<const CommandSpec> spec, Values options, Values arguments);

  const CommandSpec& spec() const { return *spec_; }

  // Options, global ones included, by long name.
  bool has(std::string_view option) const { return options_.find(option) != options_.end(); }
  // The last value given, or nothing.
  std::optional<std::string> text(std::string_view option) const;
  std::optional<std::int64_t> integer(std::string_view option) const;
  // All values given, in order.
  const std::vector<std::string>& texts(std::string_view option) const;

  // Positional arguments, by their name in the spec. The one that stands alone: empty where it was left out.
  std::string argument(std::string_view name) const;
  const std::vector<std::string>& arguments(std::string_view name) const;

 private:
  std::shared_ptr<const CommandSpec> spec_;
  Values options_;
  Values arguments_;
};

// A decimal integer with an optional sign, nothing else; 010 is ten.
std::optional<std::int64_t> parse_integer(std::string_view text);

}  // namespace crm::cmd
