#include "report/funnel_counter.h"

#include <algorithm>
#include <limits>

namespace crm {

std::uint16_t stage_number(const std::vector<Stage>& stages, std::string_view name) {
  std::size_t number = 0;
  while (number < stages.size() && stages[number].name != name) ++number;
  return static_cast<std::uint16_t>(number);
}

FunnelCounter::FunnelCounter(const std::vector<Stage>& stages, std::span<const FunnelRecord> records,
                             std::size_t groups)
    : stages_(stages), records_(records), groups_(groups, std::vector<Count>(stages.size())) {
  const auto first = std::find_if(stages.begin(), stages.end(),
                                  [](const Stage& stage) { return stage.outcome != Outcome::lost; });
  first_ = static_cast<std::uint16_t>(first == stages.end() ? 0 : first - stages.begin());
}

void FunnelCounter::add_change(std::int64_t id, std::int64_t at, std::uint16_t from, std::uint16_t to) {
  if (id != present_) {
    end_record();
    present_ = id;
  }
  go_further(from);
  go_further(to);
  history_.changes.push_back({at, to});
}

void FunnelCounter::finish() {
  end_record();
  History none;
  for (; next_ < records_.size(); ++next_) count(records_[next_], none);
}

void FunnelCounter::add(FunnelCounter&& other) {
  for (std::size_t group = 0; group < groups_.size(); ++group) {
    for (std::size_t stage = 0; stage < stages_.size(); ++stage) {
      Count& count = groups_[group][stage];
      const Count& more = other.groups_[group][stage];
      count.lost_here += more.lost_here;
      count.open_here += more.open_here;
      count.open_stays += more.open_stays;
      count.stays.insert(count.stays.end(), more.stays.begin(), more.stays.end());
    }
  }
  without_history_ += other.without_history_;
}

void FunnelCounter::go_further(std::uint16_t stage) {
  if (stage < stages_.size() && stage > history_.furthest && !is_lost(stage)) history_.furthest = stage;
}

void FunnelCounter::end_record() {
  if (history_.changes.empty()) return;
  History none;
  for (; next_ < records_.size() && records_[next_].id < present_; ++next_) count(records_[next_], none);
  if (next_ < records_.size() && records_[next_].id == present_) count(records_[next_++], history_);
  history_.changes.clear();
  history_.furthest = -1;
}

void FunnelCounter::count(const FunnelRecord& record, History& history) {
  const bool known = record.stage < stages_.size();
  const bool lost = known && is_lost(record.stage);
  int furthest = history.furthest;
  if (known && !lost) furthest = std::max<int>(furthest, record.stage);
  if (furthest < 0) furthest = first_;
  const auto at = static_cast<std::size_t>(furthest);
  std::vector<Count>& counts = groups_[record.group];
  ++(lost && stages_[at].outcome != Outcome::won ? counts[at].lost_here : counts[at].open_here);
  if (history.changes.empty()) {
    ++without_history_;
  } else {
    count_stays(history, counts);
  }
}

void FunnelCounter::count_stays(History& history, std::vector<Count>& counts) {
  std::vector<Change>& changes = history.changes;
  const auto earlier = [](const Change& a, const Change& b) {
    return a.at != b.at ? a.at < b.at : a.to < b.to;
  };
  if (!std::is_sorted(changes.begin(), changes.end(), earlier))
    std::sort(changes.begin(), changes.end(), earlier);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (changes[i].to >= stages_.size()) continue;
    Count& count = counts[changes[i].to];
    if (i + 1 == changes.size()) {
      ++count.open_stays;
      continue;
    }
    const std::int64_t seconds = changes[i + 1].at - changes[i].at;
    count.stays.push_back(static_cast<std::uint32_t>(
        std::min<std::int64_t>(seconds, std::numeric_limits<std::uint32_t>::max())));
  }
}

}  // namespace crm
