// Clocks on records: how soon somebody is to respond, and how soon the matter is to be settled.
#pragma once

#include <string>
#include <vector>

namespace crm {

struct SlaStep {
  int percent = 100;          // of the limit
  std::string to;             // owner, manager, team-lead or a user's name
  std::string template_name;  // empty: the program's own words
  friend bool operator==(const SlaStep&, const SlaStep&) = default;
};

// A row of the table of a kind: the first whose condition holds gives a record its clocks.
struct SlaRow {
  std::string when;     // an expression; empty: always
  std::string respond;  // up to the first follow-up, as a dwell limit is written; empty: no such clock
  std::string resolve;  // up to a stage with an outcome
  std::vector<std::string> pause;  // stages in which the clocks stand still
  std::vector<SlaStep> steps;      // by percent
  int line = 0;
};

}  // namespace crm
