#include "output/facts.h"

#include <utility>

namespace crm::cmd {

void Facts::text(std::string_view name, std::string_view value) {
  facts_.push_back({std::string(name), CellType::text, std::string(value), {}});
}
void Facts::nothing(std::string_view name) {
  facts_.push_back({std::string(name), CellType::null, {}, {}});
}
void Facts::number(std::string_view name, std::int64_t value) {
  facts_.push_back({std::string(name), CellType::number, std::to_string(value), {}});
}
void Facts::boolean(std::string_view name, bool value) {
  facts_.push_back({std::string(name), CellType::boolean, value ? "true" : "false", {}});
}
void Facts::list(std::string_view name, std::vector<std::string> values) {
  facts_.push_back({std::string(name), CellType::list, {}, std::move(values)});
}
void Facts::json(std::string_view name, std::string value) {
  facts_.push_back({std::string(name), CellType::number, std::move(value), {}});
}
void Facts::cell(std::string_view name, const Cell& value) {
  facts_.push_back(
      {std::string(name), value.type, std::string(value.text), {value.items.begin(), value.items.end()}});
}

void Facts::write(RowSink& sink) const {
  std::vector<Column> columns;
  std::vector<std::vector<std::string_view>> lists;
  lists.reserve(facts_.size());
  std::vector<Cell> cells;
  for (const Fact& fact : facts_) {
    Column& column = columns.emplace_back();
    column.name = fact.name;
    const auto& items = lists.emplace_back(fact.items.begin(), fact.items.end());
    cells.push_back({fact.type, fact.text, items});
  }
  sink.begin(columns);
  sink.row(cells);
  sink.end();
}

bool FactsSink::row(std::span<const Cell> cells) {
  facts_.cell(cells[0].text, cells[1]);
  return true;
}

}  // namespace crm::cmd
