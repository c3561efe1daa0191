#include "base/zone_file.h"

#include <algorithm>
#include <limits>

#include "base/posix_zone.h"

namespace crm {
namespace {

constexpr std::size_t kHeaderSize = 44;

std::int64_t big_endian(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = (static_cast<unsigned char>(bytes[at]) & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return static_cast<std::int64_t>(value);
}

struct Header {
  char version = '\0';
  std::size_t ut_indicators = 0;
  std::size_t standard_indicators = 0;
  std::size_t leap_seconds = 0;
  std::size_t transitions = 0;
  std::size_t types = 0;
  std::size_t name_bytes = 0;

  std::size_t data_size(std::size_t time_size) const {
    return transitions * (time_size + 1) + types * 6 + name_bytes + leap_seconds * (time_size + 4) +
           standard_indicators + ut_indicators;
  }
};

std::optional<Header> read_header(std::string_view bytes) {
  if (bytes.size() < kHeaderSize || !bytes.starts_with("TZif")) return std::nullopt;
  const auto count = [bytes](std::size_t at) {
    return static_cast<std::size_t>(big_endian(bytes, at, 4) & 0xFFFFFFFF);
  };
  const Header header{bytes[4], count(20), count(24), count(28), count(32), count(36), count(40)};
  for (std::size_t at = 20; at < kHeaderSize; at += 4) {
    if (count(at) > bytes.size()) return std::nullopt;
  }
  if (header.types == 0 || header.leap_seconds != 0) return std::nullopt;
  return header;
}

// One data block: the transitions, the type of each, the types.
std::optional<ZoneTable> read_data(std::string_view data, const Header& header, std::size_t time_size) {
  constexpr std::int64_t kMostOffset = 26 * 3600;  // RFC 8536, 3.2
  const std::size_t types_of = header.transitions * time_size;
  const std::size_t types_at = types_of + header.transitions;
  const auto offset_of = [&](std::size_t type) { return big_endian(data, types_at + type * 6, 4); };
  for (std::size_t type = 0; type < header.types; ++type) {
    if (offset_of(type) <= -kMostOffset || offset_of(type) >= kMostOffset) return std::nullopt;
  }
  ZoneTable table;
  table.starts.push_back(std::numeric_limits<std::int64_t>::min());
  table.offsets.push_back(static_cast<std::int32_t>(offset_of(0)));
  for (std::size_t i = 0; i < header.transitions; ++i) {
    const std::int64_t start = big_endian(data, i * time_size, time_size);
    const auto type = static_cast<unsigned char>(data[types_of + i]);
    if (type >= header.types || (i > 0 && start <= table.starts.back())) return std::nullopt;
    table.starts.push_back(start);
    table.offsets.push_back(static_cast<std::int32_t>(offset_of(type)));
  }
  return table;
}

// Appends the changes that the rule makes after the table's last one, for a cycle of 400 years and a year
// more.
void unroll(const PosixZone& rule, ZoneTable& table) {
  using std::chrono::year;
  constexpr std::int64_t kDaysIn400Years = 146097;
  constexpr int kYears = 401;
  const auto add = [&table](Moment at, std::chrono::seconds offset) {
    const std::int64_t start = at.time_since_epoch().count();
    if (start < table.starts.back()) return;
    table.starts.push_back(start);
    table.offsets.push_back(static_cast<std::int32_t>(offset.count()));
  };
  if (!rule.has_daylight) {
    if (table.starts.size() == 1)
      table.offsets.back() = static_cast<std::int32_t>(rule.standard_offset.count());
    return;
  }
  constexpr std::int64_t kEarliest = -5'000'000'000;  // before any zone had a rule
  constexpr std::int64_t kLatest = 10'000'000'000;
  const std::int64_t last = std::clamp(table.starts.back(), kEarliest, kLatest);
  const std::chrono::sys_days last_day =
      std::chrono::floor<std::chrono::days>(Moment(std::chrono::seconds(last)));
  year each = std::chrono::year_month_day(last_day).year();
  table.starts.reserve(table.starts.size() + 2 * (kYears + 1));
  table.offsets.reserve(table.starts.capacity());
  for (int i = 0; i <= kYears; ++i, ++each) {
    const Moment start = rule.start_in(each);
    const Moment end = rule.end_in(each);
    if (start < end) add(start, rule.daylight_offset);
    add(end, rule.standard_offset);
    if (start >= end) add(start, rule.daylight_offset);
  }
  table.cycle = kDaysIn400Years * 86400;
}

}  // namespace

std::optional<ZoneTable> parse_zone_file(std::string_view bytes) {
  std::optional<Header> header = read_header(bytes);
  if (!header) return std::nullopt;
  std::size_t time_size = 4;
  if (header->version != '\0') {
    const std::size_t first_block = kHeaderSize + header->data_size(time_size);
    if (first_block > bytes.size()) return std::nullopt;
    bytes.remove_prefix(first_block);
    header = read_header(bytes);
    if (!header) return std::nullopt;
    time_size = 8;
  }
  const std::string_view data = bytes.substr(kHeaderSize);
  if (header->data_size(time_size) > data.size()) return std::nullopt;
  std::optional<ZoneTable> table = read_data(data, *header, time_size);
  if (!table || time_size == 4) return table;

  std::string_view footer = data.substr(header->data_size(time_size));
  if (!footer.starts_with('\n') || footer.find('\n', 1) == std::string_view::npos) return std::nullopt;
  footer = footer.substr(1, footer.find('\n', 1) - 1);
  if (footer.empty()) return table;
  const std::optional<PosixZone> rule = parse_posix_zone(footer);
  if (!rule) return std::nullopt;
  unroll(*rule, *table);
  return table;
}

}  // namespace crm
