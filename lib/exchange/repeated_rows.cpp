#include "exchange/repeated_rows.h"

#include <utility>

namespace crm {
namespace {

constexpr std::size_t kManyRows = 4000;  // some 5 MB
constexpr std::size_t kManyBytes = std::size_t{1} << 20;

}  // namespace

void RepeatedRows::keep(std::int64_t line, std::size_t bytes, IncomingRow& row) {
  if (count_ == kept_.size()) {
    Kept& kept = kept_.emplace_back();
    kept.row.record.id.kind = row.record.id.kind;
    kept.row.record.values.resize(row.record.values.size());
  }
  Kept& kept = kept_[count_++];
  kept.line = line;
  bytes_ += bytes;
  std::swap(kept.row, row);
  kept.amounts.clear();
  for (const auto& amount : kept.row.bare_amounts) kept.amounts.emplace_back(amount.text);
  for (std::size_t i = 0; i < kept.amounts.size(); ++i) kept.row.bare_amounts[i].text = kept.amounts[i];
}

bool RepeatedRows::are_many() const {
  return count_ >= kManyRows || bytes_ >= kManyBytes;
}

}  // namespace crm
