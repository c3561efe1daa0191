// How a connection waits for another one that writes.
#pragma once

#include <chrono>
#include <random>

namespace crm {

// Asks again the sooner the longer it has waited, so that many writers get their turn about in the order in
// which they came: SQLite's own growing pauses starve one. A wait that has become long is for something long,
// and asks seldom.
class BusyHandler {
 public:
  // For at most so long, each time.
  explicit BusyHandler(std::chrono::milliseconds timeout) : timeout_(timeout) {}
  // For sqlite3_busy_handler(), with the handler as its argument.
  static int call(void* self, int tries) { return static_cast<BusyHandler*>(self)->wait(tries) ? 1 : 0; }

 private:
  bool wait(int tries);

  std::chrono::milliseconds timeout_;
  std::minstd_rand random_;
  std::chrono::steady_clock::time_point started_;
};

}  // namespace crm
