// The funnel's counting: records and their stage changes in order, figures for each group and stage.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "process/process.h"

namespace crm {

// Where a stage of that name stands; behind the last for all unknown ones.
std::uint16_t stage_number(const std::vector<Stage>& stages, std::string_view name);

struct FunnelRecord {
  std::int64_t id;
  std::uint32_t group;
  std::uint16_t stage;  // its number
};

class FunnelCounter {
 public:
  // Counts these records, which are in order of id. Both must outlive it.
  FunnelCounter(const std::vector<Stage>& stages, std::span<const FunnelRecord> records, std::size_t groups);

  std::span<const FunnelRecord> records() const { return records_; }
  // The changes of each record in order of id and moment (Unix seconds). Those of other records do not count.
  // Of changes at the same moment the one to the stage that is later in the workflow counts as the later one.
  void add_change(std::int64_t id, std::int64_t at, std::uint16_t from, std::uint16_t to);
  void finish();
  // Adds what another one counted of other records. Call finish() of both before.
  void add(FunnelCounter&& other);

  // What was counted at one stage of one group.
  struct Count {
    std::int64_t lost_here = 0;  // records whose furthest stage it is
    std::int64_t open_here = 0;
    std::int64_t open_stays = 0;
    std::vector<std::uint32_t> stays;  // those that have ended, in seconds
  };
  // By group, then by the stage's number. Call finish() before.
  std::vector<std::vector<Count>>& groups() { return groups_; }
  std::int64_t without_history() const { return without_history_; }

 private:
  struct Change {
    std::int64_t at;
    std::uint16_t to;
  };
  struct History {
    std::vector<Change> changes;
    int furthest = -1;  // the furthest stage that they name and that is not lost; -1: none
  };

  bool is_lost(std::uint16_t stage) const { return stages_[stage].outcome == Outcome::lost; }
  void go_further(std::uint16_t stage);
  // Counts the record that the changes were about, and those before it, which have none.
  void end_record();
  void count(const FunnelRecord& record, History& history);
  void count_stays(History& history, std::vector<Count>& counts);

  const std::vector<Stage>& stages_;
  std::span<const FunnelRecord> records_;
  std::uint16_t first_ = 0;  // the first stage that is not lost
  std::vector<std::vector<Count>> groups_;
  std::size_t next_ = 0;      // the first record not yet counted
  std::int64_t present_ = 0;  // the record that `history_` is about
  History history_;
  std::int64_t without_history_ = 0;
};

}  // namespace crm
