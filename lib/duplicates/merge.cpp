#include "crm/merge.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "crm/duplicates.h"
#include "crm/error.h"
#include "duplicates/links.h"
#include "modules/phone.h"
#include "records/merged.h"
#include "records/rights.h"
#include "records/standing.h"
#include "records/validate.h"
#include "records/value_text.h"
#include "records/write_record.h"

namespace crm {
namespace {

void check_merged_kind(Kind kind) {
  if (kind == Kind::customer || kind == Kind::contact || kind == Kind::lead) return;
  throw Error(ErrorCode::usage, std::string(entity(kind).plural.en) + " are not merged",
              "customers, contacts and leads are");
}

// Which fields a winner takes from a loser where it has none itself: what somebody typed, and whom it became.
bool is_filled(const Field& field) {
  const bool became =
      field.type == FieldType::reference && (field.target == Kind::customer || field.target == Kind::contact);
  return field.is_stored() && (field.access == Access::open || became || field.type == FieldType::stage) &&
         field.name != "id" && field.type != FieldType::record;
}

std::string without_white_space(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const char32_t character = next_character(text);
    if (!is_white_space(character)) append_utf8(out, character);
  }
  return out;
}

constexpr const char* kNoteField = "note";
constexpr const char* kLostReasonField = "lost_reason";

// What the workflow works out of the rest of the record is worked out anew.
bool is_worked_out(const Process& process, Kind kind, std::string_view field) {
  if (field == "score" || field == "score_until") return !process.scores[slot(kind)].empty();
  const bool of_level = field == "level" || field == "level_until" || field == "level_reason";
  return of_level && !process.levels[slot(kind)].empty();
}

// One loser becoming part of the winner. What that writes of the two themselves is a command's doing like any
// other; what hangs on the loser only has another name for what it hangs on.
class Merging {
 public:
  Merging(Session& session, RecordId winner, RecordId loser)
      : session_(session), connection_(*session.state().connection), winner_(winner), loser_(loser) {
    const Param params[] = {static_cast<std::int64_t>(loser.kind), loser.id, winner.id,
                            session.state().open_change().number()};
    merge_ = connection_
                 .query_integer(
                     "INSERT INTO merge (kind, loser, winner, change) VALUES ($1, $2, $3, $4) RETURNING id",
                     params)
                 .value_or(0);
  }

  void run(MergeResult& result) {
    for (const Link& link : links_to(session_, loser_.kind)) {
      if (link.from == Kind::stage_change) continue;
      for (const RecordId child : pointing(session_, link, loser_)) move(link, child);
    }
    const StoredRecord loser = load_record(session_, loser_);
    StoredRecord gone = loser;
    gone.refs.clear();
    gone.deleted_at = now_seconds(session_);
    update(loser, gone, Action::remove, Origin::command);
    fill(loser, result);
  }

 private:
  void note(RecordId record, std::string_view field, const Value& old, const Value& now) {
    const Param params[] = {merge_, static_cast<std::int64_t>(record.kind), record.id, field, old, now};
    connection_.execute(
        "INSERT INTO merge_part (merge, kind, record, field, old, new) VALUES ($1, $2, $3, $4, $5, $6)",
        params);
  }

  // Notes all that it changed, by what follows from it too.
  void update(const StoredRecord& before, StoredRecord& after, Action action, Origin origin) {
    if (!update_record(session_, before, after, action, origin)) return;
    const auto& fields = session_.view(after.id.kind).fields();
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const bool is_told = after.id == winner_ && fields[i]->name == kNoteField;  // by what was added to it
      // The moment always stands before the version, which tells the merges' order where it is the same.
      const bool is_moment = fields[i]->name == "updated_at";
      if ((is_moment || before[i] != after[i]) && !is_told)
        note(after.id, fields[i]->name, before[i], after[i]);
    }
    if (before.deleted_at != after.deleted_at)
      note(after.id, "deleted_at", Value(), Value(*after.deleted_at));
    note_list(after.id, "tags", before.tags, after.tags);
    note_list(after.id, "ref", before.refs, after.refs);
  }

  void note_list(RecordId record, std::string_view field, const std::vector<std::string>& before,
                 const std::vector<std::string>& after) {
    const auto note_missing = [&](const auto& from, const auto& in, bool gone) {
      for (const std::string& item : from) {
        if (!std::binary_search(in.begin(), in.end(), item))
          note(record, field, gone ? Value(item) : Value(), gone ? Value() : Value(item));
      }
    };
    note_missing(before, after, true);
    note_missing(after, before, false);
  }

  bool would_circle(const Link& link, RecordId child) const {
    return link.kind_column.empty() && child.kind == winner_.kind &&
           stands_under(session_, *link.field, winner_.id, child);
  }

  void move(const Link& link, RecordId child) {
    const StoredRecord before = load_record(session_, child, true);
    StoredRecord after = before;
    Value& value = after[session_.view(link.from).position(link.field->name)];
    // The winner cannot belong to itself.
    value = would_circle(link, child)  ? Value()
            : link.kind_column.empty() ? Value(winner_.id)
                                       : Value(to_string(winner_));
    if (!before.deleted_at) check_moved(before, after);
    update(before, after, Action::edit, Origin::renaming);
  }

  void check_moved(const StoredRecord& before, const StoredRecord& after) {
    try {
      check_record(session_, after, &before, Origin::command);
    } catch (const Error& error) {
      throw Error(error.code(),
                  to_string(after.id) + " cannot go over to " + to_string(winner_) + ": " + error.message(),
                  error.hint())
          .about_field(error.field())
          .about_record(to_string(after.id));
    }
  }

  // Two spellings of a phone number or e-mail address; texts that differ in spaces alone.
  bool is_one_value(const Field& field, const std::string& a, const std::string& b) const {
    if (field.type == FieldType::email) return email_key(a) == email_key(b);
    if (field.type == FieldType::text) return without_white_space(a) == without_white_space(b);
    if (field.type != FieldType::phone) return false;
    const auto key = phone_key(a, session_.country());
    return key && key == phone_key(b, session_.country());
  }

  // Who stands under the winner, or is it.
  bool is_under_winner(const Field& field, const Value& value) const {
    return field.type == FieldType::reference && field.target == winner_.kind &&
           stands_under(session_, field, *integer_of(value), winner_);
  }

  bool in_other_stage(const StoredRecord& winner, const StoredRecord& loser) const {
    const std::size_t stage = session_.view(winner_.kind).position("stage");
    return stage != KindView::npos && winner[stage] != loser[stage];
  }

  void fill(const StoredRecord& loser, MergeResult& result) {
    const StoredRecord before = load_record(session_, winner_);
    StoredRecord after = before;
    const auto& fields = session_.view(winner_.kind).fields();
    std::string differing;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const Field& field = *fields[i];
      if (!is_filled(field) || field.name == kNoteField || is_null(loser[i]) || before[i] == loser[i] ||
          is_under_winner(field, loser[i]) ||
          is_worked_out(session_.state().process(), winner_.kind, field.name))
        continue;
      const bool of_other_stage = field.name == kLostReasonField && in_other_stage(before, loser);
      if (!is_null(before[i]) || of_other_stage) {
        if (is_one_value(field, before.text(i), loser.text(i))) continue;
        tell_difference(field, before, loser, i, differing, result);
        continue;
      }
      after[i] = loser[i];
      result.filled.emplace_back(field.name);
    }
    add_to_note(after, loser, differing, result);
    after.tags.insert(after.tags.end(), loser.tags.begin(), loser.tags.end());
    after.refs.insert(after.refs.end(), loser.refs.begin(), loser.refs.end());
    update(before, after, Action::edit, Origin::command);
  }

  std::string text(const StoredRecord& record, const Field& field, std::size_t position) const {
    const std::size_t currency = session_.view(record.id.kind).position("currency");
    return value_text(session_, field, record[position],
                      currency == KindView::npos ? std::string() : record.text(currency));
  }

  void tell_difference(const Field& field, const StoredRecord& winner, const StoredRecord& loser,
                       std::size_t position, std::string& differing, MergeResult& result) {
    const bool in_note = is_open_to_all(session_, field);
    const std::string left = text(loser, field, position);
    if (in_note) differing.append(differing.empty() ? "" : "; ").append(field.name).append(" " + left);
    result.differences.push_back({loser_, std::string(field.name),
                                  shown_text(session_, field, text(winner, field, position)),
                                  shown_text(session_, field, left), in_note});
  }

  // What only the loser says, in lines of their own, which an unmerge takes out again.
  void add_to_note(StoredRecord& after, const StoredRecord& loser, const std::string& differing,
                   MergeResult& result) {
    const std::size_t position = session_.view(winner_.kind).position(kNoteField);
    const std::string own = after.text(position);
    const std::string other = loser[position] == after[position] ? std::string() : loser.text(position);
    if (!other.empty()) result.filled.emplace_back(kNoteField);
    std::string added = other;
    if (!differing.empty()) {
      added = to_string(loser_) + ": " + differing + (other.empty() ? "" : "\n") + other;
    } else if (!own.empty() && !other.empty()) {
      added = to_string(loser_) + ": " + other;
    }
    if (added.empty()) return;
    after[position] = Value(own.empty() ? added : own + '\n' + added);
    note(winner_, kNoteField, Value(), Value(added));
  }

  Session& session_;
  Connection& connection_;
  RecordId winner_, loser_;
  std::int64_t merge_ = 0;
};

std::int64_t count_of(Session& session, const Link& link, std::span<const RecordId> records) {
  std::int64_t count = 0;
  for (const RecordId record : records) count += count_pointing(session, link, record);
  return count;
}

}  // namespace

MergeResult merge(Session& session, RecordId winner, std::span<const RecordId> losers) {
  check_merged_kind(winner.kind);
  Write write(session);
  MergeResult result{winner, {losers.begin(), losers.end()}, {}, {}, {}};
  for (const RecordId loser : losers) {
    if (loser == winner)
      throw Error(ErrorCode::usage, to_string(winner) + " cannot be merged with itself",
                  "name another record");
    if (std::count(losers.begin(), losers.end(), loser) > 1)
      throw Error(ErrorCode::usage, to_string(loser) + " is named twice", "name each once");
    load_record(session, loser);
  }
  load_record(session, winner);
  const std::vector<Link> links = links_to(session, winner.kind);
  for (const Link& link : links) {
    result.children.push_back({std::string(entity(link.from).name), std::string(link.field->name),
                               count_pointing(session, link, winner), count_of(session, link, losers), 0, 0});
  }
  for (const RecordId loser : losers) Merging(session, winner, loser).run(result);
  for (std::size_t i = 0; i < links.size(); ++i) {
    result.children[i].winner_after = count_pointing(session, links[i], winner);
    result.children[i].others_after = count_of(session, links[i], losers);
  }
  write.commit();
  return result;
}

std::vector<MergeResult> merge_duplicates(Session& session, Kind kind, double min_score) {
  check_merged_kind(kind);
  Write write(session);
  std::map<std::int64_t, std::vector<RecordId>> groups;
  for (const DuplicatePair& pair : find_duplicates(session, {kind, min_score})) {
    if (!pair.cluster) continue;
    for (const RecordId record : {pair.a, pair.b}) groups[*pair.cluster].push_back(record);
  }
  std::vector<MergeResult> results;
  for (auto& [cluster, records] : groups) {
    std::sort(records.begin(), records.end(), [](RecordId a, RecordId b) { return a.id < b.id; });
    records.erase(std::unique(records.begin(), records.end()), records.end());
    results.push_back(merge(session, records.front(), std::span(records).subspan(1)));
  }
  write.commit();
  return results;
}

}  // namespace crm
