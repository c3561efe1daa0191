// What the rooms above have to say to a change of a record.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crm/session.h"
#include "process/process.h"
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
  // Inside the transaction, after the row and its event were written; of undo and renaming too.
  virtual void after(Session& session, const RecordChange& change) = 0;
  // A verb with rules of its own ("convert") begins on a record, inside the transaction: may refuse it.
  virtual void verb(Session& /*session*/, RecordId /*record*/, std::string_view /*verb*/) {}
  // A command, or one step of it, has written all that it had to: what follows from it is done now, inside
  // the transaction. Also called where nothing was written.
  virtual void settle(Session& /*session*/) {}
  // A record was put back as it was, by an undo.
  virtual void put_back(Session& /*session*/, RecordId /*record*/) {}
  // The same of many of one kind, whose numbers follow each other, that are now deleted.
  virtual void taken_out(Session& session, std::span<const StoredRecord> records) {
    for (const StoredRecord& record : records) put_back(session, record.id);
  }
  // Another process is in force from now on, inside the transaction.
  virtual void process_changed(Session& /*session*/, const Process& /*before*/) {}
  // What `verify` finds wrong with what the reactor keeps beside the records: adds to the problems.
  virtual void verify(Session& /*session*/, std::vector<std::string>& /*problems*/) {}
};

// What a reactor has in hand between the write of a record and the end of the command; kept by the session
// for it.
class Pending {
 public:
  virtual ~Pending() = default;
  // A step begins that may fail alone: what is in hand now stays.
  virtual void mark() = 0;
  // It failed: what came since the mark is dropped.
  virtual void rewind() = 0;
};

// Lets the reactors do what follows from what was written. Inside a Write.
void settle_reactors(Session& session);
// Says to the reactors that the verb begins. Inside a Write.
void begin_verb(Session& session, RecordId record, std::string_view verb);

// The reactors of the rooms above, in the order they act. Set once at start-up by the highest room
// (engine/reactors.cpp).
const std::vector<Reactor*>& reactors();

}  // namespace crm
