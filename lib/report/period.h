// A report's period and the names of its groups.
#pragma once

#include <optional>
#include <string>

#include "crm/report.h"

namespace crm {

// From the first moment up to but without the second, in Unix seconds.
struct Period {
  std::optional<std::int64_t> from;
  std::optional<std::int64_t> to;
};

// Error{invalid} for a date that cannot be read, Error{usage} where the period ends before it begins.
Period read_period(const Session& session, const PeriodText& text);

// By name, the absent one last.
bool group_before(const std::optional<std::string>& a, const std::optional<std::string>& b);

}  // namespace crm
