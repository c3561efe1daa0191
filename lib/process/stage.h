// A stage of a kind's state machine, as a workflow file says it (`stages`).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace crm {

enum class Outcome : std::uint8_t { none, won, lost };

struct Stage {
  std::string name;
  std::string label_en;  // empty: the name
  std::string label_zh;
  Outcome outcome = Outcome::none;
  std::vector<std::string> required_fields;  // `requires`: what a record must have to come in
  std::vector<std::string>
      from;  // stages it may be reached from; empty: every earlier one without an outcome
  bool from_any = false;
  std::optional<int> probability;  // per cent
  std::string within;              // dwell limit as written (parse_dwell); empty: none
};

}  // namespace crm
