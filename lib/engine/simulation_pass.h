// One pass over the records of a simulation, in which each question is put to each of them once.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "crm/rules.h"
#include "store/connection.h"

namespace crm {

struct SimulationFinding {
  std::string section;
  std::string name;
  int line = 0;
  std::string detail;
  std::int64_t records = 0;
  std::optional<std::int64_t> first = {}, last = {};
  std::int64_t unowned = 0;  // of these records

  void count(std::int64_t id) {
    if (records++ == 0) first = id;
    last = id;
  }
};

class SimulationPass {
 public:
  SimulationPass(Session& session, const SimulateOptions& options) : session_(session), options_(options) {}

  // The condition as SQL that is true, false or unknown.
  std::string condition(const std::string& text);
  std::string value(Value value);

  // Counts the records for which the SQL is true.
  void count(SimulationFinding finding, const std::string& sql);
  // A table in which the first row that holds decides: counts for each row those that it decides on.
  void count_first(std::vector<std::pair<SimulationFinding, std::string>>&& rows);
  // Keeps the numbers of the records for which the SQL is true, in order; valid after run().
  const std::vector<std::int64_t>& collect(const std::string& sql);

  // How many records there were.
  std::int64_t run();
  std::vector<SimulationFinding> findings() const;

 private:
  // It counts the records for which the column has that value.
  struct Counted {
    SimulationFinding finding;
    std::size_t column;
    std::int64_t value;
  };

  // Parameters that follow are numbered from here.
  int next_parameter() const { return static_cast<int>(values_.size()) + 1; }
  void take(const Row& row);

  Session& session_;
  const SimulateOptions& options_;
  std::vector<Value> values_;
  std::vector<std::string> columns_;  // SQL; the first is the third of the query
  std::vector<Counted> findings_;
  std::deque<std::pair<std::size_t, std::vector<std::int64_t>>> collected_;
};

}  // namespace crm
