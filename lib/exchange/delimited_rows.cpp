#include "exchange/delimited_rows.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "crm/formula_guard.h"
#include "exchange/fault.h"
#include "exchange/note_rows.h"
#include "exchange/reject_file.h"

namespace crm {
namespace {

bool is_empty(std::string_view text) {
  return text.empty();
}

class TextInMemory final : public ByteSource {
 public:
  explicit TextInMemory(std::string_view text) : text_(text) {}
  std::size_t read(char* into, std::size_t size) override {
    const std::size_t count = text_.copy(into, size, used_);
    used_ += count;
    return count;
  }
  bool rewind() override {
    used_ = 0;
    return true;
  }

 private:
  std::string_view text_;
  std::size_t used_ = 0;
};

}  // namespace

DelimitedRows::DelimitedRows(std::unique_ptr<TextReader> text, std::optional<char> delimiter,
                             const std::function<bool(std::string_view)>& is_heading)
    : text_(std::move(text)), reader_(*text_, delimiter) {
  const std::size_t notes = pass_over_notes(is_heading);
  for (std::size_t i = 0; i <= notes; ++i) {
    if (!next_record()) NoteRows::refuse_empty(text_->file());
    if (reader_.fault()) throw_fault(*reader_.fault());
  }
  headings_.assign(reader_.fields().begin(), reader_.fields().end());
  if (take_off_reject_columns(headings_)) passed_over_ = kRejectColumns;
}

// How many records stand above the headings: those ahead are read once more for that.
std::size_t DelimitedRows::pass_over_notes(const std::function<bool(std::string_view)>& is_heading) {
  TextReader ahead(std::make_unique<TextInMemory>(reader_.lines_ahead()), text_->file(), "utf-8");
  DelimitedReader reader(ahead, reader_.delimiter());
  NoteRows notes(text_->file(), is_heading);
  bool more = true;
  while (more && reader.next() && !reader.fault()) {
    if (!std::all_of(reader.fields().begin(), reader.fields().end(), is_empty))
      more = notes.take(reader.fields());
  }
  // Where the text in memory does not do, or has a fault, reading on shows it.
  const bool cut = reader.fault() || notes.size() == 0;
  if (cut && !notes.has_headings()) return notes.size();
  if (notes.remark()) remarks_.push_back(*notes.remark());
  return notes.count();
}

bool DelimitedRows::are_whole_rejects() const {
  return passed_over_ > 0 && headings_.size() == 1 && headings_.front() == kRejectRow;
}

bool DelimitedRows::next_record() {
  while (reader_.next()) {
    if (reader_.fault()) return true;
    if (!std::all_of(reader_.fields().begin(), reader_.fields().end(), is_empty)) return true;
  }
  return false;
}

bool DelimitedRows::next(InputRow& row) {
  const std::int64_t line = reader_.next_line();
  if (!next_record()) return false;
  row.after_gap = reader_.line() > line;
  const auto cells = reader_.fields();
  const std::size_t known = std::min(cells.size(), headings_.size());
  row.line = reader_.line();
  row.text = reader_.record();
  row.fault = reader_.fault();
  if (row.fault) {
    row.fields.clear();
    return true;
  }
  row.fields.resize(headings_.size());
  for (std::size_t i = 0; i < known; ++i) row.fields[i] = {restore_formula_guard(cells[i]), true, false, {}};
  for (std::size_t i = known; i < headings_.size(); ++i) row.fields[i] = {};
  const auto extra = cells.subspan(std::min(cells.size(), headings_.size() + passed_over_));
  if (!std::all_of(extra.begin(), extra.end(), is_empty)) {
    row.fault = Problem{reader_.place(known),
                        "the row has " + std::to_string(cells.size()) + " fields, but there are " +
                            std::to_string(headings_.size()) + " headings",
                        "put a field that holds the delimiter in quotes", reader_.line_text(known)};
  }
  return true;
}

}  // namespace crm
