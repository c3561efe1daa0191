// The tags and references of a record, beside its row.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "crm/session.h"
#include "records/stored_record.h"
#include "store/connection.h"

namespace crm {

// Adds them to the record's, sorted.
void load_lists(Connection& connection, StoredRecord& record);
// Sorted, each once.
void sort_lists(StoredRecord& record);
// "SOURCE/KEY" in two.
std::pair<std::string_view, std::string_view> split_ref(std::string_view ref);
// False where surely no record has the reference, which only an import of very many rows knows.
bool may_have_holder(Session& session, Kind kind, std::string_view ref);
// The record that has the reference; nothing where none has, or a deleted one.
std::optional<RecordId> live_holder(Session& session, Kind kind, const std::string& ref);
// Gives the record the reference, unless a live one has it: then that one.
std::optional<RecordId> claim_ref(Session& session, RecordId record, const std::string& ref);
// Writes what differs between two records' lists, which are sorted; `before` is null for a new one, and
// `refs_written` says that its references are there. Error{conflict} where a live record has one of them.
void write_lists(Session& session, RecordId id, const StoredRecord* before, const StoredRecord& after,
                 bool refs_written = false);

}  // namespace crm
