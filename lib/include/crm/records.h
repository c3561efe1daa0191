// What every kind of record has: add, edit, delete, restore, tag, list, show, history, undo, verify.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crm/export.h"
#include "crm/kind.h"
#include "crm/session.h"
#include "crm/table.h"

namespace crm {

// A field and its value as a user typed it; an empty text makes the field absent.
struct FieldText {
  std::string field;
  std::string text;
};

enum class IfExists { update, skip, fail };
enum class Written { added, updated, unchanged, skipped };

struct AddOptions {
  IfExists if_exists = IfExists::update;  // what to do where one of the references is there already
};

struct WriteResult {
  RecordId record;
  Written written = Written::unchanged;
};

// Each of these is one step of the surrounding Write (or a Write of its own). Values are read as the field's
// type; Error{invalid} names the field. References to missing users and records: Error{not_found}; a missing
// team is made, with a notice.
CRM_API WriteResult add(Session& session, Kind kind, std::span<const FieldText> fields,
                        const AddOptions& options = {});
// `if_version`: Error{conflict} where the record has another version.
CRM_API WriteResult edit(Session& session, RecordId record, std::span<const FieldText> fields,
                         std::optional<std::int64_t> if_version = std::nullopt);
CRM_API WriteResult remove(Session& session, RecordId record);
CRM_API WriteResult restore(Session& session, RecordId record);
CRM_API WriteResult tag(Session& session, RecordId record, std::span<const std::string> tags);
CRM_API WriteResult untag(Session& session, RecordId record, std::span<const std::string> tags);

// The record that a user means by: 42, lead/42, ref:SOURCE/KEY, or an exact e-mail, phone or name that just
// one has. Error{not_found}; Error{conflict} that lists them where several do. Deleted ones only by number,
// where asked for.
CRM_API RecordId resolve(Session& session, Kind kind, std::string_view name, bool deleted_too = false);
// The same of what is to be deleted: the number of a merged record leads to no other one. Error{conflict}.
CRM_API RecordId resolve_itself(Session& session, Kind kind, std::string_view name);

// Which records: all of these conditions joined by and.
struct Selection {
  std::vector<std::string> terms;  // field=value, +tag, a bare word …
  std::string where;               // an expression
  std::string search;              // any text
  bool deleted = false;            // the deleted ones instead
};

struct ListQuery {
  Kind kind{};
  Selection selection;
  std::vector<std::string>
      fields;                  // which columns, in this order; empty: all of the kind's, or its table columns
  bool table_columns = false;  // with no fields given: the columns of the default table, else all stored ones
  bool subject_names = false;  // beside all stored ones, what the rows are about is called
  std::vector<std::string> sort;  // field names, "-" before one for descending; default: by id
  std::optional<std::int64_t> limit;
  std::int64_t offset = 0;
};

struct ListResult {
  std::int64_t rows = 0;
  bool more = false;  // the limit held some back
};

// Streams the rows into the sink.
CRM_API ListResult list(Session& session, const ListQuery& query, RowSink& sink);
// Those records, in the order given, each once.
CRM_API void show(Session& session, std::span<const RecordId> records, std::span<const std::string> fields,
                  RowSink& sink);
// The ids in the order of the numbers. A bulk write needs a condition or `all`: Error{usage}.
CRM_API std::vector<RecordId> select(Session& session, Kind kind, const Selection& selection, bool all);
// Whether a word of a command line is a condition (stage=new, +vip) rather than the name of a record.
CRM_API bool looks_like_term(std::string_view word);

// A digest of the records as they now are and of what is to be done with them, for --confirm: it changes when
// one of them does.
CRM_API std::string selection_digest(Session& session, std::span<const RecordId> records,
                                     std::string_view act);

// The record's changes, newest first: change, at, actor, action, field, old, new, command.
CRM_API void history(Session& session, RecordId record, RowSink& sink);

struct LogQuery {
  std::optional<std::int64_t> limit;
  std::optional<std::int64_t> change;  // just this one
};
// The changes of the database, newest first: change, at, acted_at, actor, records, command, reason, undoes.
CRM_API void log(Session& session, const LogQuery& query, RowSink& sink);

// Takes back a change (the last one that is no undo and is not yet undone, or the given one). Error{conflict}
// with the list of records that were changed since; nothing is done then. Returns the records touched.
CRM_API std::vector<RecordId> undo(Session& session, std::optional<std::int64_t> change);

struct VerifyResult {
  std::int64_t changes = 0;
  std::int64_t records = 0;
  std::vector<std::string> problems;  // empty: the log is whole and every row is what its last change left
  std::string head;  // hash of the last change, as hex: kept elsewhere it also shows a cut-off log
};
CRM_API VerifyResult verify(Session& session);

// What the engine and our own invariants find wrong: damaged pages, dangling references, records that the
// search index lacks, wrong file modes.
CRM_API std::vector<std::string> doctor(Session& session);

// Makes the search index anew of the records; a dry run does not. Error{denied} for whom the workflow does
// not make an admin.
CRM_API void rebuild_search_index(Session& session);

// A consistent copy made while others write, mode 0600, verified after writing; a dry run makes none.
// Error{conflict} where the file is there.
CRM_API void backup(Session& session, const std::string& path);

// Name and value of each fact: path, size, schema version, kinds and their counts, workflow, time zone, last
// change.
CRM_API void status(Session& session, RowSink& sink);

// For completion: up to `most` names that begin with the prefix (users, teams by name; others as ids with
// their name).
CRM_API std::vector<std::string> complete_names(Session& session, Kind kind, std::string_view prefix,
                                                std::size_t most);

}  // namespace crm
