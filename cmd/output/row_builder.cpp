#include "output/row_builder.h"

#include <array>
#include <charconv>
#include <utility>

namespace crm::cmd {
namespace {

constexpr int kDecimals = 6;

std::string fixed(double value, int decimals) {
  std::array<char, 400> digits;
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed, decimals)
          .ptr;
  return {digits.data(), end};
}

}  // namespace

std::string decimal(double value, int most_decimals) {
  std::string text = fixed(value, most_decimals);
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string percent(std::optional<double> share) {
  return share ? fixed(*share * 100, 1) + " %" : std::string();
}

void RowBuilder::text(std::string value) {
  add(CellType::text, std::move(value));
}

void RowBuilder::text(const std::optional<std::string>& value) {
  value ? add(CellType::text, *value) : add(CellType::null, {});
}

void RowBuilder::number(std::int64_t value) {
  add(CellType::number, std::to_string(value));
}

void RowBuilder::number(std::optional<double> value) {
  value ? add(CellType::number, decimal(*value, kDecimals)) : add(CellType::null, {});
}

void RowBuilder::clear() {
  cells_.clear();
  texts_.clear();
}

void RowBuilder::add(CellType type, std::string text) {
  cells_.push_back({type, texts_.emplace_back(std::move(text)), {}});
}

}  // namespace crm::cmd
