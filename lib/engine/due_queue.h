// The clocks that are due, one after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "engine/due_timers.h"
#include "engine/reactions.h"

namespace crm {

// In order of time; where nothing that the workflow does to a record concerns another one, those of many
// records in order of the records, which lie so in the file. Clocks that are set anew meanwhile take their
// place among them. Inside a Write.
class DueQueue {
 public:
  // Those that are due at or before that moment; of the table so many are read at a time.
  DueQueue(Session& session, Moment until, std::size_t at_once);
  ~DueQueue();
  DueQueue(const DueQueue&) = delete;
  DueQueue& operator=(const DueQueue&) = delete;

  std::optional<DueTimer> next();
  // What was done was taken back.
  void read_anew();

 private:
  // As read from the table; what was read of a record before it was read again does not count.
  struct Waiting {
    DueTimer timer;
    std::size_t reading = 0;
  };
  struct Earlier {
    bool by_record = false;
    bool operator()(const Waiting& one, const Waiting& other) const;
  };

  void read_many();
  void read_rewritten();
  std::optional<Waiting> take();

  Session& session_;
  std::int64_t until_;
  std::size_t at_once_;
  Earlier earlier_;
  std::vector<Waiting> many_;
  std::size_t next_ = 0;         // of these
  std::optional<Waiting> last_;  // in order of time of these, where later ones may be in the table alone
  std::vector<RecordId> rewritten_;
  std::map<RecordKey, std::size_t> readings_;  // how often a record was read since the many were
  std::set<Waiting, Earlier> again_;
};

}  // namespace crm
