#include "engine/reactions.h"

namespace crm {

Reactions& Reactions::of(Session& session) {
  std::unique_ptr<Pending>& pending = session.state().pending;
  if (!pending) pending = std::make_unique<Reactions>();
  return static_cast<Reactions&>(*pending);
}

void Reactions::rewind() {
  for (const auto& one : acted_since_mark_) acted_.erase(one);
  acted_since_mark_.clear();
  queue.clear();
  before.clear();
  chain.clear();
  people_.reset();
  settling = false;
}

bool Reactions::claim(const std::string& rule, RecordId record) {
  const auto [at, added] = acted_.emplace(rule, key_of(record));
  if (added) acted_since_mark_.push_back(*at);
  return added;
}

const People& Reactions::people(Session& session) {
  if (!people_) people_ = std::make_unique<People>(session);
  return *people_;
}

std::string Reactions::cause(Session& session) const {
  return planned.empty() ? "change-" + std::to_string(session.state().open_change().number()) : planned;
}

}  // namespace crm
