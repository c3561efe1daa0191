#include "output/column_picker.h"

#include <crm/error.h>
#include <crm/text.h>

#include <algorithm>
#include <array>
#include <utility>

namespace crm::cmd {
namespace {

std::size_t place_of(const std::string& name, std::span<const Column> columns) {
  const auto found =
      std::find_if(columns.begin(), columns.end(), [&](const Column& column) { return column.name == name; });
  if (found != columns.end()) return static_cast<std::size_t>(found - columns.begin());
  std::vector<std::string> known;
  for (const Column& column : columns) known.push_back(column.name);
  const auto near = nearest(name, known);
  throw Error(ErrorCode::usage, "unknown field " + crm::quoted(name),
              near ? "did you mean '" + *near + "'?" : "one of " + listed(known));
}

class ColumnPicker final : public Writer {
 public:
  ColumnPicker(std::unique_ptr<Writer> target, std::vector<std::string> names)
      : target_(std::move(target)), names_(std::move(names)) {}

  void begin(std::span<const Column> columns) override {
    listing_ = names_.size() == 1 && names_.front() == "help";
    if (listing_) {
      list_names(columns);
      return;
    }
    std::vector<Column> picked;
    places_.clear();
    for (const std::string& name : names_) {
      places_.push_back(place_of(name, columns));
      picked.push_back(columns[places_.back()]);
    }
    target_->begin(picked);
  }
  bool row(std::span<const Cell> cells) override {
    if (listing_) return false;
    picked_.clear();
    for (const std::size_t place : places_) picked_.push_back(cells[place]);
    return target_->row(picked_);
  }
  void end() override {
    if (!listing_) target_->end();
  }
  void fact(std::string_view name, const Cell& value) override {
    if (!listing_) target_->fact(name, value);
  }
  void finish() override { target_->finish(); }

 private:
  void list_names(std::span<const Column> columns) {
    const std::array<Column, 1> heading{{{.name = "name", .label = {}}}};
    target_->begin(heading);
    for (const Column& column : columns) target_->row(std::array{Cell{CellType::text, column.name, {}}});
    target_->end();
  }

  std::unique_ptr<Writer> target_;
  std::vector<std::string> names_;
  std::vector<std::size_t> places_;
  std::vector<Cell> picked_;
  bool listing_ = false;
};

}  // namespace

std::unique_ptr<Writer> pick_columns(std::unique_ptr<Writer> target, std::vector<std::string> names) {
  return std::make_unique<ColumnPicker>(std::move(target), std::move(names));
}

}  // namespace crm::cmd
