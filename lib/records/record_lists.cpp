#include "records/record_lists.h"

#include <algorithm>
#include <utility>

#include "records/concealment.h"
#include "records/session_state.h"
#include "records/write_record.h"

namespace crm {
namespace {

std::int64_t kind_number(RecordId record) {
  return static_cast<std::int64_t>(record.kind);
}

void add_ref(Session& session, RecordId record, const std::string& ref) {
  const auto holder = claim_ref(session, record, ref);
  if (!holder) return;
  throw reference_taken(session, ref, *holder);
}

}  // namespace

void load_lists(Connection& connection, StoredRecord& record) {
  const Param params[] = {kind_number(record.id), record.id.id};
  connection.each(
      "SELECT name, NULL FROM tag WHERE kind = $1 AND record = $2 UNION ALL "
      "SELECT source, key FROM external_ref WHERE kind = $1 AND record = $2",
      params, [&](const Row& row) {
        if (row.is_null(1)) {
          record.tags.emplace_back(row.text(0));
        } else {
          record.refs.push_back(std::string(row.text(0)) + '/' + std::string(row.text(1)));
        }
      });
  std::sort(record.tags.begin(), record.tags.end());
  std::sort(record.refs.begin(), record.refs.end());
}

void sort_lists(StoredRecord& record) {
  for (auto* list : {&record.tags, &record.refs}) {
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
}

std::pair<std::string_view, std::string_view> split_ref(std::string_view ref) {
  const std::size_t slash = ref.find('/');
  return {ref.substr(0, slash), ref.substr(slash + 1)};
}

bool may_have_holder(Session& session, Kind kind, std::string_view ref) {
  const auto& new_refs = session.state().new_refs;
  const auto [source, key] = split_ref(ref);
  return !new_refs || new_refs->may_be_known(kind, source, key);
}

std::optional<RecordId> live_holder(Session& session, Kind kind, const std::string& ref) {
  if (!may_have_holder(session, kind, ref)) return std::nullopt;
  const auto [source, key] = split_ref(ref);
  const Param params[] = {static_cast<std::int64_t>(kind), source, key};
  const auto holder = session.state().connection->query_integer(
      "SELECT record FROM external_ref WHERE kind = $1 AND source = $2 AND key = $3", params);
  return holder && find_record(session, {kind, *holder}) ? std::optional(RecordId{kind, *holder})
                                                         : std::nullopt;
}

std::optional<RecordId> claim_ref(Session& session, RecordId record, const std::string& ref) {
  Connection& connection = *session.state().connection;
  const auto [source, key] = split_ref(ref);
  const Param params[] = {kind_number(record), source, key, record.id};
  if (const auto& new_refs = session.state().new_refs) {
    if (!new_refs->note(record.kind, source, key)) {
      connection.append("INSERT INTO external_ref (kind, source, key, record) VALUES ($1, $2, $3, $4)",
                        params);
      return std::nullopt;
    }
    if (const auto holder = live_holder(session, record.kind, ref)) return holder;
  }
  const std::int64_t added = connection.execute(
      "INSERT INTO external_ref (kind, source, key, record) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
      params);
  if (added == 1) return std::nullopt;
  if (const auto holder = live_holder(session, record.kind, ref)) return holder;
  session.state().at_hand.reset();
  connection.execute("UPDATE external_ref SET record = $4 WHERE kind = $1 AND source = $2 AND key = $3",
                     params);
  return std::nullopt;
}

void write_lists(Session& session, RecordId id, const StoredRecord* before, const StoredRecord& after,
                 bool refs_written) {
  Connection& connection = *session.state().connection;
  static const std::vector<std::string> kNone;
  const auto missing = [](const std::vector<std::string>& list, const std::string& item) {
    return !std::binary_search(list.begin(), list.end(), item);
  };
  const auto& old_tags = before != nullptr ? before->tags : kNone;
  const auto& old_refs = before != nullptr ? before->refs : kNone;
  for (const std::string& tag : old_tags) {
    const Param params[] = {kind_number(id), id.id, tag};
    if (missing(after.tags, tag))
      connection.execute("DELETE FROM tag WHERE kind = $1 AND record = $2 AND name = $3", params);
  }
  for (const std::string& tag : after.tags) {
    const Param params[] = {kind_number(id), id.id, tag};
    if (missing(old_tags, tag))
      connection.execute("INSERT INTO tag (kind, record, name) VALUES ($1, $2, $3)", params);
  }
  if (refs_written) return;
  for (const std::string& ref : old_refs) {
    const auto [source, key] = split_ref(ref);
    const Param params[] = {kind_number(id), source, key, id.id};
    if (missing(after.refs, ref))
      connection.execute(
          "DELETE FROM external_ref WHERE kind = $1 AND source = $2 AND key = $3 AND record = $4", params);
  }
  for (const std::string& ref : after.refs) {
    if (missing(old_refs, ref)) add_ref(session, id, ref);
  }
}

}  // namespace crm
