#include "parse/arguments.h"

#include <charconv>
#include <utility>

namespace crm::cmd {
namespace {

const std::vector<std::string> kNone;

const std::vector<std::string>& values_of(const Arguments::Values& values, std::string_view name) {
  const auto found = values.find(name);
  return found == values.end() ? kNone : found->second;
}

}  // namespace

Arguments::Arguments(std::shared_ptr<const CommandSpec> spec, Values options, Values arguments)
    : spec_(std::move(spec)), options_(std::move(options)), arguments_(std::move(arguments)) {}

std::optional<std::string> Arguments::text(std::string_view option) const {
  const std::vector<std::string>& values = texts(option);
  if (values.empty()) return std::nullopt;
  return values.back();
}

std::optional<std::int64_t> Arguments::integer(std::string_view option) const {
  const std::vector<std::string>& values = texts(option);
  if (values.empty()) return std::nullopt;
  return parse_integer(values.back());
}

const std::vector<std::string>& Arguments::texts(std::string_view option) const {
  return values_of(options_, option);
}

std::string Arguments::argument(std::string_view name) const {
  const std::vector<std::string>& values = arguments(name);
  return values.empty() ? std::string() : values.front();
}

const std::vector<std::string>& Arguments::arguments(std::string_view name) const {
  return values_of(arguments_, name);
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace crm::cmd
