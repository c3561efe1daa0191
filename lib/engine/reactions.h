// What rules have to do in the Write that is under way.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "process/rule.h"
#include "records/reactor.h"
#include "records/record_set.h"
#include "records/session_state.h"
#include "reminders/people.h"

namespace crm {

// Orders records.
using RecordKey = std::pair<Kind, std::int64_t>;
inline RecordKey key_of(RecordId record) {
  return {record.kind, record.id};
}

struct PendingEvent {
  RuleEvent event;
  RecordId record;
  std::vector<std::string> chain;  // the rules that led to it: "first-call on lead/1"
};

// An approval that the command has used up.
struct UsedGrant {
  std::string approval;
  RecordKey record;
  std::string words;  // the command line, as JSON
  friend bool operator==(const UsedGrant&, const UsedGrant&) = default;
};

class Reactions final : public Pending {
 public:
  // Those of the Write that is under way.
  static Reactions& of(Session& session);
  // Null where nothing is in hand.
  static Reactions* find(Session& session) { return static_cast<Reactions*>(session.state().pending.get()); }

  // Another change begins in the same Write.
  void begin_change();

  void mark() override {
    acted_since_mark_.clear();
    grants_at_mark_ = grants.size();
  }
  void rewind() override;

  // Whether the rule may act on the record; then it has.
  bool claim(const Session::State& state, const Rule& rule, RecordId record);
  // Everybody, as they are when first asked for in this Write.
  const People& people(Session& session);
  // What the keys of messages have for their cause: the planned time, or the change.
  std::string cause(Session& session) const;

  std::deque<PendingEvent> queue;
  // Records as they were before the command; null: it was not there.
  std::map<RecordKey, std::shared_ptr<const StoredRecord>> before;
  std::vector<std::string> chain;  // of the rule that is acting
  std::string planned;             // what is done is done for this planned time; empty: for a change
  std::vector<UsedGrant> grants;
  std::unique_ptr<RecordSet> clocks;  // records whose clocks an import may have changed
  // Who wants to know whose clocks are written; null: nobody.
  std::vector<RecordId>* rewritten_clocks = nullptr;
  bool settling = false;

 private:
  // Rule and record in one number: an import may have many of them.
  std::unordered_set<std::uint64_t> acted_;
  std::vector<std::uint64_t> acted_since_mark_;
  std::size_t grants_at_mark_ = 0;
  std::unique_ptr<People> people_;
};

}  // namespace crm
