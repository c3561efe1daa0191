#include "ratings/rating_rules.h"

#include "base/text.h"
#include "crm/error.h"
#include "entity/descriptors.h"
#include "ratings/rating.h"
#include "records/rebuilding.h"
#include "records/session_state.h"
#include "records/write_record.h"

namespace crm {
namespace {

// A field that a table sets, with the one that says until when a person has set it.
struct RatedField {
  std::size_t value = KindView::npos;
  std::size_t until = KindView::npos;
};

RatedField rated_field(const KindView& view, const std::string& name) {
  return {view.position(name), view.position(name + "_until")};
}

std::string today(Session& session) {
  return format_date(session.zone().to_local(session.now()).date);
}

bool differs(const RecordChange& change, std::size_t position) {
  return change.before == nullptr ? !is_null(change.after[position])
                                  : change.before->values[position] != change.after[position];
}

// Whether what stands there was set by a person for a time that is not over. A value that is set without an
// end, other than what the table says, is refused: it would be gone at the next run.
bool is_by_hand(Session& session, const RecordChange& change, const RatedField& rated,
                const std::string& name, const Value& by_table) {
  StoredRecord& record = change.after;
  const bool set_now = differs(change, rated.value) && record[rated.value] != by_table;
  const bool imported = change.origin == Origin::imported;
  if (imported && set_now && Rebuilding::is_under_way(session)) return true;
  if (rated.until != KindView::npos && !is_null(record[rated.until])) {
    if (record.text(rated.until) >= today(session)) return true;
    if (set_now) {
      throw Error(ErrorCode::invalid, "'" + name + "_until' is over: " + record.text(rated.until),
                  "give a day that lies ahead")
          .about_field(name + "_until");
    }
    record[rated.until] = Value();
  }
  if (!set_now) return false;
  throw Error(ErrorCode::invalid,
              "the workflow works out the " + name + " of a " + std::string(entity(record.id.kind).name),
              rated.until == KindView::npos ? "leave it out"
              : imported ? "leave the column out with --map COLUMN=ignore, or say until when it is to stand "
                           "with --set " +
                               name + "_until=DATE"
                         : "to set it by hand for a time, give --" + name + "-until DATE too")
      .about_field(name);
}

void set_score(Session& session, const RecordChange& change, const RecordValues& values) {
  const Kind kind = change.after.id.kind;
  const auto score = score_of(session, kind, values);
  if (!score) return;
  const RatedField rated = rated_field(session.view(kind), "score");
  const Value by_table = *score;
  if (!is_by_hand(session, change, rated, "score", by_table)) change.after[rated.value] = by_table;
}

void set_level(Session& session, const RecordChange& change, const RecordValues& values) {
  const KindView& view = session.view(change.after.id.kind);
  const RatedField rated = rated_field(view, "level");
  const LevelRow* row = level_of(session, change.after.id.kind, values);
  const Value by_table = row == nullptr ? Value() : Value(row->level);
  const std::size_t reason = view.position("level_reason");
  if (is_by_hand(session, change, rated, "level", by_table)) {
    // The table's reason is none for what a person has set.
    if (reason != KindView::npos && differs(change, rated.value) && !differs(change, reason) &&
        change.origin == Origin::command)
      change.after[reason] = Value();
    return;
  }
  change.after[rated.value] = by_table;
  if (reason == KindView::npos) return;
  change.after[reason] = row == nullptr ? Value() : Value(level_reason(*row));
}

}  // namespace

void RatingRules::before(Session& session, RecordChange& change) {
  const Kind kind = change.after.id.kind;
  if (change.action == Action::remove || !is_rated(session, kind)) return;
  const bool is_new = change.before == nullptr;
  const RecordValues values(session, change.after,
                            is_new ? RecordValues::Derived::coming : RecordValues::Derived::stored);
  // First the score: a level may go by it.
  set_score(session, change, values);
  if (!session.state().process().levels[slot(kind)].empty()) set_level(session, change, values);
}

StoredRecord rated_anew(Session& session, const StoredRecord& record) {
  // Each table may go by what the other one says.
  constexpr int kRounds = 4;
  StoredRecord rated = record;
  for (int round = 0; round < kRounds; ++round) {
    const StoredRecord earlier = rated;
    RecordChange change{Action::edit, Origin::command, &earlier, rated};
    RatingRules().before(session, change);
    if (rated.values == earlier.values) return rated;
  }
  return record;  // they contradict each other: it stays as it is until somebody changes it
}

void RatingRules::after(Session& session, const RecordChange& change) {
  if (change.after.id.kind != Kind::followup || change.origin != Origin::command) return;
  const auto about = parse_record_id(change.after.text(field<Kind::followup>("about")));
  if (!about || !is_rated(session, about->kind)) return;
  const auto before = find_record(session, *about);
  if (!before) return;
  StoredRecord after = rated_anew(session, *before);
  if (after.values != before->values) update_record(session, *before, after, Action::edit, Origin::command);
}

}  // namespace crm
