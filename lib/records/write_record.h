// The one write path: every change of a record goes through here.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "records/reactor.h"
#include "records/session_state.h"

namespace crm {

// Nothing where there is none (or only a deleted one, unless asked for).
std::optional<StoredRecord> find_record(Session& session, RecordId record, bool deleted_too = false);
// Error{not_found}.
StoredRecord load_record(Session& session, RecordId record, bool deleted_too = false);
// An empty record of the kind, to be filled in.
StoredRecord new_record(Session& session, Kind kind);

// Writes a new record: completes it (id, moments, version), lets the reactors act, checks it, writes row,
// tags, references, event and search text. Inside a Write.
void insert_record(Session& session, StoredRecord& record, Origin origin);
// The same, unless a record has one of its references: then that one, and nothing is written. Where it
// throws, the references may be written already.
std::optional<RecordId> insert_unless_referred(Session& session, StoredRecord& record, Origin origin);
// The same for a changed one; false where nothing differs (then nothing is written). `updated_at` says
// whether the record is of now, or of the moment that `after` has.
enum class UpdatedAt : std::uint8_t { now, given };
bool update_record(Session& session, const StoredRecord& before, StoredRecord& after, Action action,
                   Origin origin, UpdatedAt updated_at = UpdatedAt::now);

// Takes back that they were added: they are deleted, and their references are free. `records`: as they stand,
// none deleted, of one kind that is no person's, and their numbers follow each other, in either direction; in
// the end, as they are then.
void take_out(Session& session, std::span<StoredRecord> records);

// The key of the record in the search index.
inline std::int64_t search_key(RecordId record) {
  return (static_cast<std::int64_t>(record.kind) << 48) | record.id;
}

}  // namespace crm
