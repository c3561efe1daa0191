#include "exchange/import_run.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "crm/error.h"
#include "entity/descriptors.h"
#include "exchange/fault.h"
#include "records/read_value.h"
#include "records/write_record.h"

namespace crm {
namespace {

using Part = ColumnTarget::Part;

constexpr std::size_t kMostFaults = 20;
constexpr std::size_t kMostReasons = 10;
constexpr std::size_t kChangeRecord = field<Kind::stage_change>("record");
constexpr std::size_t kChangeTo = field<Kind::stage_change>("to");
constexpr std::size_t kChangeAt = field<Kind::stage_change>("at");

// Whether the fault is the row's own, so that the others can go on.
bool concerns_row(ErrorCode code) {
  return code == ErrorCode::invalid || code == ErrorCode::not_found || code == ErrorCode::conflict;
}

std::string rows(std::int64_t count) {
  return std::to_string(count) + (count == 1 ? " row" : " rows");
}

}  // namespace

ImportRun::ImportRun(Session& session, Kind kind, RowSource& source, const ImportOptions& options,
                     std::string reject_path, CellReader::FindDateOrder find_date_order)
    : session_(session),
      kind_(kind),
      source_(source),
      options_(options),
      rules_(read_mapping_rules(options)),
      view_(session.view(kind)),
      cells_(session, kind, options, std::move(find_date_order)),
      matcher_(session, kind, options.match),
      rejects_(std::move(reject_path)),
      touched_(session),
      next_plans_(session),
      fresh_(new_record(session, kind)),
      currency_at_(view_.position("currency")) {
  row_.record = new_record(session, kind);
}

void ImportRun::make_plan() {
  planned_headings_ = source_.headings().size();
  plan_ = make_column_plan(view_, session_.state().process(), source_.headings(), rules_, options_);
  refuse_unknown();
}

void ImportRun::refuse_unknown() {
  if (!options_.strict || plan_.unknown.empty()) return;
  throw_fault({source_.place(0),
               "nothing is known of " +
                   std::string(plan_.unknown.size() == 1 ? "the column " : "the columns ") +
                   listed(plan_.unknown),
               "say what they are with --map, or keep them with --keep-unknown",
               {}});
}

ImportResult ImportRun::run() {
  make_plan();
  InputRow row;
  while (source_.next(row)) {
    // Rows of JSON may bring keys that no row had before.
    if (source_.headings().size() != planned_headings_) make_plan();
    ++result_.rows;
    take_or_reject(row);
  }
  touched_.settle_stages();
  next_plans_.plan();
  rejects_.close();
  result_.rejects = rejects_.path();
  add_warnings();
  return std::move(result_);
}

void ImportRun::take_or_reject(const InputRow& row) {
  column_ = ColumnTarget::kFixed;
  if (row.fault) {
    if (!options_.keep_going) throw_fault(*row.fault);
    rejects_.add(source_, row, *row.fault);
    ++result_.rejected;
    if (result_.faults.size() < kMostFaults) result_.faults.push_back(*row.fault);
    return;
  }
  try {
    if (!options_.keep_going) {
      take(row);
      return;
    }
    Step step(session_);
    take(row);
    step.keep();
  } catch (const CellReader::SkipRow& skip) {
    ++result_.skipped;
    if (skips_.size() < kMostReasons || skips_.count(skip.reason) > 0) ++skips_[skip.reason];
  } catch (const Error& error) {
    if (!concerns_row(error.code())) throw;
    if (!options_.keep_going) {
      throw_fault(problem_of(error),
                  error.code() == ErrorCode::conflict ? ErrorCode::conflict : ErrorCode::invalid);
    }
    reject(row, error);
  }
}

void ImportRun::reject(const InputRow& row, const Error& error) {
  cells_.forget();
  const Problem problem = problem_of(error);
  rejects_.add(source_, row, problem);
  ++result_.rejected;
  if (result_.faults.size() < kMostFaults) result_.faults.push_back(problem);
}

// Where the error lies: the cell that was being read, else the column of the field that it names.
Problem ImportRun::problem_of(const Error& error) const {
  std::size_t column = column_;
  if (column == ColumnTarget::kFixed && !error.field().empty()) {
    if (const ColumnTarget* target = plan_.find_field(error.field())) column = target->column;
  }
  if (column == ColumnTarget::kFixed) column = 0;
  return {source_.place(column), error.message(), error.hint(), source_.line_text(column)};
}

void ImportRun::take(const InputRow& row) {
  read_row(row);
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
}

void ImportRun::read_row(const InputRow& row) {
  row_.clear();
  for (std::size_t i = 0; i < plan_.targets.size(); ++i) {
    const ColumnTarget& target = plan_.targets[i];
    const InputField* cell = target.column == ColumnTarget::kFixed ? nullptr : &row.fields[target.column];
    const std::string_view text = cell == nullptr ? std::string_view(target.text) : cell->text;
    if (trimmed(text).empty() && (cell == nullptr || cell->items.empty())) continue;
    column_ = target.column;
    read_cell(i, text, cell);
  }
  column_ = ColumnTarget::kFixed;
}

void ImportRun::read_cell(std::size_t index, std::string_view text, const InputField* cell) {
  const ColumnTarget& target = plan_.targets[index];
  if (!target.values.empty()) {
    if (const auto meaning = target.values.find(folded(text)); meaning != target.values.end()) {
      mapped_ = meaning->second;
      text = mapped_;
      if (text.empty()) return;
    }
  }
  switch (target.part) {
    case Part::ref:
      return read_list_cell(target, text, cell);
    case Part::next_at:
      row_.next_at = cells_.read_moment(target, text);
      return;
    case Part::stage_change: {
      const std::string& stage = target.stage.empty() ? row_.record.text(target.position) : target.stage;
      if (!stage.empty()) row_.stages.push_back({stage, cells_.read_moment(target, text)});
      return;
    }
    case Part::field:
      break;
  }
  if (target.field->type == FieldType::tags) return read_list_cell(target, text, cell);
  if (cell != nullptr && !cell->items.empty()) {
    throw Error(ErrorCode::invalid, std::string(target.field->name) + " takes one value, not a list");
  }
  read_field(index, text);
}

void ImportRun::read_field(std::size_t index, std::string_view text) {
  const ColumnTarget& target = plan_.targets[index];
  Value value = cells_.read(target, text, currency_of_row());
  if (target.field->type == FieldType::money) {
    if (!cells_.named_currency().empty() && currency_at_ != KindView::npos) {
      row_.record[currency_at_] = cells_.named_currency();
    } else if (currency_at_ != KindView::npos && is_null(row_.record[currency_at_]) &&
               target.values.empty()) {
      row_.bare_amounts.push_back({target.position, index, text});
    }
  }
  if (target.position == 0) {
    row_.record.id.id = integer_of(value) != nullptr ? *integer_of(value) : 0;
    return;
  }
  row_.record[target.position] = std::move(value);
}

std::string_view ImportRun::currency_of_row() const {
  const bool given = currency_at_ != KindView::npos && !is_null(row_.record[currency_at_]);
  return given ? std::string_view(row_.record.text(currency_at_)) : std::string_view(session_.currency());
}

void ImportRun::read_list_cell(const ColumnTarget& target, std::string_view text, const InputField* cell) {
  const auto add = [&](std::string_view item) {
    if (target.part == Part::ref) {
      row_.record.refs.push_back(cells_.read_ref(item));
    } else {
      row_.record.tags.push_back(read_tag(item));
    }
  };
  if (cell != nullptr && !cell->items.empty()) {
    for (const std::string_view item : cell->items) add(item);
  } else if (text.find(';') == std::string_view::npos) {
    add(text);
  } else {
    for (const std::string& item : read_list(text)) add(item);
  }
}

Written ImportRun::write_row() {
  std::optional<RecordId> record = matcher_.find(row_);
  if (!record) {
    insert_row();
    return Written::added;
  }
  if (options_.on_match == OnMatch::skip) {
    ++skips_["the record is there already"];
    return Written::skipped;
  }
  if (options_.on_match == OnMatch::fail) {
    throw Error(ErrorCode::conflict, to_string(*record) + " is there already",
                "leave out --on-match fail to update it");
  }
  return update_row(*record) ? Written::updated : Written::unchanged;
}

void ImportRun::insert_row() {
  std::swap(fresh_, row_.record);
  fresh_.id.kind = kind_;
  fresh_.deleted_at.reset();
  if (fresh_.id.id != 0 && !matcher_.is_free(fresh_.id.id)) fresh_.id.id = 0;
  insert_record(session_, fresh_, Origin::imported);
  matcher_.note(fresh_);
  write_stage_changes(fresh_.id);
  note_written(fresh_, true);
}

bool ImportRun::update_row(RecordId record) {
  const StoredRecord before = load_record(session_, record);
  StoredRecord after = before;
  set_given(after);
  bool changed = update_record(session_, before, after, Action::edit, Origin::imported);
  if (changed) {
    matcher_.note(after);
    note_written(after, false);
  }
  return write_stage_changes(record) || changed;
}

// Puts what the row says over what the record has, or (to fill) only where it has nothing.
void ImportRun::set_given(StoredRecord& record) {
  const bool fill = options_.on_match == OnMatch::fill;
  for (const IncomingRow::BareAmount& amount : row_.bare_amounts) {
    const std::string& currency = currency_at_ == KindView::npos ? record.text(0) : record.text(currency_at_);
    if (!currency.empty() && currency != session_.currency()) {
      row_.record[amount.position] = cells_.read(plan_.targets[amount.target], amount.text, currency);
    }
  }
  for (std::size_t i = 1; i < record.values.size(); ++i) {
    if (is_null(row_.record[i]) || view_.fields()[i]->access == Access::closed) continue;
    if (!fill || is_null(record[i])) record[i] = row_.record[i];
  }
  if (!row_.record.tags.empty() && (!fill || record.tags.empty())) record.tags = row_.record.tags;
  record.refs.insert(record.refs.end(), row_.record.refs.begin(), row_.record.refs.end());
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
  if (written) touched_.note(record);
  return written;
}

void ImportRun::note_written(const StoredRecord& record, bool added) {
  if (kind_ == Kind::stage_change) touched_.note(*parse_record_id(record.text(kChangeRecord)));
  if (kind_ == Kind::followup && added && row_.next_at) next_plans_.note(record, *row_.next_at);
}

void ImportRun::add_warnings() {
  std::vector<std::string>& warnings = result_.warnings;
  warnings.insert(warnings.begin(), plan_.warnings.begin(), plan_.warnings.end());
  if (!plan_.unknown.empty()) {
    warnings.push_back((plan_.unknown.size() == 1 ? "left out the column " : "left out the columns ") +
                       listed(plan_.unknown) + ": say what it is with --map, or keep it with --keep-unknown");
  }
  if (const std::vector<std::string>& made = cells_.made_users(); !made.empty()) {
    const std::vector<std::string> first(
        made.begin(), made.begin() + static_cast<std::ptrdiff_t>(std::min(made.size(), kMostReasons)));
    session_.notice("made " + std::to_string(made.size()) +
                    (made.size() == 1 ? " user: " : " users, such as ") + listed(first));
  }
  if (cells_.unreadable_phones() > 0) {
    warnings.push_back("kept " + std::to_string(cells_.unreadable_phones()) +
                       " phone numbers as they are typed, since they cannot be read, such as " +
                       listed(cells_.unreadable_examples()));
  }
  for (const auto& [reason, count] : skips_) warnings.push_back("passed over " + rows(count) + ": " + reason);
}

}  // namespace crm
