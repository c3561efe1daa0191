// Rules as a reactor: changes of records become events, and events set off rules.
#pragma once

#include "process/rule.h"
#include "records/reactor.h"

namespace crm {

class RuleReactor final : public Reactor {
 public:
  void before(Session& session, RecordChange& change) override;
  void after(Session& session, const RecordChange& change) override;
  void verb(Session& session, RecordId record, std::string_view verb) override;
  void settle(Session& session) override;
  void put_back(Session& session, RecordId record) override;
  void taken_out(Session& session, std::span<const StoredRecord> records) override;
  void process_changed(Session& session, const Process& before) override;
  void verify(Session& session, std::vector<std::string>& problems) override;
};

// The event joins the end of the queue, if a rule waits for it. Inside a Write.
void raise_event(Session& session, const RuleEvent& event, RecordId record);

}  // namespace crm
