// What follows by itself when follow-ups, and the records they are about, are written.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "crm/error.h"
#include "records/reactor.h"

namespace crm {

// Fills in a follow-up's moments; cancels the open plans of a record that comes into a stage with an outcome.
class FollowupRules final : public Reactor {
 public:
  void before(Session& session, RecordChange& change) override;
  void after(Session& session, const RecordChange& change) override;
};

// Whether the record is in a stage with an outcome: then nothing is planned for it.
bool is_closed(Session& session, RecordId record);
// Error{invalid} about a plan for such a record.
Error closed_to_plans(RecordId record);
// The record's open plan that is due first, of those made by that moment (Unix seconds); nothing where it has
// none.
std::optional<RecordId> oldest_open_plan(Session& session, RecordId about,
                                         std::int64_t made_by = std::numeric_limits<std::int64_t>::max());
// The moment of the record's first talk after that one that planned another; nothing where none did.
std::optional<std::int64_t> next_planning_talk(Session& session, RecordId about, std::int64_t after);
// Settles an open plan at that moment (Unix seconds).
void settle_plan(Session& session, RecordId plan, std::int64_t at, Origin origin);
// Who answers for the record that a follow-up is about; nothing where it has no owner. Throws as
// load_record().
std::optional<std::int64_t> owner_of_subject(Session& session, RecordId about);
// A plan about the same record, for the same owner (or, where it has none, the record's) and by the same way
// as the talk, due at that moment.
RecordId plan_next(Session& session, const StoredRecord& talk, std::int64_t due, Origin origin);

}  // namespace crm
