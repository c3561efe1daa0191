// One import: row after row into the records room.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/function_ref.h"
#include "crm/exchange.h"
#include "exchange/cell_reader.h"
#include "exchange/column_plan.h"
#include "exchange/former_numbers.h"
#include "exchange/former_rows.h"
#include "exchange/incoming_row.h"
#include "exchange/next_plans.h"
#include "exchange/own_references.h"
#include "exchange/reject_file.h"
#include "exchange/repeated_rows.h"
#include "exchange/row_matcher.h"
#include "exchange/row_reader.h"
#include "exchange/row_source.h"
#include "exchange/total_rows.h"
#include "records/rebuilding.h"
#include "records/record_set.h"

namespace crm {

class ImportRun {
 public:
  // Inside a Write; all references must outlive it.
  ImportRun(Session& session, Kind kind, RowSource& source, const ImportOptions& options, MappingRules rules,
            RejectPath rejects, const ColumnSurvey& survey);
  // The file's name, and the system that --source named.
  void know_origin(std::string file, std::string source) {
    file_ = std::move(file);
    given_source_ = std::move(source);
  }

  // Notes the numbers that exported rows cannot keep under that run; 0: nowhere.
  void note_in(std::int64_t run) { run_ = run; }
  // Whether the file has the columns of an export of ours.
  bool is_own_export() const { return own_export_; }
  // The same bytes were imported before.
  void know_former(std::vector<FormerRows::Events> imports) {
    former_.emplace(session_, kind_, std::move(imports));
  }
  // Reads all rows. Throws as import_records() does.
  ImportResult run();

 private:
  void make_plan();
  // Whether the file is an export of ours, with all its fields, that makes the kind's records again.
  bool makes_again();
  void follow_numbers();
  void settle_numbers();
  void note_values(const InputRow& row);
  bool has_at_most(std::string_view table, std::int64_t rows) const;
  void prepare_for_many();
  void note_refs_of_many();
  void let_repeated_wait();
  bool is_repeated() const;
  bool may_wait() const;
  void take_repeated();
  void refuse_unknown();
  void take_held(const std::deque<TotalRows::Held>& rows);
  void skip_totals();
  void take(const InputRow& row);
  void take_or_reject(const InputRow& row);
  void take_row();
  void note_skipped(const std::string& reason);
  void attempt(FunctionRef<void()> act, FunctionRef<void(const Error&)> on_fault);
  void reject(const InputRow& row, const Error& error);
  void check_said_before(const StoredRecord& consent);
  Written write_row();
  std::optional<RecordId> find_former();
  Written write_matched(RecordId record);
  std::optional<RecordId> insert_row();
  bool expects_closing(const std::string& stage) const;
  bool name_unnamed(StoredRecord& contact);
  bool update_row(RecordId record);
  void set_given(StoredRecord& record);
  bool write_stage_changes(RecordId record);
  void note_own_references(RecordId record);
  void settle_own_references();
  void note_renumbered(std::int64_t old, std::int64_t record);
  void note_added(const StoredRecord& record);
  bool plan_next_again(const StoredRecord& before, const StoredRecord& after);
  Problem problem_of(const Error& error) const;
  void add_warnings();

  Session& session_;
  Kind kind_;
  RowSource& source_;
  const ImportOptions& options_;
  MappingRules rules_;
  const KindView& view_;
  std::size_t stage_;    // the field's place; npos where the kind has none
  std::size_t closing_;  // likewise of closed_at
  ColumnPlan plan_;
  std::size_t planned_headings_ = 0;
  CellReader cells_;
  RowMatcher matcher_;
  std::unique_ptr<RowMatcher> change_matcher_;  // of the stage changes that columns make
  RejectFile rejects_;
  RecordSet touched_;                    // records that got stage changes
  RecordSet touched_again_;              // records of stage changes that have an older number
  std::int64_t first_stage_change_ = 0;  // of this run
  NextPlans next_plans_;
  OwnReferences own_references_;
  std::optional<FormerRows> former_;
  RowReader reader_;
  TotalRows totals_;
  RepeatedRows repeated_;
  bool repeated_wait_ =
      false;  // nothing that another row of the file is looked up by can change while they do
  bool checks_stages_ = false;  // the workflow asks for something in a stage of the kind
  bool notes_owned_ =
      false;  // the file does not say when the owners got the records, and is no export of ours
  bool own_export_ = false;
  std::optional<FormerNumbers> numbers_;
  std::optional<Rebuilding> rebuilding_;
  std::int64_t held_line_ = 0;  // of the row being taken, where it was kept back; else 0
  IncomingRow row_;
  std::int64_t run_ = 0;
  std::string file_, given_source_;
  std::vector<bool> has_value_;             // of each column: only told of those that fill nothing
  std::vector<std::size_t> empty_columns_;  // that fill nothing and had no value up to now
  std::int64_t expected_closings_ = 0;
  std::int64_t unnamed_contacts_ = 0;
  std::int64_t future_talks_ = 0;
  RecordId first_future_talk_{};
  std::map<std::string, std::int64_t> skips_;  // reason → rows
  ImportResult result_;
};

}  // namespace crm
