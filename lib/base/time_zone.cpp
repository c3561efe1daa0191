#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#include "base/calendar.h"
#include "base/posix_zone.h"
#include "base/text.h"
#include "base/zone_file.h"
#include "crm/error.h"
#include "crm/time.h"

namespace crm {

using std::chrono::seconds;

struct TimeZone::Rules {
  Rules(std::string zone_name, ZoneTable zone_table)
      : name(std::move(zone_name)), table(std::move(zone_table)) {}

  std::int32_t offset_at(std::int64_t moment) const {
    const std::vector<std::int64_t>& starts = table.starts;
    if (starts.size() == 1) return table.offsets.front();
    if (table.cycle > 0 && moment > starts.back()) {
      moment -= ((moment - starts.back() - 1) / table.cycle + 1) * table.cycle;
    }
    std::size_t at = latest.load(std::memory_order_relaxed);
    const bool near = moment >= starts[at] && (at + 1 == starts.size() || moment < starts[at + 1]);
    if (!near) {
      at = static_cast<std::size_t>(std::upper_bound(starts.begin(), starts.end(), moment) - starts.begin()) -
           1;
      latest.store(at, std::memory_order_relaxed);
    }
    return table.offsets[at];
  }

  std::string name;
  ZoneTable table;
  // Where the last look-up ended: only a guess for the next, so any thread may overwrite it.
  mutable std::atomic<std::size_t> latest{0};
};

namespace {

constexpr std::array kZoneDirectories = {"/usr/share/zoneinfo/", "/usr/lib/zoneinfo/",
                                         "/usr/share/lib/zoneinfo/", "/etc/zoneinfo/"};

ZoneTable fixed_table(seconds offset) {
  return {{std::numeric_limits<std::int64_t>::min()}, {static_cast<std::int32_t>(offset.count())}, 0};
}

// A name is a path below the zone directory, and nothing else.
bool is_zone_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '+' || c == '/';
  };
  constexpr std::size_t kLongest = 64;
  return !name.empty() && name.size() <= kLongest && std::all_of(name.begin(), name.end(), allowed) &&
         name.front() != '/' && name.back() != '/' && name.find("//") == std::string_view::npos;
}

// The bytes of a regular file of sane size; empty where there is none.
std::string read_zone_file(const std::string& path) {
  constexpr off_t kLargest = 1 << 20;
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (file < 0) return {};
  std::string bytes;
  struct stat status {};
  if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size <= kLargest) {
    bytes.resize(static_cast<std::size_t>(status.st_size));
    if (read(file, bytes.data(), bytes.size()) != status.st_size) bytes.clear();
  }
  close(file);
  return bytes;
}

std::vector<std::string> known_zones() {
  namespace fs = std::filesystem;
  std::vector<std::string> names;
  for (const char* directory : kZoneDirectories) {
    std::error_code error;
    fs::recursive_directory_iterator at(directory, error);
    for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
      const std::string name = at->path().string().substr(std::string_view(directory).size());
      if (name == "posix" || name == "right") at.disable_recursion_pending();
      if (is_zone_name(name) && at->is_regular_file(error)) names.push_back(name);
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

[[noreturn]] void throw_unknown(std::string_view name) {
  const std::vector<std::string> names = known_zones();
  std::string suffix = '/' + ascii_lower(trimmed(name));
  std::replace(suffix.begin(), suffix.end(), ' ', '_');
  const auto city = std::find_if(names.begin(), names.end(), [&suffix](const std::string& known) {
    return ascii_lower('/' + known).ends_with(suffix);
  });
  const std::optional<std::string> meant = city != names.end() ? *city : nearest(name, names);
  throw Error(
      ErrorCode::invalid, "unknown time zone " + crm::quoted(name),
      meant ? "did you mean " + crm::quoted(*meant) + "?" : "time zones have names such as 'Asia/Shanghai'");
}

bool is_utc(std::string_view name) {
  return name == "UTC" || name == "Etc/UTC";
}

// The zone of a POSIX rule, where it is a zone with a name: whole hours the year round.
std::optional<TimeZone> zone_of_rule(std::string_view rule) {
  const std::optional<PosixZone> zone = parse_posix_zone(rule);
  if (!zone || zone->has_daylight || zone->standard_offset % std::chrono::hours(1) != seconds(0))
    return std::nullopt;
  const auto hours = std::chrono::duration_cast<std::chrono::hours>(zone->standard_offset).count();
  if (hours == 0) return TimeZone();
  // Etc/GMT-8 is eight hours east of Greenwich, as in a POSIX rule.
  return TimeZone::load((hours > 0 ? "Etc/GMT-" : "Etc/GMT+") + std::to_string(std::abs(hours)));
}

std::optional<TimeZone> load_if_known(std::string_view name) {
  try {
    return TimeZone::load(name);
  } catch (const Error&) {
    return std::nullopt;
  }
}

// "Asia/Shanghai" of "/usr/share/zoneinfo/Asia/Shanghai".
std::string_view name_in_path(std::string_view path) {
  constexpr std::string_view kDirectory = "zoneinfo/";
  const std::size_t at = path.rfind(kDirectory);
  if (at == std::string_view::npos) return {};
  path.remove_prefix(at + kDirectory.size());
  if (path.starts_with("posix/")) path.remove_prefix(6);
  return path;
}

std::string configured_zone_name() {
  std::error_code error;
  const std::string target = std::filesystem::read_symlink("/etc/localtime", error).string();
  if (const std::string_view name = name_in_path(target); !name.empty()) return std::string(name);
  std::string line;
  std::ifstream file("/etc/timezone");
  std::getline(file, line);
  return std::string(trimmed(line));
}

}  // namespace

TimeZone::TimeZone() {
  static const auto utc = std::make_shared<const Rules>("UTC", fixed_table(seconds(0)));
  rules_ = utc;
}

TimeZone::TimeZone(std::shared_ptr<const Rules> rules) : rules_(std::move(rules)) {}

TimeZone TimeZone::load(std::string_view iana_name) {
  if (is_utc(iana_name)) return {};
  if (!is_zone_name(iana_name)) throw_unknown(iana_name);
  for (const char* directory : kZoneDirectories) {
    const std::string bytes = read_zone_file(std::string(directory).append(iana_name));
    if (!std::string_view(bytes).starts_with("TZif")) continue;
    std::optional<ZoneTable> table = parse_zone_file(bytes);
    if (!table) {
      throw Error(ErrorCode::io,
                  "cannot read the time zone " + crm::quoted(iana_name) + " from " + crm::quoted(directory),
                  "install the tzdata package again");
    }
    return TimeZone(std::make_shared<const Rules>(std::string(iana_name), std::move(*table)));
  }
  throw_unknown(iana_name);
}

const std::string& TimeZone::name() const {
  return rules_->name;
}

seconds TimeZone::offset_at(Moment moment) const {
  return seconds(rules_->offset_at(moment.time_since_epoch().count()));
}

LocalTime TimeZone::to_local(Moment moment) const {
  moment = within_writing(moment);
  const Moment shifted = within_calendar(moment + offset_at(moment));
  const auto day = std::chrono::floor<std::chrono::days>(shifted);
  return {Date(day), shifted - day};
}

Moment TimeZone::to_moment(const LocalTime& local) const {
  // Offsets change at most once within two days around: one of the day before, one of the day after can be
  // right.
  const Moment as_utc = std::chrono::sys_days(local.date) + local.time_of_day;
  const Moment early = as_utc - std::chrono::days(1);
  const Moment late = as_utc + std::chrono::days(1);
  const seconds before = offset_at(early);
  const seconds after = offset_at(late);
  const Moment first = as_utc - before;
  if (before == after || offset_at(first) == before) return first;
  const Moment second = as_utc - after;
  if (offset_at(second) == after) return second;
  // In a gap: the instant of the change lies between the two readings.
  Moment low = std::min(first, second);
  Moment high = std::max(first, second);
  while (high - low > seconds(1)) {
    const Moment middle = low + (high - low) / 2;
    (offset_at(middle) == before ? low : high) = middle;
  }
  return high;
}

TimeZone system_time_zone(const char* tz) {
  if (tz != nullptr) {
    std::string_view value = tz;
    if (value.starts_with(':')) value.remove_prefix(1);
    if (value.empty()) return {};
    const std::string_view name = value.starts_with('/') ? name_in_path(value) : value;
    if (std::optional<TimeZone> zone = load_if_known(name)) return *zone;
    if (std::optional<TimeZone> zone = zone_of_rule(value)) return *zone;
  }
  return load_if_known(configured_zone_name()).value_or(TimeZone());
}

}  // namespace crm
