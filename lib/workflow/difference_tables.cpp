#include "workflow/difference_tables.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/joined.h"
#include "base/text.h"
#include "crm/time.h"

namespace crm {
namespace {

using Sentences = std::vector<std::string>;

std::string condition(const std::string& when) {
  return when.empty() ? "every record" : "when " + when;
}

std::string wall_time(std::chrono::minutes time) {
  const auto two = [](std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return two(time.count() / 60) + ':' + two(time.count() % 60);
}

std::string range_text(const DayRange& range) {
  const std::string first = format_date(range.first);
  return range.first == range.last ? first : first + ".." + format_date(range.last);
}

Sentences sentences(const BusinessCalendar& calendar) {
  static constexpr std::array<const char*, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                       "Thursday", "Friday", "Saturday"};
  Sentences all;
  for (std::size_t day = 0; day < kDays.size(); ++day) {
    std::string spans;
    for (const OpenHours& hours : calendar.hours[day]) {
      spans += (spans.empty() ? "" : ", ") + wall_time(hours.from) + '-' + wall_time(hours.to);
    }
    if (!spans.empty()) all.push_back(std::string("calendar: ") + kDays[day] + ' ' + spans);
  }
  for (const DayRange& range : calendar.holidays) all.push_back("calendar: holiday " + range_text(range));
  for (const DayRange& range : calendar.workdays) all.push_back("calendar: working day " + range_text(range));
  return all;
}

const char* method_name(AssignmentMethod method) {
  switch (method) {
    case AssignmentMethod::least_open:
      return "least-open";
    case AssignmentMethod::weighted:
      return "weighted";
    case AssignmentMethod::first:
      return "first";
    case AssignmentMethod::round_robin:
      break;
  }
  return "round-robin";
}

std::string sentence(const AssignmentRow& row) {
  std::string text = condition(row.when) + " to ";
  if (row.to.empty()) return text + "the pool";
  for (std::size_t i = 0; i < row.to.size(); ++i) {
    text += (i == 0 ? "" : ", ") + row.to[i];
    if (row.by == AssignmentMethod::weighted) text += " × " + std::to_string(row.weights[i]);
  }
  if (row.to.size() > 1 || row.to.front().starts_with("team/"))
    text += std::string(" by ") + method_name(row.by);
  if (row.cap) text += ", at most " + std::to_string(*row.cap) + " open";
  if (row.per_day) text += ", at most " + std::to_string(*row.per_day) + " a day";
  if (!row.same.empty()) text += ", of the same " + joined(row.same);
  if (row.else_next) text += ", else the next row";
  return text;
}

std::string sentence(const ScoreRow& row) {
  return condition(row.when) + (row.points < 0 ? " " : " +") + std::to_string(row.points);
}

std::string sentence(const LevelRow& row) {
  return condition(row.when) + " is " + quoted(row.level) +
         (row.reason.empty() ? "" : " (" + row.reason + ")");
}

Sentences sentences(const PoolRules& pool) {
  Sentences all;
  if (pool.claims_per_day) all.push_back("at most " + std::to_string(*pool.claims_per_day) + " claims a day");
  if (pool.hold) all.push_back("no claims with " + std::to_string(*pool.hold) + " open ones");
  if (pool.cooling_off_days)
    all.push_back("a former owner waits " + std::to_string(*pool.cooling_off_days) + " days");
  if (!pool.warn_template.empty()) all.push_back("the warning is the template " + quoted(pool.warn_template));
  for (const RecycleRow& row : pool.recycle) {
    all.push_back(
        condition(row.when) + " back after " + std::to_string(row.after_days) + " days" +
        (row.warn_days == 0 ? "" : ", with a warning " + std::to_string(row.warn_days) + " days before"));
  }
  return all;
}

std::string percent(double share) {
  return std::to_string(std::lround(share * 100)) + " %";
}

Sentences sentences(const DedupeRules& rules) {
  Sentences all;
  for (const auto& key : rules.same) all.push_back("the same " + joined(key));
  for (const SimilarField& one : rules.similar) {
    all.push_back("a similar " + one.field + " from " + percent(one.threshold));
  }
  if (rules.threshold) all.push_back("listed from a score of " + percent(*rules.threshold));
  return all;
}

const char* scope_name(Scope scope) {
  static constexpr std::array<const char*, 4> kNames = {"none", "own", "team", "all"};
  return kNames[static_cast<std::size_t>(scope)];
}

std::string sentence(const Role& role) {
  return "role " + quoted(role.name) + " sees " + scope_name(role.see) + ", edits " + scope_name(role.edit) +
         ", reveals " +
         (role.reveal_all       ? "all"
          : role.reveal.empty() ? "nothing"
                                : joined(role.reveal)) +
         (role.act_as == Scope::none ? "" : std::string(", acts as ") + scope_name(role.act_as));
}

template <typename Item>
Sentences prefixed(const std::string& prefix, const std::vector<Item>& items) {
  Sentences all;
  for (const Item& item : items) all.push_back(prefix + sentence(item));
  return all;
}

template <typename Item>
Sentences prefixed(const std::string& prefix, const std::optional<Item>& item) {
  Sentences all;
  if (!item) return all;
  for (const std::string& one : sentences(*item)) all.push_back(prefix + one);
  return all;
}

bool has(const Sentences& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

// `ordered`: the first that matches counts, so that another order is another meaning.
void compare(const Sentences& before, const Sentences& after, bool ordered, const std::string& what,
             Sentences& lines) {
  Sentences kept_before, kept_after;
  for (const std::string& one : after) {
    if (has(before, one))
      kept_after.push_back(one);
    else
      lines.push_back(one + " is new");
  }
  for (const std::string& one : before) {
    if (has(after, one))
      kept_before.push_back(one);
    else
      lines.push_back(one + " is gone");
  }
  if (ordered && kept_before != kept_after)
    lines.push_back("the rows of the " + what + " come in another order");
}

}  // namespace

void compare_tables(const Process& before, const Process& after, std::vector<std::string>& lines) {
  compare(sentences(before.calendar), sentences(after.calendar), false, "calendar", lines);
  for (const Entity& kind : entities()) {
    const auto table = [&](const auto& tables_before, const auto& tables_after, std::string_view what,
                           bool ordered) {
      const std::string name = std::string(kind.name).append(" ").append(what);
      compare(prefixed(name + ": ", tables_before[slot(kind.kind)]),
              prefixed(name + ": ", tables_after[slot(kind.kind)]), ordered, name, lines);
    };
    table(before.assignments, after.assignments, "assignment", true);
    table(before.scores, after.scores, "score", false);
    table(before.levels, after.levels, "level", true);
    table(before.pools, after.pools, "pool", true);
    table(before.dedupe, after.dedupe, "duplicates", false);
  }
  compare(prefixed("", before.roles), prefixed("", after.roles), false, "roles", lines);
  if (before.history_days != after.history_days) {
    lines.push_back("the runs of rules are kept for " + std::to_string(after.history_days) +
                    " days, were for " + std::to_string(before.history_days));
  }
}

}  // namespace crm
