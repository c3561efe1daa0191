#include "records/take_back.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "crm/error.h"
#include "records/old_values.h"
#include "records/record_people.h"
#include "records/session_state.h"
#include "records/standing.h"
#include "records/write_record.h"

namespace crm {
namespace {

bool is_person(Kind kind) {
  return kind == Kind::user || kind == Kind::team;
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
    if (!is_person(kind) && last - first < kGaps * count) load(kind, first, last);
  }

  // As it was before anything of the block was taken back: only good once.
  StoredRecord take(RecordId id) {
    const auto found = id.kind == kind_ ? records_.find(id.id) : records_.end();
    if (found == records_.end()) return load_record(session_, id, true);
    StoredRecord record = std::move(found->second);
    records_.erase(found);
    return record;
  }

  // Of the events that come next, the records that they added, as long as their numbers go down one by one.
  std::vector<StoredRecord> take_added(std::span<const LoggedEvent> events) {
    std::vector<StoredRecord> added;
    for (const LoggedEvent& event : events) {
      if (event.action != Action::add || event.record.kind != kind_) break;
      if (!added.empty() && event.record.id != added.back().id.id - 1) break;
      const auto found = records_.find(event.record.id);
      if (found == records_.end() || found->second.deleted_at) break;
      added.push_back(std::move(found->second));
      records_.erase(found);
    }
    return added;
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

void TakingBack::take_back(const LoggedEvent& event, const StoredRecord& before) {
  StoredRecord after = before;
  Action action = Action::edit;
  if (event.action == Action::add) {
    after.deleted_at = now_seconds(session_);
    after.refs.clear();  // the reference is free for a new import
    action = Action::remove;
  } else {
    apply_old_values(session_.state().shape(session_, event.record.kind), event.old, after);
    if (event.action == Action::remove) action = Action::restore;
    if (event.action == Action::restore) action = Action::remove;
    check_people_there(session_, before, after);
    check_standing(session_, before, after);
  }
  if (is_person(after.id.kind) && action == Action::remove) {
    session_.state().connection->restore_indexes();
    check_unused(session_, before);
  }
  note_stage(before, after);
  update_record(session_, before, after, action, Origin::undo);
}

void TakingBack::note_stage(const StoredRecord& before, const StoredRecord& after) {
  const Kind kind = after.id.kind;
  if (!entity(kind).has_stages) return;
  const std::size_t at = session_.view(kind).position("stage");
  if (before[at] == after[at]) return;
  const std::string stage = after.text(at);
  if (session_.state().process().find_stage(kind, stage) == nullptr) {
    stranded_[{kind, after.id.id}] = stage;
  } else {
    stranded_.erase({kind, after.id.id});
  }
}

void TakingBack::finish() const {
  if (stranded_.empty()) return;
  const auto& [key, stage] = *stranded_.begin();
  const std::string record = to_string(RecordId{key.first, key.second});
  throw Error(ErrorCode::conflict,
              record +
                  (stranded_.size() > 1 ? " and " + std::to_string(stranded_.size() - 1) + " more" : "") +
                  " would go back to the stage " + quoted(stage) + ", which the workflow no longer has",
              "'crm workflow rollback' brings a revision back that has it; else edit the record")
      .about_record(record);
}

void TakingBack::take_back(const LoggedEvent& event) {
  take_back(event, load_record(session_, event.record, true));
}

void TakingBack::take_back(std::span<const LoggedEvent> events) {
  LoadedRecords records(session_, events);
  while (!events.empty()) {
    std::vector<StoredRecord> added = records.take_added(events);
    if (added.empty()) {
      take_back(events.front(), records.take(events.front().record));
      events = events.subspan(1);
    } else {
      take_out(session_, added);
      events = events.subspan(added.size());
    }
  }
}

}  // namespace crm
