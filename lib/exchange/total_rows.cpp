#include "exchange/total_rows.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace crm {
namespace {

using Part = ColumnTarget::Part;

// Nobody is called so; a company may be called Total.
constexpr std::array<std::string_view, 10> kCertain = {"合计", "总计", "小计",       "共计",     "累计",
                                                       "合計", "總計", "grandtotal", "subtotal", "共"};
constexpr std::string_view kUncertain = "total";
constexpr std::array<std::string_view, 5> kCounted = {"records", "record", "rows", "条记录", "条"};
constexpr std::size_t kLongest = 60;
constexpr std::size_t kMostHeld = 20;

// "Grand Totals (25 records):" → "grandtotal".
std::string word_of(std::string_view label) {
  std::string word;
  for (const char c : folded(label)) {
    const bool figure = c >= '0' && c <= '9';
    if (!figure && std::string_view(" :-_.,()").find(c) == std::string_view::npos) word += c;
  }
  for (const std::string_view counted : kCounted) {
    if (word.size() > counted.size() && word.ends_with(counted)) word.resize(word.size() - counted.size());
  }
  if (word.ends_with("totals")) word.pop_back();
  return word;
}

// "1,234.50", "¥12", "12家", "-".
bool is_number(std::string_view text) {
  if (text == "-") return true;
  std::size_t digits = 0, signs = 0;
  for (const char c : folded(text)) {
    if (c >= '0' && c <= '9') {
      ++digits;
    } else if (static_cast<unsigned char>(c) >= 0xC0) {
      ++signs;
    } else if (static_cast<unsigned char>(c) < 0x80 &&
               std::string_view(".,+-()%$ ").find(c) == std::string_view::npos) {
      return false;
    }
  }
  return digits > 0 && signs <= 1;
}

bool may_begin_label(char first) {
  return std::string_view("tTgGsS(\xE5\xE6\xE7").find(first) != std::string_view::npos;
}

}  // namespace

bool TotalRows::is_figure(std::size_t column, std::string_view text) const {
  if (!text.starts_with('=') && !is_number(text)) return false;
  return std::none_of(plan_.targets.begin(), plan_.targets.end(), [&](const ColumnTarget& target) {
    if (target.column != column) return false;
    if (target.part != Part::field) return true;
    const FieldType type = target.field->type;
    return type != FieldType::text && type != FieldType::note && type != FieldType::integer &&
           type != FieldType::money;
  });
}

bool TotalRows::hold(const InputRow& row) {
  const auto label = std::find_if(row.fields.begin(), row.fields.end(),
                                  [](const InputField& field) { return !field.text.empty(); });
  if (label == row.fields.end() || !may_begin_label(label->text.front()) || label->text.size() > kLongest ||
      row.fault || held_.size() == kMostHeld)
    return false;
  const std::string word = word_of(label->text);
  const bool certain = std::find(kCertain.begin(), kCertain.end(), word) != kCertain.end();
  if (!certain && word != kUncertain) return false;
  std::size_t figures = 0;
  for (auto field = label + 1; field != row.fields.end(); ++field) {
    const std::string_view text = trimmed(field->text);
    if (text.empty()) continue;
    if (!is_figure(static_cast<std::size_t>(field - row.fields.begin()), text)) return false;
    ++figures;
  }
  if (certain) {
    ++certain_;
    return true;
  }
  if (figures == 0) return false;
  Held& held = held_.emplace_back(Held{row, {}});
  for (const InputField& field : row.fields) held.cells.emplace_back(field.text);
  held.cells.emplace_back(row.text);
  for (std::size_t i = 0; i < held.row.fields.size(); ++i) held.row.fields[i].text = held.cells[i];
  held.row.text = held.cells.back();
  return true;
}

std::deque<TotalRows::Held> TotalRows::release() {
  return std::exchange(held_, {});
}

std::int64_t TotalRows::finish() {
  return certain_ + static_cast<std::int64_t>(held_.size());
}

}  // namespace crm
