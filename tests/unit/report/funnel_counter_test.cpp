#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "report/funnel_counter.h"
#include "report/percentile.h"
#include "unit/random.h"

namespace {

std::vector<crm::Stage> stages() {
  std::vector<crm::Stage> all(7);
  const char* names[] = {"new", "contacted", "qualified", "dropped", "proposal", "won", "lost"};
  for (std::size_t i = 0; i < all.size(); ++i) all[i].name = names[i];
  all[3].outcome = all[6].outcome = crm::Outcome::lost;  // a lost stage may stand in the middle
  all[5].outcome = crm::Outcome::won;
  return all;
}

struct Change {
  std::int64_t id, at;
  std::uint16_t from, to;
};
using Record = crm::FunnelRecord;

// The same by the words of the definition, record by record, without any order.
struct Naive {
  const std::vector<crm::Stage>& stages;
  const std::vector<Record>& records;
  const std::vector<Change>& changes;

  bool lost(std::uint16_t stage) const {
    return stage < stages.size() && stages[stage].outcome == crm::Outcome::lost;
  }
  std::size_t furthest(const Record& record) const {
    std::set<std::uint16_t> seen = {record.stage};
    for (const Change& change : changes) {
      if (change.id == record.id) seen.insert({change.from, change.to});
    }
    std::size_t furthest = 0;
    for (const std::uint16_t stage : seen) {
      if (stage < stages.size() && !lost(stage)) furthest = std::max<std::size_t>(furthest, stage);
    }
    return furthest;
  }
  std::vector<std::uint32_t> stays(std::uint32_t group, std::uint16_t stage, std::int64_t& open) const {
    std::vector<std::uint32_t> found;
    for (const Record& record : records) {
      if (record.group != group) continue;
      std::vector<std::pair<std::int64_t, std::uint16_t>> own;
      for (const Change& change : changes) {
        if (change.id == record.id) own.emplace_back(change.at, change.to);
      }
      std::sort(own.begin(), own.end());
      for (std::size_t i = 0; i < own.size(); ++i) {
        if (own[i].second != stage) continue;
        if (i + 1 == own.size()) {
          ++open;
        } else {
          found.push_back(static_cast<std::uint32_t>(own[i + 1].first - own[i].first));
        }
      }
    }
    std::sort(found.begin(), found.end());
    return found;
  }
};

}  // namespace

TEST_CASE(
    "on random records the funnel counts what its definition says, and nothing is lost between the columns") {
  crm::Random random(2);
  const std::vector<crm::Stage> all = stages();
  const auto any_stage = [&] {
    return static_cast<std::uint16_t>(random.below(8));
  };  // 7: one that the workflow no longer has
  for (int round = 0; round < 300; ++round) {
    std::vector<Record> records;
    std::vector<Change> changes;
    for (std::int64_t id = 1; id <= 30; ++id) {
      if (!random.one_in(4)) records.push_back({id, random.below(3), any_stage()});
      for (unsigned i = random.below(5); i > 0; --i)
        changes.push_back({id, random.between<std::int64_t>(0, 6), any_stage(), any_stage()});
    }
    std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
      return a.id != b.id ? a.id < b.id : a.at < b.at;
    });
    // All of them at once, or a part by another counter.
    const std::size_t own =
        random.one_in(2) ? records.size() : random.below(static_cast<unsigned>(records.size() + 1));
    crm::FunnelCounter counter(all, std::span(records).first(own), 3);
    crm::FunnelCounter rest(all, std::span(records).subspan(own), 3);
    for (crm::FunnelCounter* one : {&counter, &rest}) {
      for (const Change& change : changes) one->add_change(change.id, change.at, change.from, change.to);
      one->finish();
    }
    counter.add(std::move(rest));

    const Naive naive{all, records, changes};
    std::int64_t without_history = 0, counted = 0;
    std::map<std::pair<std::uint32_t, std::size_t>, std::pair<std::int64_t, std::int64_t>>
        expected;  // lost, open
    for (const Record& record : records) {
      const bool any = std::any_of(changes.begin(), changes.end(),
                                   [&](const Change& change) { return change.id == record.id; });
      if (!any) ++without_history;
      const std::size_t furthest = naive.furthest(record);
      auto& [lost, open] = expected[{record.group, furthest}];
      ++(naive.lost(record.stage) && all[furthest].outcome != crm::Outcome::won ? lost : open);
    }
    CHECK(counter.without_history() == without_history);
    for (std::uint32_t group = 0; group < counter.groups().size(); ++group) {
      for (std::uint16_t stage = 0; stage < all.size(); ++stage) {
        auto& count = counter.groups()[group][stage];
        const auto& [lost, open] = expected[{group, stage}];
        CHECK(count.lost_here == lost);
        CHECK(count.open_here == open);
        counted += count.lost_here + count.open_here;
        std::int64_t open_stays = 0;
        const auto stays = naive.stays(group, stage, open_stays);
        std::sort(count.stays.begin(), count.stays.end());
        CHECK(count.stays == stays);
        CHECK(count.open_stays == open_stays);
      }
    }
    CHECK(counted == static_cast<std::int64_t>(records.size()));
  }
}

TEST_CASE("percentiles interpolate between the two nearest values") {
  std::vector<std::uint32_t> none;
  CHECK_FALSE(crm::percentile(none, 0.5).has_value());
  std::vector<std::uint32_t> one = {7};
  CHECK(crm::percentile(one, 0.9).value() == 7);
  std::vector<std::uint32_t> four = {40, 10, 30, 20};
  CHECK(crm::percentile(four, 0.5).value() == doctest::Approx(25));
  CHECK(crm::percentile(four, 0.9).value() == doctest::Approx(37));
  CHECK(crm::percentile(four, 0).value() == 10);
  CHECK(crm::percentile(four, 1).value() == 40);
  std::vector<std::uint32_t> seconds = {86400, 3 * 86400};
  CHECK(crm::percentile_days(seconds, 0.5).value() == doctest::Approx(2));
}
