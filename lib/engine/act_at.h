// For a while the session's now is another moment, such as a planned time.
#pragma once

#include <utility>

#include "records/session_state.h"

namespace crm {

class ActAt {
 public:
  ActAt(Session& session, Moment moment) : state_(session.state()), now_(std::exchange(state_.now, moment)) {}
  ~ActAt() { state_.now = now_; }
  ActAt(const ActAt&) = delete;
  ActAt& operator=(const ActAt&) = delete;

 private:
  Session::State& state_;
  Moment now_;
};

}  // namespace crm
