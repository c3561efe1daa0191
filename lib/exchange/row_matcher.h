// Which record a row of a file is about, if it is there already: in the database, or from an earlier row.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/key_ranges.h"
#include "crm/exchange.h"
#include "exchange/incoming_row.h"
#include "records/session_state.h"

namespace crm {

class RowMatcher {
 public:
  // Throws Error{usage} for a key that the kind does not have.
  RowMatcher(Session& session, Kind kind, const std::vector<std::string>& keys);

  // Only one that the acting user may see.
  std::optional<RecordId> find(const IncomingRow& row);
  // Whether only its references can find the row's record: then writing it finds that one too.
  bool is_by_ref_alone(const IncomingRow& row) const;
  // A record as it now is, so that later rows find it.
  void note(const StoredRecord& record);
  // Whether an exported row can have its own number.
  bool is_free(std::int64_t id);
  // A row could not have its own number, and got that one: which is another row's in the file.
  void note_renumbered(std::int64_t id) { renumbered_.add(id); }
  bool is_renumbered(std::int64_t id) const { return renumbered_.has(id); }

 private:
  struct ContentKey {  // e-mail, phone or name: there is no index for them, so their hashes are kept
    std::size_t position;
    std::string column;
    std::unordered_multimap<std::uint64_t, std::int64_t> records;
    bool loaded = false;
  };

  std::optional<RecordId> find_any(const IncomingRow& row);
  std::optional<RecordId> by_key(const std::string& key, const IncomingRow& row, bool& given);
  std::optional<RecordId> by_refs(const StoredRecord& row);
  std::optional<RecordId> by_content(ContentKey& key, const StoredRecord& row, bool& given);
  std::optional<RecordId> by_name(const StoredRecord& row);
  std::optional<RecordId> by_number(std::int64_t number, const StoredRecord& row);
  std::optional<RecordId> by_moment(const StoredRecord& row);
  std::optional<RecordId> by_plan(const StoredRecord& row);
  bool has_content(const ContentKey& key, std::int64_t id, const std::string& text) const;
  std::string content_of(const ContentKey& key, const StoredRecord& record) const;
  void load(ContentKey& key);
  std::optional<RecordId> by_statement(const StoredRecord& row);
  bool written_now(std::int64_t id);

  Session& session_;
  Kind kind_;
  std::vector<std::string> keys_;
  std::unordered_map<std::string, ContentKey> content_keys_;
  std::string table_;
  std::string by_ref_sql_;
  std::string visible_;  // the condition that the acting user may see the row `r`; empty: all
  std::size_t name_;
  KeyRanges renumbered_;
};

}  // namespace crm
