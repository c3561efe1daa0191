#include "store/sqlite/busy_handler.h"

#include <algorithm>
#include <thread>

namespace crm {
namespace {

std::chrono::microseconds pause(std::chrono::steady_clock::duration waited) {
  using namespace std::chrono_literals;
  if (waited > 1s) return 1ms;
  return std::max(400us, std::chrono::duration_cast<std::chrono::microseconds>(3ms - waited / 35));
}

}  // namespace

bool BusyHandler::wait(int tries) {
  const auto now = std::chrono::steady_clock::now();
  if (tries == 0) {
    started_ = now;
    random_.seed(std::random_device()());  // only here: it asks the processor what it can, which is slow
  }
  if (now - started_ >= timeout_) return false;
  std::this_thread::sleep_for(pause(now - started_) * std::uniform_int_distribution<int>(75, 125)(random_) /
                              100);
  return true;
}

}  // namespace crm
