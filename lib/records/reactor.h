// What the rooms above have to say to a change of a record.
#pragma once

#include <cstdint>

#include "crm/session.h"
#include "records/stored_record.h"

namespace crm {

enum class Origin : std::uint8_t {
  command,   // a person or a script, by a verb
  imported,  // a row of a file: moments are as given, no rule is set off
  undo,      // values are put back as they were: nobody has a say
  renaming,  // a value has another name from now on, such as a stage: nobody has a say
};

enum class Action : std::uint8_t { add = 1, edit = 2, remove = 3, restore = 4 };

// One change of one record, while it happens. `before` is null for an add.
struct RecordChange {
  Action action;
  Origin origin;
  const StoredRecord* before;
  StoredRecord& after;
};

class Reactor {
 public:
  virtual ~Reactor() = default;
  // Before the row is written: may complete `after` (defaults, moments) or refuse by throwing Error.
  virtual void before(Session& session, RecordChange& change) = 0;
  // Inside the transaction, after the row and its event were written.
  virtual void after(Session& session, const RecordChange& change) = 0;
};

// The reactors of the rooms above, in the order they act. Set once at start-up by the highest room (workflow/reactors.cpp).
const std::vector<Reactor*>& reactors();

}  // namespace crm
