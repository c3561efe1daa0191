// What rules have to do in the Write that is under way.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "process/rule.h"
#include "records/reactor.h"
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

class Reactions final : public Pending {
 public:
  // Those of the Write that is under way.
  static Reactions& of(Session& session);
  // Null where nothing is in hand.
  static Reactions* find(Session& session) { return static_cast<Reactions*>(session.state().pending.get()); }

  void mark() override { acted_since_mark_.clear(); }
  void rewind() override;

  // Whether the rule may act on the record; then it has.
  bool claim(const std::string& rule, RecordId record);
  // Everybody, as they are when first asked for in this Write.
  const People& people(Session& session);
  // What the keys of messages have for their cause: the planned time, or the change.
  std::string cause(Session& session) const;

  std::deque<PendingEvent> queue;
  // Records as they were before the command; null: it was not there.
  std::map<RecordKey, std::shared_ptr<const StoredRecord>> before;
  std::vector<std::string> chain;    // of the rule that is acting
  std::string planned;               // what is done is done for this planned time; empty: for a change
  std::vector<std::int64_t> grants;  // approvals that this command has used up
  bool settling = false;

 private:
  std::set<std::pair<std::string, RecordKey>> acted_;
  std::vector<std::pair<std::string, RecordKey>> acted_since_mark_;
  std::unique_ptr<People> people_;
};

}  // namespace crm
