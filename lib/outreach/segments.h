// Segments: found by name.
#pragma once

#include <optional>
#include <string_view>

#include "crm/outreach.h"

namespace crm {

std::optional<Segment> find_segment(Session& session, std::string_view name);
bool is_segment_name(std::string_view text);

}  // namespace crm
