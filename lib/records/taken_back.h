// Which changes of the log are taken back, and by which.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "store/connection.h"

namespace crm {

// One that was taken back and put back again is in force.
class TakenBack {
 public:
  explicit TakenBack(Connection& connection);

  // The earliest change in force that took something of it back.
  std::optional<std::int64_t> by(std::int64_t change) const;
  // Whether a later change left the records as they were after `since`: one that was taken back, or what took
  // it back.
  bool is_void(std::int64_t change, std::int64_t since) const;
  // Those after `since` that belong together as one taken back and what took it back: a record that both
  // touched is as it was before the first. In no order, each pair once.
  std::vector<std::pair<std::int64_t, std::int64_t>> voided_since(std::int64_t since) const;

 private:
  std::unordered_map<std::int64_t, std::int64_t> by_;
  std::unordered_map<std::int64_t, std::int64_t> undoes_;
};

}  // namespace crm
