// Events of the log, taken back.
#pragma once

#include <map>
#include <span>
#include <string>

#include "records/reactor.h"

namespace crm {

struct LoggedEvent {
  RecordId record;
  Action action{};
  std::string old;  // its old values, as the log keeps them
};

// Inside a Write.
class TakingBack {
 public:
  explicit TakingBack(Session& session) : session_(session) {}

  // Writes the record as it was before the event, which must be the last one of it that is not taken back; a
  // record that it added is removed and its references are free.
  void take_back(const LoggedEvent& event);
  // The same for many, in that order.
  void take_back(std::span<const LoggedEvent> events);
  // Error{conflict} where it has left a record in a stage that the workflow no longer has.
  void finish() const;

 private:
  void take_back(const LoggedEvent& event, const StoredRecord& before);
  void note_stage(const StoredRecord& before, const StoredRecord& after);

  Session& session_;
  // Those in a stage that the workflow does not have, by kind and number.
  std::map<std::pair<Kind, std::int64_t>, std::string> stranded_;
};

}  // namespace crm
