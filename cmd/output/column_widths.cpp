#include "output/column_widths.h"

#include <algorithm>

namespace crm::cmd {
namespace {

constexpr std::size_t kWideText = 12;
constexpr std::size_t kUsualText = 10;
constexpr std::size_t kLeastText = 6;
constexpr std::size_t kLeastHeading = 4;

class Fitting {
 public:
  Fitting(std::span<const ColumnNeed> needs, std::size_t width)
      : needs_(needs), width_(width), left_out_(needs.size(), false) {}

  std::vector<std::size_t> run() {
    std::size_t spare = 1;
    for (;;) {
      start();
      if (narrow([](const ColumnNeed& need) { return need.wide && !need.whole ? kWideText : kUncut; }) ||
          narrow([](const ColumnNeed& need) { return need.whole ? kUncut : kUsualText; }))
        return cells_;
      if (leave_out(spare)) {
        ++spare;
        continue;
      }
      if (narrow([](const ColumnNeed& need) {
            return need.whole ? std::max(need.content, kLeastHeading) : kUncut;
          }) ||
          narrow([](const ColumnNeed& need) { return need.whole ? kUncut : kLeastText; }) ||
          !leave_out_last())
        return cells_;
    }
  }

 private:
  static constexpr std::size_t kUncut = static_cast<std::size_t>(-1);

  void start() {
    cells_.clear();
    for (std::size_t i = 0; i < needs_.size(); ++i)
      cells_.push_back(left_out_[i] ? 0 : std::max(needs_[i].heading, needs_[i].content));
  }

  std::size_t total() const {
    std::size_t sum = 0;
    for (const std::size_t cells : cells_) {
      if (cells > 0) sum += cells + (sum > 0 ? kColumnGap : 0);
    }
    return sum;
  }

  // Takes cells from the widest column that is wider than `least` allows, again and again, until the line
  // fits; false where it cannot.
  template <typename Least>
  bool narrow(Least least) {
    for (std::size_t excess = total(); excess > width_; --excess) {
      std::size_t widest = needs_.size();
      for (std::size_t i = 0; i < needs_.size(); ++i) {
        if (cells_[i] > least(needs_[i]) && (widest == needs_.size() || cells_[i] > cells_[widest]))
          widest = i;
      }
      if (widest == needs_.size()) return false;
      --cells_[widest];
    }
    return true;
  }

  bool leave_out(std::size_t spare) {
    const auto found = std::find_if(needs_.begin(), needs_.end(),
                                    [&](const ColumnNeed& need) { return need.spare == spare; });
    if (found == needs_.end()) return false;
    left_out_[static_cast<std::size_t>(found - needs_.begin())] = true;
    return true;
  }

  bool leave_out_last() {
    for (std::size_t i = needs_.size(); i > 1; --i) {
      if (left_out_[i - 1]) continue;
      left_out_[i - 1] = true;
      return true;
    }
    return false;
  }

  std::span<const ColumnNeed> needs_;
  std::size_t width_;
  std::vector<bool> left_out_;
  std::vector<std::size_t> cells_;
};

}  // namespace

std::vector<std::size_t> fit_columns(std::span<const ColumnNeed> needs, std::size_t width) {
  return Fitting(needs, width).run();
}

}  // namespace crm::cmd
