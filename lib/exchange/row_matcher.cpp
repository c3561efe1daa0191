#include "exchange/row_matcher.h"

#include <algorithm>
#include <functional>

#include "base/text.h"
#include "crm/error.h"
#include "entity/descriptors.h"
#include "followups/followup_fields.h"
#include "modules/phone.h"
#include "records/record_lists.h"
#include "records/rights.h"
#include "records/write_record.h"

namespace crm {
namespace {

using namespace followup_fields;
constexpr std::size_t kTalkNote = field<Kind::followup>("note");
constexpr std::size_t kRecord = field<Kind::stage_change>("record");
constexpr std::size_t kTo = field<Kind::stage_change>("to");
constexpr std::size_t kChangedAt = field<Kind::stage_change>("at");
constexpr std::size_t kPerson = field<Kind::consent>("about");
constexpr std::size_t kAddress = field<Kind::consent>("address");
constexpr std::size_t kPurpose = field<Kind::consent>("purpose");
constexpr std::size_t kState = field<Kind::consent>("state");
constexpr std::size_t kSaidAt = field<Kind::consent>("at");

std::uint64_t hash_of(std::string_view text) {
  return std::hash<std::string_view>()(text);
}

}  // namespace

RowMatcher::RowMatcher(Session& session, Kind kind, const std::vector<std::string>& keys)
    : session_(session),
      kind_(kind),
      keys_(keys),
      table_("\"" + std::string(entity(kind).table) + "\""),
      by_ref_sql_("SELECT e.record FROM external_ref e JOIN " + table_ +
                  " r ON r.id = e.record WHERE e.kind = $1 AND e.source = $2 AND e.key = $3 AND r.deleted_at "
                  "IS NULL"),
      visible_(visible_sql(session, kind)),
      name_(session.view(kind).position("name")) {
  for (const std::string& key : keys) {
    if (key == "ref") continue;
    const bool known = key == "email" || key == "phone" || key == "name";
    const std::size_t position = known ? session.view(kind).position(key) : KindView::npos;
    if (position == KindView::npos) {
      throw Error(ErrorCode::usage,
                  std::string(entity(kind).plural.en) + " cannot be matched by " + quoted(key),
                  "match by ref, email, phone or name");
    }
    content_keys_[key] = {position, key == "name" ? key : key + "_key", {}, false};
  }
}

std::optional<RecordId> RowMatcher::find(const IncomingRow& row) {
  const std::optional<RecordId> found = find_any(row);
  return found && !visible_.empty() && !may_see(session_, *found) ? std::nullopt : found;
}

std::optional<RecordId> RowMatcher::find_any(const IncomingRow& row) {
  bool any_key = false;
  for (const std::string& key : keys_) {
    bool given = false;
    if (auto found = by_key(key, row, given)) return found;
    any_key = any_key || given;
  }
  if (kind_ == Kind::user || kind_ == Kind::team) return by_name(row.record);
  if (kind_ == Kind::consent) return any_key ? std::nullopt : by_statement(row.record);
  if (kind_ == Kind::stage_change || kind_ == Kind::followup) {
    if (!row.record.refs.empty()) return std::nullopt;
    const std::optional<RecordId> found = by_moment(row.record);
    return found || kind_ == Kind::stage_change ? found : by_plan(row.record);
  }
  if (row.perhaps_own != 0) return by_number(row.perhaps_own, row.record);
  return any_key || row.record.id.id == 0 ? std::nullopt : by_number(row.record.id.id, row.record);
}

bool RowMatcher::is_by_ref_alone(const IncomingRow& row) const {
  return keys_.size() == 1 && keys_.front() == "ref" && kind_ != Kind::user && kind_ != Kind::team &&
         row.perhaps_own == 0 && !row.record.refs.empty();
}

std::optional<RecordId> RowMatcher::by_key(const std::string& key, const IncomingRow& row, bool& given) {
  if (key != "ref") return by_content(content_keys_.at(key), row.record, given);
  given = !row.record.refs.empty();
  return by_refs(row.record);
}

std::optional<RecordId> RowMatcher::by_refs(const StoredRecord& row) {
  for (const std::string& ref : row.refs) {
    const auto [source, key] = split_ref(ref);
    const Param params[] = {static_cast<std::int64_t>(kind_), source, key};
    if (const auto id = session_.state().connection->query_integer(by_ref_sql_, params))
      return RecordId{kind_, *id};
  }
  return std::nullopt;
}

std::string RowMatcher::content_of(const ContentKey& key, const StoredRecord& record) const {
  const std::string& text = record.text(key.position);
  if (text.empty() || key.column == "name") return folded(text);
  return key.column == "email_key" ? email_key(text)
                                   : phone_key(text, session_.country()).value_or(std::string());
}

void RowMatcher::load(ContentKey& key) {
  key.loaded = true;
  session_.state().connection->each(
      "SELECT id, " + key.column + " FROM " + table_ + " WHERE deleted_at IS NULL AND " + key.column +
          " IS NOT NULL",
      {}, [&](const Row& row) {
        key.records.emplace(key.column == "name" ? hash_of(folded(row.text(1))) : hash_of(row.text(1)),
                            row.integer(0));
      });
}

bool RowMatcher::has_content(const ContentKey& key, std::int64_t id, const std::string& text) const {
  const Param params[] = {id};
  const auto stored = session_.state().connection->query_text(
      "SELECT " + key.column + " FROM " + table_ + " r WHERE id = $1 AND deleted_at IS NULL" + visible_,
      params);
  return stored && (key.column == "name" ? folded(*stored) : *stored) == text;
}

std::optional<RecordId> RowMatcher::by_content(ContentKey& key, const StoredRecord& row, bool& given) {
  const std::string text = content_of(key, row);
  if (text.empty()) return std::nullopt;
  given = true;
  if (!key.loaded) load(key);
  const auto [begin, end] = key.records.equal_range(hash_of(text));
  std::vector<std::string> found;
  std::optional<RecordId> record;
  for (auto candidate = begin; candidate != end; ++candidate) {
    if (!has_content(key, candidate->second, text)) continue;
    record = RecordId{kind_, candidate->second};
    found.push_back(to_string(*record));
  }
  if (found.size() > 1) {
    std::sort(found.begin(), found.end());
    throw Error(
        ErrorCode::conflict,
        quoted(key.column == "name" ? row.text(key.position) : text) + " is in each of " + listed(found),
        "merge them, or match by --match ref");
  }
  return record;
}

void RowMatcher::note(const StoredRecord& record) {
  for (auto& [name, key] : content_keys_) {
    if (!key.loaded) continue;
    const std::string text = content_of(key, record);
    if (text.empty()) continue;
    const std::pair<const std::uint64_t, std::int64_t> entry(hash_of(text), record.id.id);
    const auto [begin, end] = key.records.equal_range(entry.first);
    if (std::find(begin, end, entry) == end) key.records.insert(entry);
  }
}

std::optional<RecordId> RowMatcher::by_name(const StoredRecord& row) {
  const Param params[] = {row.text(name_)};
  const auto id = session_.state().connection->query_integer(
      "SELECT id FROM " + table_ + " WHERE name = $1 AND deleted_at IS NULL", params);
  return id ? std::optional(RecordId{kind_, *id}) : std::nullopt;
}

// An exported row without any key is the record of that number where the name is the same too.
std::optional<RecordId> RowMatcher::by_number(std::int64_t number, const StoredRecord& row) {
  if (is_renumbered(number)) return std::nullopt;
  const Param params[] = {number, row.text(name_)};
  const bool same = session_.state().connection->exists(
      "SELECT 1 FROM " + table_ + " WHERE id = $1 AND name = $2 AND deleted_at IS NULL", params);
  return same ? std::optional(RecordId{kind_, number}) : std::nullopt;
}

// A stage change is matched by record, stage and moment, a follow-up by record, type and moment. Where
// several are alike, or the file tells two of them apart by their numbers, the number decides; then what is
// said of a follow-up: two calls of one day are two.
std::optional<RecordId> RowMatcher::by_moment(const StoredRecord& row) {
  const bool change = kind_ == Kind::stage_change;
  const auto about = parse_record_id(row.text(change ? kRecord : kAbout));
  if (!about) return std::nullopt;
  const bool plan = !change && is_null(row[kAt]);
  const Param params[] = {static_cast<std::int64_t>(about->kind), about->id,
                          row[change ? kChangedAt
                              : plan ? kDueAt
                                     : kAt],
                          row[change ? kTo : kType]};
  std::optional<RecordId> found;
  bool exact = false, same_words = false;
  const auto says = [&](std::size_t position, std::string_view text) {
    return change || is_null(row[position]) || row.text(position) == text;
  };
  session_.state().connection->query(
      change
          ? "SELECT id, '', '' FROM stage_change WHERE record_kind = $1 AND record_id = $2 AND at = $3 AND "
            "to_stage = $4 AND deleted_at IS NULL ORDER BY id"
      : plan
          ? "SELECT id, outcome, note FROM followup WHERE about_kind = $1 AND about_id = $2 AND at IS NULL "
            "AND due_at = "
            "$3 AND coalesce(type, '') = coalesce($4, '') "
            "AND deleted_at IS NULL ORDER BY id"
          : "SELECT id, outcome, note FROM followup WHERE about_kind = $1 AND about_id = $2 AND at = $3 AND "
            "coalesce(type, '') = coalesce($4, '') AND deleted_at IS NULL "
            "ORDER BY id",
      params, [&](const Row& candidate) {
        const RecordId id{kind_, candidate.integer(0)};
        exact = id.id == row.id.id && !is_renumbered(id.id);
        const bool same = says(kOutcome, candidate.text(1)) && says(kTalkNote, candidate.text(2));
        const bool fits = same ? row.id.id == 0 || !written_now(id.id) : !written_now(id.id);
        if (exact || (fits && (!found || (same && !same_words)))) {
          found = id;
          same_words = same;
        }
        return !exact;
      });
  return found;
}

// What was still to do in an earlier file and is done in this one. A row with a number of its own is what
// that number says.
std::optional<RecordId> RowMatcher::by_plan(const StoredRecord& row) {
  const auto about = parse_record_id(row.text(kAbout));
  if (!about || row.id.id != 0 || is_null(row[kAt]) || is_null(row[kDueAt])) return std::nullopt;
  const Param params[] = {static_cast<std::int64_t>(about->kind), about->id, row[kDueAt], row[kType],
                          row[kOutcome]};
  std::optional<RecordId> plan;
  session_.state().connection->query(
      "SELECT id FROM followup WHERE about_kind = $1 AND about_id = $2 AND at IS NULL AND done_at IS NULL "
      "AND "
      "due_at = $3 AND coalesce(type, '') = coalesce($4, '') AND coalesce(outcome, '') = coalesce($5, '') "
      "AND "
      "deleted_at IS NULL ORDER BY id",
      params, [&](const Row& candidate) {
        if (!written_now(candidate.integer(0))) plan = RecordId{kind_, candidate.integer(0)};
        return !plan;
      });
  return plan;
}

// Who said what of which purpose, and when.
std::optional<RecordId> RowMatcher::by_statement(const StoredRecord& row) {
  const auto about = parse_record_id(row.text(kPerson));
  const std::string address = email_key(row.text(kAddress));
  if (!about && address.empty()) return std::nullopt;
  const Param params[] = {row[kPurpose],
                          row[kState],
                          row[kSaidAt],
                          address.empty() ? Param() : Param(address),
                          about ? Param(static_cast<std::int64_t>(about->kind)) : Param(),
                          about ? Param(about->id) : Param()};
  const auto id = session_.state().connection->query_integer(
      "SELECT id FROM consent WHERE purpose = $1 AND state = $2 AND at = $3 AND deleted_at IS NULL AND "
      "((about_kind = $5 AND about_id = $6 AND ($4 IS NULL OR address_key = $4)) OR "
      "($5 IS NULL AND address_key = $4)) ORDER BY id LIMIT 1",
      params);
  return id ? std::optional(RecordId{kind_, *id}) : std::nullopt;
}

bool RowMatcher::written_now(std::int64_t id) {
  if (!session_.state().change) return false;
  const Param params[] = {static_cast<std::int64_t>(kind_), id, session_.state().change->number()};
  return session_.state().connection->exists(
      "SELECT 1 FROM event WHERE kind = $1 AND record = $2 AND change = $3", params);
}

bool RowMatcher::is_free(std::int64_t id) {
  if (id <= 0) return false;
  if (id >= session_.state().next_new_id(kind_)) return true;
  const Param params[] = {id};
  return !session_.state().connection->exists("SELECT 1 FROM " + table_ + " WHERE id = $1", params);
}

}  // namespace crm
