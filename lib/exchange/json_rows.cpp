#include "exchange/json_rows.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "exchange/fault.h"

namespace crm {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kLongestKey = 1'000;

bool holds_nul(const InputField& field) {
  const auto has = [](std::string_view text) { return text.find('\0') != std::string_view::npos; };
  return has(field.text) || std::any_of(field.items.begin(), field.items.end(), has);
}

}  // namespace

JsonRows::JsonRows(std::unique_ptr<TextReader> text, bool one_document)
    : text_(std::move(text)), reader_(*text_) {
  // So that the headings are known before the first row.
  ahead_ = reader_.next();
  if (one_document && !ahead_ && !reader_.is_array()) {
    throw Error(ErrorCode::invalid, quoted(text_->file()) + " holds no JSON value",
                "a file without rows is '[]'");
  }
  if (!ahead_ || reader_.fault()) return;
  std::size_t likely = 0;
  for (const JsonObject::Member& member : reader_.object().members())
    likely = column_of(member.key, likely) + 1;
}

std::size_t JsonRows::column_of(std::string_view key, std::size_t likely) {
  if (likely < headings_.size() && headings_[likely] == key) return likely;
  if (const auto found = columns_.find(key); found != columns_.end()) return found->second;
  if (headings_.size() == kMostColumns || key.size() > kLongestKey) {
    throw_fault(
        {reader_.place(0), "more than 10,000 different keys, or one of more than 1,000 bytes", {}, {}});
  }
  headings_.emplace_back(key);
  columns_.emplace(key, headings_.size() - 1);
  return headings_.size() - 1;
}

bool JsonRows::next(InputRow& row) {
  if (!std::exchange(ahead_, false) && !reader_.next()) return false;
  row.line = reader_.line();
  row.text = reader_.record();
  row.fault = reader_.fault();
  row.fields.assign(headings_.size(), {});
  offsets_.assign(headings_.size(), kNone);
  if (!row.fault) fill(row);
  return true;
}

void JsonRows::fill(InputRow& row) {
  const JsonObject& object = reader_.object();
  std::size_t likely = 0;
  for (const JsonObject::Member& member : object.members()) {
    const std::size_t column = column_of(member.key, likely);
    likely = column + 1;
    row.fields.resize(headings_.size());
    offsets_.resize(headings_.size(), kNone);
    InputField& field = row.fields[column];
    // Of two equal keys the last one counts, as in every other reader.
    if (member.text.size() > kLongestField) return refuse(row, member.offset, "a value of more than 1 MiB");
    field = {member.text, true, member.is_number, {}};
    if (member.is_list) {
      field.items = std::span(object.items()).subspan(member.first_item, member.item_count);
    }
    offsets_[column] = member.offset;
    if (object.has_nul() && holds_nul(field))
      return refuse(row, member.offset, "a text with a NUL character, written \\u0000");
  }
}

void JsonRows::refuse(InputRow& row, std::size_t offset, std::string message) {
  row.fault = Problem{reader_.place(offset), std::move(message), {}, reader_.line_text(offset)};
}

std::size_t JsonRows::offset_of(std::size_t column) const {
  return column < offsets_.size() && offsets_[column] != kNone ? offsets_[column] : 0;
}

}  // namespace crm
