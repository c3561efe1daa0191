#include "engine/run_lease.h"

#include <thread>

#include "crm/error.h"
#include "outbox/lease.h"
#include "records/session_state.h"

namespace crm {
namespace {

constexpr const char* kName = "workflow-run";

Error busy() {
  return {ErrorCode::busy, "another 'crm workflow run' is at work",
          "try again later, wait with --wait SECONDS, or give --if-busy skip"};
}

std::int64_t until() {
  return (SystemClock().now() + kLeaseTime).time_since_epoch().count();
}

}  // namespace

RunLease::RunLease(Session& session, std::chrono::seconds wait)
    : connection_(*session.state().connection), holder_(lease_of_this_process()) {
  const auto end = std::chrono::steady_clock::now() + wait;
  while (!take()) {
    if (std::chrono::steady_clock::now() >= end) throw busy();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

RunLease::~RunLease() {
  try {
    const Param params[] = {kName, holder_};
    connection_.execute("DELETE FROM lease WHERE name = $1 AND holder = $2", params);
  } catch (const Error&) {
    // It ends with this process anyway.
    return;
  }
}

void RunLease::renew() {
  const Param params[] = {kName, holder_, until()};
  if (connection_.execute("UPDATE lease SET until = $3 WHERE name = $1 AND holder = $2", params) == 0)
    throw busy();
}

bool RunLease::is_held(Connection& connection) {
  bool held = false;
  const Param params[] = {kName};
  connection.each("SELECT holder, until FROM lease WHERE name = $1", params, [&](const Row& row) {
    held = row.text(0) != lease_of_this_process() &&
           !is_lease_free(row.text(0), Moment(std::chrono::seconds(row.integer(1))), SystemClock().now());
  });
  return held;
}

bool RunLease::take() {
  Transaction transaction(connection_);
  if (is_held(connection_)) return false;
  const Param params[] = {kName, holder_, until()};
  connection_.execute(
      "INSERT INTO lease (name, holder, until) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET holder = "
      "$2, until = $3",
      params);
  transaction.commit();
  return true;
}

}  // namespace crm
