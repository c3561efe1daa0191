#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "crm/error.h"
#include "crm/records.h"
#include "filter/search.h"
#include "modules/phone.h"
#include "records/called.h"
#include "records/merged.h"
#include "records/read_value.h"
#include "records/record_lists.h"
#include "records/rights.h"
#include "records/session_state.h"
#include "records/write_record.h"

namespace crm {
namespace {

constexpr std::size_t kMostFound = 11;  // one more than is told

std::optional<std::int64_t> as_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number <= 0) return std::nullopt;
  return number;
}

Error not_found(Kind kind, std::string_view name, const std::string& hint) {
  const std::string_view word = entity(kind).name;
  return {ErrorCode::not_found, "there is no " + std::string(word) + " " + quoted(name),
          hint.empty() ? "look for it with 'crm " + std::string(word) + " list WORD'" : hint};
}

bool exists(Session& session, RecordId record, bool deleted_too) {
  const Param params[] = {record.id};
  return session.state().connection->exists(
      "SELECT 1 FROM \"" + std::string(entity(record.kind).table) + "\" r WHERE id = $1" +
          (deleted_too ? "" : " AND deleted_at IS NULL") + visible_sql(session, record.kind),
      params);
}

// A merged record's number leads to what it is part of.
std::optional<RecordId> winner_of(Session& session, RecordId record) {
  if (record.kind == Kind::user || record.kind == Kind::team) return std::nullopt;
  const auto winner = merged_into(session, record);
  if (!winner || !exists(session, *winner, false)) return std::nullopt;
  session.notice(to_string(record) + " is part of " + to_string(*winner) + " now");
  return winner;
}

RecordId by_ref(Session& session, Kind kind, std::string_view ref) {
  const std::string full = read_ref(ref, "import");
  const auto [source, key] = split_ref(full);
  const Param params[] = {static_cast<std::int64_t>(kind), source, key};
  const auto id = session.state().connection->query_integer(
      "SELECT record FROM external_ref WHERE kind = $1 AND source = $2 AND key = $3", params);
  // What one may not see is not there.
  if (!id || !may_see(session, {kind, *id})) throw not_found(kind, "ref:" + std::string(ref), {});
  return {kind, *id};
}

// Those whose name is this but for what folding takes away: letters' case and width, spaces.
std::vector<std::int64_t> by_folded_name(Session& session, Kind kind, std::string_view name) {
  const std::string wanted = folded(name);
  const SqlCondition search = fts5_condition(kind, std::string(name), 1);
  const std::vector<Param> params(search.params.begin(), search.params.end());
  std::vector<std::int64_t> found;
  session.state().connection->query("SELECT r.id, r.name FROM \"" + std::string(entity(kind).table) +
                                        "\" r WHERE r.deleted_at IS NULL AND " + search.sql +
                                        visible_sql(session, kind) + " ORDER BY r.id",
                                    params, [&](const Row& row) {
                                      if (folded(row.text(1)) == wanted) found.push_back(row.integer(0));
                                      return found.size() < kMostFound;
                                    });
  return found;
}

}  // namespace

// The search index finds the few that can be; they are then compared.
std::vector<std::int64_t> records_called(Session& session, Kind kind, std::string_view name) {
  const KindView& view = session.view(kind);
  if (view.find("name") == nullptr || trimmed(name).empty()) return {};
  std::string sql = "SELECT r.id FROM \"" + std::string(entity(kind).table) +
                    "\" r WHERE r.deleted_at IS NULL AND (r.name = $1";
  const std::string email = email_key(name);
  const std::string phone = phone_key(name, session.country()).value_or(std::string());
  std::string words(name);
  const Field* email_field = view.find("email");
  const Field* phone_field = view.find("phone");
  if (email_field != nullptr && reveals(session, *email_field)) sql += " OR r.email_key = $2";
  if (phone_field != nullptr && !phone.empty() && reveals(session, *phone_field)) {
    sql += " OR r.phone_key = $3";
    words = phone.substr(1);
  }
  SqlCondition search = fts5_condition(kind, words, 4);
  sql += ") AND " + search.sql + visible_sql(session, kind) + " ORDER BY r.id LIMIT 11";
  std::vector<Param> params = {name, email, phone};
  for (const Value& value : search.params) params.emplace_back(value);
  std::vector<std::int64_t> found;
  session.state().connection->each(sql, params, [&](const Row& row) { found.push_back(row.integer(0)); });
  return found.empty() ? by_folded_name(session, kind, name) : found;
}

void refuse_several(Kind kind, std::string_view name, const std::vector<std::int64_t>& found) {
  std::string list;
  for (std::size_t i = 0; i < std::min<std::size_t>(found.size(), 10); ++i) {
    list += (i == 0 ? "" : ", ") + to_string(RecordId{kind, found[i]});
  }
  throw Error(ErrorCode::conflict,
              quoted(name) + " is " + (found.size() > 10 ? "more than ten " : "each of ") +
                  std::string(entity(kind).label.en) + "s: " + list,
              "give a number");
}

RecordId resolve(Session& session, Kind kind, std::string_view name, bool deleted_too) {
  if (!is_valid_utf8(name)) throw not_found(kind, name, "the name is not valid UTF-8");
  std::optional<std::int64_t> number = as_number(name);
  if (const auto record = parse_record_id(name)) {
    if (record->kind != kind) {
      throw Error(ErrorCode::not_found, quoted(name) + " is no " + std::string(entity(kind).name),
                  "give a " + std::string(entity(kind).name));
    }
    number = record->id;
    if (exists(session, *record, deleted_too)) return *record;
    if (const auto winner = winner_of(session, *record)) return *winner;
    return load_record(session, *record, deleted_too).id;  // says why not
  }
  if (number && exists(session, {kind, *number}, deleted_too)) return {kind, *number};
  if (number) {
    if (const auto winner = winner_of(session, {kind, *number})) return *winner;
    // So few digits are no phone: a name that looks like the number of a record that is gone is another
    // record.
    constexpr std::size_t kShortestPhone = 7;
    if (kind != Kind::user && kind != Kind::team && name.size() < kShortestPhone)
      return load_record(session, {kind, *number}, deleted_too).id;
  }
  if (name.substr(0, 4) == "ref:")
    return load_record(session, by_ref(session, kind, name.substr(4)), deleted_too).id;
  if (kind == Kind::user) {
    if (const auto user = find_user(session, name)) return {kind, *user};
  } else if (kind == Kind::team) {
    if (const auto team = find_team(session, name)) return {kind, *team};
  } else {
    const std::vector<std::int64_t> found = records_called(session, kind, name);
    if (found.size() == 1) return {kind, found.front()};
    if (found.size() > 1) refuse_several(kind, name, found);
  }
  if (number) return load_record(session, {kind, *number}, deleted_too).id;
  std::string hint;
  if (kind == Kind::user) {
    std::vector<std::string> names = complete_names(session, Kind::user, "", 1000);
    if (const auto near = nearest(name, names)) hint = "did you mean " + quoted(*near) + "?";
  }
  throw not_found(kind, name, hint);
}

std::vector<std::string> complete_names(Session& session, Kind kind, std::string_view prefix,
                                        std::size_t most) {
  std::vector<std::string> names;
  if (session.view(kind).find("name") == nullptr) return names;
  const bool by_name = kind == Kind::user || kind == Kind::team;
  const std::string table = "\"" + std::string(entity(kind).table) + "\"";
  const std::string upper =
      std::string(prefix) + "\xf4\x8f\xbf\xbf";  // U+10FFFF: behind every name with that prefix
  const Param params[] = {prefix, upper, static_cast<std::int64_t>(most)};
  const std::string sql =
      by_name ? "SELECT name FROM " + table +
                    " WHERE deleted_at IS NULL AND name >= $1 AND name < $2 ORDER BY name LIMIT $3"
              : "SELECT id FROM " + table + " r WHERE deleted_at IS NULL" + visible_sql(session, kind) +
                    " ORDER BY id DESC LIMIT $3";
  session.state().connection->each(sql, params, [&](const Row& row) {
    std::string name(row.text(0));
    if (by_name || name.substr(0, prefix.size()) == prefix) names.push_back(std::move(name));
  });
  return names;
}

RecordId resolve_itself(Session& session, Kind kind, std::string_view name) {
  const RecordId found = resolve(session, kind, name);
  const auto named = parse_record_id(name);
  const auto number = named ? std::optional(named->id) : as_number(name);
  if (!number || *number == found.id || merged_into(session, {kind, *number}) != found) return found;
  const std::string loser = to_string(RecordId{kind, *number});
  throw Error(ErrorCode::conflict, loser + " is part of " + to_string(found),
              "to delete that one, name it; 'crm " + std::string(entity(kind).name) + " unmerge " +
                  std::to_string(*number) + "' parts them")
      .about_record(loser);
}

}  // namespace crm
