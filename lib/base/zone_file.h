// Reads a time zone from a TZif file (RFC 8536, versions 1 to 4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

// The offsets of a zone: offsets[i] counts from starts[i] until starts[i + 1]. The first start is the
// beginning of time.
struct ZoneTable {
  std::vector<std::int64_t> starts;   // Unix seconds, ascending
  std::vector<std::int32_t> offsets;  // seconds to add to UTC
  // The last `cycle` seconds of the table repeat for ever (400 years, after which weekdays and leap years
  // recur); 0 where the last offset holds for ever.
  std::int64_t cycle = 0;
};

// The table of the file's bytes, with the footer's rule unrolled. Nothing where they are no valid TZif data,
// or count leap seconds, which Unix time does not.
std::optional<ZoneTable> parse_zone_file(std::string_view bytes);

}  // namespace crm
