#include "records/take_back.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "records/old_values.h"
#include "records/record_people.h"
#include "records/session_state.h"
#include "records/standing.h"
#include "records/write_record.h"

namespace crm {
namespace {

void take_back(Session& session, const LoggedEvent& event, const StoredRecord& before) {
  StoredRecord after = before;
  Action action = Action::edit;
  if (event.action == Action::add) {
    after.deleted_at = now_seconds(session);
    after.refs.clear();  // the reference is free for a new import
    action = Action::remove;
  } else {
    apply_old_values(session.state().shape(session, event.record.kind), event.old, after);
    if (event.action == Action::remove) action = Action::restore;
    if (event.action == Action::restore) action = Action::remove;
    check_people_there(session, before, after);
    check_standing(session, before, after);
  }
  const bool person = after.id.kind == Kind::user || after.id.kind == Kind::team;
  if (person && action == Action::remove) check_unused(session, before);
  update_record(session, before, after, action, Origin::undo);
}

// Records that were added one after another have numbers close together: those of one kind are read at once.
class LoadedRecords {
 public:
  LoadedRecords(Session& session, std::span<const LoggedEvent> events) : session_(session) {
    const auto is_new = [&](const LoggedEvent& event) { return event.action == Action::add; };
    const auto newest = std::find_if(events.begin(), events.end(), is_new);
    if (newest == events.end()) return;
    const Kind kind = newest->record.kind;
    std::int64_t first = newest->record.id, last = first, count = 0;
    for (const LoggedEvent& event : events) {
      if (!is_new(event)) continue;
      if (event.record.kind != kind) return;
      first = std::min(first, event.record.id);
      last = std::max(last, event.record.id);
      ++count;
    }
    constexpr std::int64_t kGaps = 4;
    if (last - first < kGaps * count) load(kind, first, last);
  }

  // As it was before anything of the block was taken back: only good once.
  StoredRecord take(RecordId id) {
    const auto found = id.kind == kind_ ? records_.find(id.id) : records_.end();
    if (found == records_.end()) return load_record(session_, id, true);
    StoredRecord record = std::move(found->second);
    records_.erase(found);
    return record;
  }

 private:
  void load(Kind kind, std::int64_t first, std::int64_t last) {
    kind_ = kind;
    Connection& connection = *session_.state().connection;
    const TableShape& shape = session_.state().shape(session_, kind);
    const Param range[] = {first, last};
    connection.each(shape.select() + " WHERE id BETWEEN $1 AND $2", range, [&](const Row& row) {
      StoredRecord record;
      shape.read(row, record);
      records_.emplace(record.id.id, std::move(record));
    });
    const Param of_kind[] = {static_cast<std::int64_t>(kind), first, last};
    const auto add_to = [&](std::vector<std::string> StoredRecord::*list) {
      return [this, list](const Row& row) {
        if (const auto found = records_.find(row.integer(0)); found != records_.end())
          (found->second.*list).emplace_back(row.text(1));
      };
    };
    connection.each("SELECT record, name FROM tag WHERE kind = $1 AND record BETWEEN $2 AND $3", of_kind,
                    add_to(&StoredRecord::tags));
    connection.each(
        "SELECT record, source || '/' || key FROM external_ref WHERE kind = $1 AND record BETWEEN $2 AND $3",
        of_kind, add_to(&StoredRecord::refs));
    for (auto& [id, record] : records_) {
      std::sort(record.tags.begin(), record.tags.end());
      std::sort(record.refs.begin(), record.refs.end());
    }
  }

  Session& session_;
  Kind kind_{};
  std::unordered_map<std::int64_t, StoredRecord> records_;
};

}  // namespace

void take_back(Session& session, const LoggedEvent& event) {
  take_back(session, event, load_record(session, event.record, true));
}

void take_back(Session& session, std::span<const LoggedEvent> events) {
  LoadedRecords records(session, events);
  for (const LoggedEvent& event : events) take_back(session, event, records.take(event.record));
}

}  // namespace crm
