#include "report/percentile.h"

#include <algorithm>
#include <cmath>

namespace crm {

std::optional<double> percentile(std::vector<std::uint32_t>& values, double q) {
  if (values.empty()) return std::nullopt;
  const double place = q * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::ptrdiff_t>(std::floor(place));
  const auto at = values.begin() + below;
  std::nth_element(values.begin(), at, values.end());
  const double low = *at;
  const double share = place - std::floor(place);
  if (share == 0) return low;
  return low + share * (*std::min_element(at + 1, values.end()) - low);
}

std::optional<double> percentile_days(std::vector<std::uint32_t>& seconds, double q) {
  const auto found = percentile(seconds, q);
  return found ? std::optional(*found / 86400) : std::nullopt;
}

}  // namespace crm
