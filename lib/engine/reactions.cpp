#include "engine/reactions.h"

#include <algorithm>

namespace crm {

Reactions& Reactions::of(Session& session) {
  std::unique_ptr<Pending>& pending = session.state().pending;
  if (!pending) pending = std::make_unique<Reactions>();
  return static_cast<Reactions&>(*pending);
}

void Reactions::begin_change() {
  acted_.clear();
  acted_since_mark_.clear();
  queue.clear();
  before.clear();
  chain.clear();
  planned.clear();
  grants.clear();
  settling = false;
}

void Reactions::rewind() {
  for (const std::uint64_t one : acted_since_mark_) acted_.erase(one);
  acted_since_mark_.clear();
  grants.resize(std::min(grants.size(), grants_at_mark_));
  queue.clear();
  before.clear();
  chain.clear();
  people_.reset();
  settling = false;
}

bool Reactions::claim(const Session::State& state, const Rule& rule, RecordId record) {
  const auto number = static_cast<std::uint64_t>(&rule - state.process_data->rules.data());
  const std::uint64_t key =
      number << 52 | static_cast<std::uint64_t>(record.kind) << 48 | static_cast<std::uint64_t>(record.id);
  if (!acted_.insert(key).second) return false;
  acted_since_mark_.push_back(key);
  return true;
}

const People& Reactions::people(Session& session) {
  if (!people_) people_ = std::make_unique<People>(session);
  return *people_;
}

std::string Reactions::cause(Session& session) const {
  return planned.empty() ? "change-" + std::to_string(session.state().open_change().number()) : planned;
}

}  // namespace crm
