// A row of a result that is put together by hand.
#pragma once

#include <crm/table.h>

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crm::cmd {

class RowBuilder {
 public:
  void text(std::string value);
  void text(const std::optional<std::string>& value);
  void number(std::int64_t value);
  // With at most six decimals, without final zeros; absent where there is none.
  void number(std::optional<double> value);
  // Begins the next row.
  void clear();

  // They live until the next change.
  std::span<const Cell> cells() const { return cells_; }

 private:
  void add(CellType type, std::string text);

  std::deque<std::string> texts_;  // what the cells view
  std::vector<Cell> cells_;
};

// "0.9175", "91.8 %" for people.
std::string decimal(double value, int most_decimals);
std::string percent(std::optional<double> share);

}  // namespace crm::cmd
