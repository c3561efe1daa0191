// SIGTERM and SIGINT during a delivery: the message at hand is finished and noted, then the process ends by
// the signal. A second one ends it at once.
#pragma once

#include <crm/outbox.h>

#include "app/context.h"

namespace crm::cmd {

class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  bool came() const;
  // Does not return where one came: what was printed goes out first.
  void end_by_them(Context& context);
};

// The delivery stops when a signal comes; `signals` must outlive it.
ChannelOptions stoppable(ChannelOptions options, const StopSignals& signals);

}  // namespace crm::cmd
