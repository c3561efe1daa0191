// Only one run of the workflow is at work at a time.
#pragma once

#include <chrono>
#include <string>

#include "crm/session.h"
#include "store/connection.h"

namespace crm {

class RunLease {
 public:
  // Error{busy} where another process has it still after waiting for so long.
  RunLease(Session& session, std::chrono::seconds wait);
  ~RunLease();
  RunLease(const RunLease&) = delete;
  RunLease& operator=(const RunLease&) = delete;

  // Holds it for longer. Inside the transaction of what is being done: Error{busy} where another process has
  // taken it meanwhile.
  void renew();

  // Whether another process has it now.
  static bool is_held(Connection& connection);

 private:
  bool take();

  Connection& connection_;
  std::string holder_;
};

}  // namespace crm
