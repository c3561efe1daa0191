#include "exchange/import_run.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "crm/error.h"
#include "entity/descriptors.h"
#include "exchange/fault.h"
#include "leads/lead_rules.h"
#include "outbox/said_at.h"
#include "records/write_record.h"

namespace crm {
namespace {

constexpr std::size_t kMostFaults = 100;
constexpr std::size_t kMostReasons = 10;
constexpr std::int64_t kRowsBetweenReports = 2000;
constexpr std::int64_t kRowsBeforeMany = 3000;
constexpr const char* kNoApproval =
    "an import asks for none: do it by a command, or import it as somebody who needs none";
constexpr std::size_t kSaidAt = field<Kind::consent>("at");

// Whether the fault is the row's own, so that the others can go on.
bool concerns_row(ErrorCode code) {
  return code == ErrorCode::invalid || code == ErrorCode::not_found || code == ErrorCode::conflict ||
         code == ErrorCode::waiting;
}

ErrorCode code_of_fault(ErrorCode code) {
  if (code == ErrorCode::waiting) return ErrorCode::not_permitted;  // nobody is asked
  return code == ErrorCode::conflict ? code : ErrorCode::invalid;
}

}  // namespace

ImportRun::ImportRun(Session& session, Kind kind, RowSource& source, const ImportOptions& options,
                     MappingRules rules, RejectPath rejects, const ColumnSurvey& survey)
    : session_(session),
      kind_(kind),
      source_(source),
      options_(options),
      rules_(std::move(rules)),
      view_(session.view(kind)),
      stage_(view_.position("stage")),
      closing_(view_.position("closed_at")),
      cells_(session, kind, options, survey),
      matcher_(session, kind, options.match),
      rejects_(std::move(rejects)),
      touched_(session, "import_touched"),
      touched_again_(session, "import_touched_again"),
      next_plans_(session),
      own_references_(session),
      reader_(session, kind, cells_, plan_),
      totals_(plan_, source_) {
  row_.record = new_record(session, kind);
}

void ImportRun::make_plan() {
  planned_headings_ = source_.headings().size();
  plan_ = make_column_plan(view_, session_.state().process(), source_.headings(), rules_, options_);
  for (const MissingField& field : plan_.missing)
    plan_.unknown.push_back({source_.headings()[field.column], field.column, false});
  has_value_.resize(planned_headings_, false);
  empty_columns_.clear();
  for (const UnknownColumn& unknown : plan_.unknown) {
    if (!has_value_[unknown.column]) empty_columns_.push_back(unknown.column);
  }
  refuse_unknown();
  own_export_ = plan_.find_field("id") != nullptr && plan_.find_field("created_at") != nullptr &&
                plan_.find_field("updated_at") != nullptr;
  // Keys of JSON come with the first row.
  if (result_.rows == 0 && !rebuilding_ && makes_again()) rebuilding_.emplace(session_);
  if (own_export_ && !numbers_) follow_numbers();
  checks_stages_ = kind_ == Kind::lead && !rebuilding_ && has_stage_fields(session_, kind_);
  notes_owned_ = kind_ == Kind::lead && plan_.find_field("id") == nullptr;
}

bool ImportRun::makes_again() {
  const auto& headings = source_.headings();
  for (const Field& field : entity(kind_).fields) {
    const bool exported = !field.is_derived() && field.name != "version";
    if (exported && std::find(headings.begin(), headings.end(), field.name) == headings.end()) return false;
  }
  return plan_.find_field("id") != nullptr && Rebuilding::is_possible(session_, kind_);
}

void ImportRun::note_values(const InputRow& row) {
  std::erase_if(empty_columns_, [&](std::size_t column) {
    if (column >= row.fields.size() ||
        (trimmed(row.fields[column].text).empty() && row.fields[column].items.empty()))
      return false;
    has_value_[column] = true;
    return true;
  });
}

void ImportRun::refuse_unknown() {
  if (!options_.strict || plan_.unknown.empty()) return;
  std::vector<std::string> unknown;
  for (const UnknownColumn& column : plan_.unknown) unknown.push_back(column.heading);
  throw_fault({source_.place(0),
               "nothing is known of " +
                   std::string(plan_.unknown.size() == 1 ? "the column " : "the columns ") + listed(unknown),
               "say what they are with --map, or keep them with --keep-unknown",
               {}});
}

ImportResult ImportRun::run() {
  session_.state().imports_run_rules = options_.run_rules;
  first_stage_change_ =
      session_.state().connection->query_integer("SELECT max(id) FROM stage_change").value_or(0) + 1;
  make_plan();
  prepare_for_many();
  InputRow row;
  const bool is_table = source_.format() == RowFormat::csv || source_.format() == RowFormat::xlsx;
  while (source_.next(row)) {
    // Rows of JSON may bring keys that no row had before.
    if (source_.headings().size() != planned_headings_) {
      take_repeated();
      repeated_wait_ = false;
      make_plan();
    }
    ++result_.rows;
    if (is_table && totals_.hold(row)) continue;
    if (totals_.any()) take_held(totals_.release());
    take_or_reject(row);
    if (result_.rows == kRowsBeforeMany) {
      note_refs_of_many();
      let_repeated_wait();
    }
    if (options_.progress && result_.rows % kRowsBetweenReports == 0)
      options_.progress({result_.rows, source_.part_read()});
  }
  skip_totals();
  take_repeated();
  session_.state().new_refs.reset();  // its memory is what the indexes are made in
  session_.state().connection->finish_bulk_load();
  settle_own_references();
  // Their stages are settled whatever the order of the rows.
  touched_.take_all([&](RecordId record) { settle_stage(session_, record, first_stage_change_); });
  touched_again_.take_all([&](RecordId record) { settle_stage(session_, record, 0); });
  if (const std::int64_t plans = next_plans_.plan(); plans > 0) {
    session_.notice("planned " + std::to_string(plans) + (plans == 1 ? " follow-up" : " follow-ups") +
                    ", as the rows say when the next one is due");
  }
  if (options_.run_rules) settle_reactors(session_);
  rebuilding_.reset();
  rejects_.close();
  result_.rejects = rejects_.path();
  add_warnings();
  return std::move(result_);
}

// What looked like a total in the middle of the table is a record.
void ImportRun::take_held(const std::deque<TotalRows::Held>& rows) {
  for (const TotalRows::Held& held : rows) {
    held_line_ = held.row.line;
    take_or_reject(held.row);
  }
  held_line_ = 0;
}

void ImportRun::skip_totals() {
  take_held(totals_.finish());
  const auto skip = [&](std::int64_t rows, const char* reason) {
    if (rows == 0) return;
    result_.skipped += rows;
    skips_[reason] += rows;
  };
  skip(totals_.totals(), "a total of other rows is no record");
  skip(totals_.headings(), "the headings once more are no record");
  skip(totals_.footers(), "what a report ends with is no record");
}

void ImportRun::take_or_reject(const InputRow& row) {
  reader_.leave();
  if (repeated_.are_many()) take_repeated();
  if (!empty_columns_.empty()) note_values(row);
  if (row.fault) {
    take_repeated();
    if (!options_.keep_going) throw_fault(*row.fault);
    rejects_.add(source_, row, *row.fault);
    ++result_.rejected;
    if (result_.faults.size() < kMostFaults) result_.faults.push_back(*row.fault);
    return;
  }
  attempt(
      [&] {
        if (!options_.keep_going) return take(row);
        Step step(session_);
        take(row);
        step.keep();
        cells_.keep();
      },
      [&](const Error& error) {
        if (options_.keep_going) return reject(row, error);
        // The first fault of the file is told: a row that waits stands before this one.
        const Problem problem = problem_of(error);
        take_repeated();
        throw_fault(problem, code_of_fault(error.code()));
      });
}

// Does something for a row; a fault of the row's own goes to on_fault().
void ImportRun::attempt(FunctionRef<void()> act, FunctionRef<void(const Error&)> on_fault) {
  auto& aftermath = session_.state().aftermath;
  const auto left = static_cast<std::ptrdiff_t>(aftermath.size());
  try {
    act();
  } catch (const CellReader::SkipRow& skip) {
    note_skipped(skip.reason);
  } catch (const Error& error) {
    const bool of_waiting_row = repeated_wait_ && !error.problems().empty();
    if (!concerns_row(error.code()) || of_waiting_row) throw;
    // What an import would ask for is to be done without it: nobody can agree to a file.
    if (error.code() == ErrorCode::waiting) aftermath.erase(aftermath.begin() + left, aftermath.end());
    on_fault(error);
  }
}

void ImportRun::note_skipped(const std::string& reason) {
  ++result_.skipped;
  if (skips_.size() < kMostReasons || skips_.count(reason) > 0) ++skips_[reason];
}

void ImportRun::take_repeated() {
  if (!repeated_wait_) return;
  reader_.leave();
  const std::int64_t held = held_line_;
  repeated_.take([&](RepeatedRows::Kept& kept) {
    std::swap(row_, kept.row);
    held_line_ = kept.line;
    attempt([&] { take_row(); },
            [&](const Error& error) { throw_fault(problem_of(error), code_of_fault(error.code())); });
    std::swap(row_, kept.row);
  });
  held_line_ = held;
}

void ImportRun::reject(const InputRow& row, const Error& error) {
  cells_.take_back();
  const Problem problem = problem_of(error);
  rejects_.add(source_, row, problem);
  ++result_.rejected;
  if (result_.faults.size() < kMostFaults) result_.faults.push_back(problem);
}

// Where the error lies: the cell that was being read, else the column of the field that it names.
Problem ImportRun::problem_of(const Error& error) const {
  std::size_t column = reader_.column();
  if (column == ColumnTarget::kFixed && !error.field().empty()) {
    if (const ColumnTarget* target = plan_.find_field(error.field())) column = target->column;
  }
  if (column == ColumnTarget::kFixed) column = 0;
  const std::string hint = error.code() == ErrorCode::waiting ? kNoApproval : error.hint();
  if (held_line_ != 0) {
    const std::string file = source_.place(0).file;
    return {{file, static_cast<int>(held_line_), 1}, error.message(), hint, {}};
  }
  return {source_.place(column), error.message(), hint, source_.line_text(column)};
}

void ImportRun::take(const InputRow& row) {
  reader_.read(row, row_);
  if (numbers_) settle_numbers();
  if (kind_ == Kind::consent) check_said_before(row_.record);
  if (repeated_wait_ && is_repeated()) {
    if (may_wait()) return repeated_.keep(row.line, row.text.size(), row_);
    take_repeated();
  }
  take_row();
}

void ImportRun::take_row() {
  switch (write_row()) {
    case Written::added:
      ++result_.added;
      break;
    case Written::updated:
      ++result_.updated;
      break;
    case Written::unchanged:
      ++result_.unchanged;
      break;
    case Written::skipped:
      ++result_.skipped;
      break;
  }
  if (options_.run_rules) settle_reactors(session_);
}

void ImportRun::check_said_before(const StoredRecord& consent) {
  if (const auto at = consent.integer(kSaidAt))
    check_said_at(session_, *at, format_moment(Moment(std::chrono::seconds(*at)), session_.zone()));
}

}  // namespace crm
