// What an import writes of a row.
#include <utility>

#include "base/text.h"
#include "crm/error.h"
#include "entity/descriptors.h"
#include "exchange/import_run.h"
#include "exchange/likeness.h"
#include "leads/lead_rules.h"
#include "records/concealment.h"
#include "records/rights.h"
#include "records/write_record.h"

namespace crm {
namespace {

constexpr std::size_t kLeadOwner = field<Kind::lead>("owner");
constexpr std::size_t kLeadAssignedAt = field<Kind::lead>("assigned_at");
constexpr std::size_t kTalkAt = field<Kind::followup>("at");
constexpr std::size_t kChangeRecord = field<Kind::stage_change>("record");
constexpr std::size_t kChangeTo = field<Kind::stage_change>("to");
constexpr std::size_t kChangeAt = field<Kind::stage_change>("at");

}  // namespace

Written ImportRun::write_row() {
  if (!matcher_.is_by_ref_alone(row_)) {
    if (const std::optional<RecordId> record = matcher_.find(row_)) return write_matched(*record);
  }
  const std::optional<RecordId> former = find_former();
  if (former && may_see(session_, *former)) return write_matched(*former);
  const std::optional<RecordId> holder = insert_row();
  if (holder && !may_see(session_, *holder))
    throw reference_taken(session_, row_.record.refs.front(), *holder);
  return holder ? write_matched(*holder) : Written::added;
}

std::optional<RecordId> ImportRun::find_former() {
  if (!former_ || !row_.record.refs.empty()) return std::nullopt;
  const bool named = name_unnamed(row_.record);
  const std::optional<RecordId> found = former_->next(row_.record);
  if (named) row_.record[field<Kind::contact>("name")] = Value();
  return found;
}

Written ImportRun::write_matched(RecordId record) {
  if (options_.on_match == OnMatch::skip) {
    ++skips_["the record is there already"];
    return Written::skipped;
  }
  if (options_.on_match == OnMatch::fail) {
    throw Error(ErrorCode::conflict, to_string(record) + " is there already",
                "leave out --on-match fail to update it");
  }
  return update_row(record) ? Written::updated : Written::unchanged;
}

// The record that has one of the row's references: then nothing is written.
std::optional<RecordId> ImportRun::insert_row() {
  StoredRecord& record = row_.record;
  const std::int64_t own = record.id.id;
  if (own != 0 && !matcher_.is_free(own)) record.id.id = 0;
  const bool owned_now = notes_owned_ && !is_null(record[kLeadOwner]) && is_null(record[kLeadAssignedAt]);
  if (owned_now) record[kLeadAssignedAt] = now_seconds(session_);
  const Value expected = plan_.closing_may_be_expected && expects_closing(record.text(stage_))
                             ? std::exchange(record[closing_], Value())
                             : Value();
  const bool named = name_unnamed(record);
  if (const auto holder = insert_unless_referred(session_, record, Origin::imported)) {
    // Theirs is as it is.
    if (owned_now) record[kLeadAssignedAt] = Value();
    if (!is_null(expected)) record[closing_] = expected;
    if (named) record[field<Kind::contact>("name")] = Value();
    return holder;
  }
  expected_closings_ += is_null(expected) ? 0 : 1;
  unnamed_contacts_ += named ? 1 : 0;
  if (own != 0 && own != record.id.id) note_renumbered(own, record.id.id);
  if (checks_stages_) check_row_stage(session_, nullptr, record);
  matcher_.note(record);
  write_stage_changes(record.id);
  note_own_references(record.id);
  note_added(record);
  return std::nullopt;
}

bool ImportRun::update_row(RecordId record) {
  // The rules of follow-ups and stage changes look for others of the same record.
  if (kind_ != Kind::customer && kind_ != Kind::contact && kind_ != Kind::lead)
    session_.state().connection->restore_indexes();
  const StoredRecord before = load_record(session_, record);
  const std::vector<std::string>& refs = row_.record.refs;
  const Likeness found = plan_.bare_refs ? likeness(session_, row_.record, before) : Likeness();
  if (found.unlike > 0 && found.alike == 0 && options_.source.empty() && !refs.empty()) {
    throw Error(ErrorCode::conflict,
                "the number " + quoted(refs.front()) + " is that of " + to_string(record) +
                    ", with which the row has nothing in common",
                "name the system that the file comes from, such as --source erp; --source import where they "
                "are one");
  }
  if (row_.perhaps_own == record.id) row_.record.refs.clear();
  StoredRecord after = before;
  set_given(after);
  if (checks_stages_) check_row_stage(session_, &before, after);
  const std::size_t moment = view_.position("updated_at");
  const bool given = !is_null(row_.record[moment]) && after[moment] == row_.record[moment];
  const bool changed = update_record(session_, before, after, Action::edit, Origin::imported,
                                     given ? UpdatedAt::given : UpdatedAt::now);
  note_own_references(record);
  if (changed) {
    matcher_.note(after);
    if (kind_ == Kind::stage_change) touched_again_.add(*parse_record_id(after.text(kChangeRecord)));
  }
  const bool planned = row_.next_at && plan_next_again(before, after);
  return write_stage_changes(record) || planned || changed;
}

bool ImportRun::plan_next_again(const StoredRecord& before, const StoredRecord& after) {
  const bool moves = options_.on_match != OnMatch::fill;
  return kind_ == Kind::followup ? next_plans_.note_again(before, after, *row_.next_at, moves)
                                 : next_plans_.note_due_again(after.id, *row_.next_at);
}

// The stage changes that columns of the row make; false where all of them are there already.
bool ImportRun::write_stage_changes(RecordId record) {
  if (row_.stages.empty()) return false;
  if (!change_matcher_)
    change_matcher_ = std::make_unique<RowMatcher>(session_, Kind::stage_change, std::vector<std::string>());
  bool written = false;
  for (const IncomingStage& stage : row_.stages) {
    IncomingRow change;
    change.record = new_record(session_, Kind::stage_change);
    change.record[kChangeRecord] = to_string(record);
    change.record[kChangeTo] = stage.stage;
    change.record[kChangeAt] = stage.at;
    if (change_matcher_->find(change)) continue;
    insert_record(session_, change.record, Origin::imported);
    written = true;
  }
  if (written) touched_.add(record);
  return written;
}

void ImportRun::note_added(const StoredRecord& record) {
  if (kind_ == Kind::followup && record.integer(kTalkAt).value_or(0) > now_seconds(session_) &&
      ++future_talks_ == 1)
    first_future_talk_ = record.id;
  if (kind_ == Kind::stage_change)
    (record.id.id < first_stage_change_ ? touched_again_ : touched_)
        .add(*parse_record_id(record.text(kChangeRecord)));
  if (!row_.next_at) return;
  if (kind_ == Kind::followup) {
    next_plans_.note(record, *row_.next_at);
  } else {
    next_plans_.note_due(record.id, *row_.next_at);
  }
}

}  // namespace crm
