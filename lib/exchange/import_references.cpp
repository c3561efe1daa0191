// What the rows of an import say of other rows: references within the file, and old numbers.
#include "base/text.h"
#include "crm/error.h"
#include "exchange/fault.h"
#include "exchange/import_run.h"
#include "records/write_record.h"

namespace crm {

// An export of another database names records by its numbers. One whose records are made again keeps them.
void ImportRun::follow_numbers() {
  numbers_.emplace(session_, file_, given_source_);
  numbers_->note_in(run_);
  cells_.follow(*numbers_, !rebuilding_);
}

// A row of this database means what it says.
void ImportRun::settle_numbers() {
  if (row_.as_written.empty() && row_.own_references.empty()) return;
  if (matcher_.is_renumbered(row_.record.id.id)) return;
  const auto native = numbers_->is_native(row_.record);
  if (native == FormerNumbers::Native::no) return;
  const StoredRecord present = load_record(session_, row_.record.id, true);
  for (auto& [position, written] : row_.as_written) {
    if (native == FormerNumbers::Native::yes || present[position] == written)
      row_.record[position] = std::move(written);
  }
  std::erase_if(row_.own_references, [&](const auto& reference) {
    const ColumnTarget& target = plan_.targets[reference.first];
    const auto written = parse_record_id(trimmed(reference.second));
    if (!written || !find_record(session_, *written)) return false;
    if (native != FormerNumbers::Native::yes && present[target.position] != Value(written->id)) return false;
    row_.record[target.position] = written->id;
    return true;
  });
}

void ImportRun::note_own_references(RecordId record) {
  for (const auto& [target, text] : row_.own_references) {
    own_references_.note(record.id, target, text, source_.place(plan_.targets[target].column));
  }
}

// Whoever is not there now is not there at all.
void ImportRun::settle_own_references() {
  cells_.forget();
  own_references_.each([&](const OwnReferences::Reference& reference) {
    const ColumnTarget& target = plan_.targets[reference.target];
    const StoredRecord before = load_record(session_, {kind_, reference.record});
    if (options_.on_match == OnMatch::fill && !is_null(before[target.position])) return;
    StoredRecord after = before;
    try {
      after[target.position] = cells_.read(target, reference.text);
    } catch (const CellReader::SkipRow&) {
      return;
    } catch (const Error& error) {
      const Location file = source_.place(0);
      throw_fault(
          {{file.file, reference.place.line, reference.place.column}, error.message(), error.hint(), {}});
    }
    if (after.values == before.values) return;
    // The row as it would have been written at once: neither its moments nor its version change.
    update_record(session_, before, after, Action::edit, Origin::undo);
  });
}

void ImportRun::note_renumbered(std::int64_t old, std::int64_t record) {
  matcher_.note_renumbered(record);
  if (run_ == 0) return;
  const Param params[] = {run_, old, record};
  session_.state().connection->execute(
      "INSERT INTO import_renumbered (run, old, record) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", params);
}

}  // namespace crm
