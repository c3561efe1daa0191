// Order statistics of many durations.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace crm {

// The quantile q (0..1) by linear interpolation between the two nearest values: at place q·(n − 1) of the
// sorted ones (type 7 of Hyndman and Fan, what NumPy, R and spreadsheets take by default). Nothing for no
// values. Reorders them.
std::optional<double> percentile(std::vector<std::uint32_t>& values, double q);

// The same of seconds, as days.
std::optional<double> percentile_days(std::vector<std::uint32_t>& seconds, double q);

}  // namespace crm
