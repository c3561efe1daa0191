// JSON whose numbers are kept as they are written: 1.10 stays 1.10, and no digit of a long one is lost.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace crm::cmd {

// Members are in the order of the text. Numbers that are no integers of 64 bits are strings, as written.
using ExactJson = nlohmann::ordered_json;

// Nothing where the text is no JSON.
std::optional<ExactJson> parse_exactly(std::string_view text);
// The text of a value that is no object or list; empty for null.
std::optional<std::string> plain_text(const ExactJson& value);

}  // namespace crm::cmd
