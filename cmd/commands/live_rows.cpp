#include "commands/live_rows.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace crm::cmd {
namespace {

class NumberSink final : public RowSink {
 public:
  void begin(std::span<const Column> /*columns*/) override {}
  bool row(std::span<const Cell> cells) override {
    const std::string_view text = cells.front().text;
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    numbers_.insert(number);
    return true;
  }
  void end() override {}

  std::unordered_set<std::int64_t> take() { return std::move(numbers_); }

 private:
  std::unordered_set<std::int64_t> numbers_;
};

class NameSink final : public RowSink {
 public:
  void begin(std::span<const Column> /*columns*/) override {}
  bool row(std::span<const Cell> cells) override {
    names_.emplace(cells.front().text);
    return true;
  }
  void end() override {}

  std::set<std::string, std::less<>> take() { return std::move(names_); }

 private:
  std::set<std::string, std::less<>> names_;
};

}  // namespace

LiveRows::LiveRows(Session& session, ListQuery query, RowSink& sink)
    : session_(session), query_(std::move(query)), sink_(sink), asked_(query_.fields.size()) {
  const KindView& view = session.view(query_.kind);
  for (const Field* field : view.fields()) {
    if (field->type != FieldType::record) continue;
    const auto place = std::find(query_.fields.begin(), query_.fields.end(), field->name);
    subjects_.push_back(static_cast<std::size_t>(place - query_.fields.begin()));
    if (place == query_.fields.end()) query_.fields.emplace_back(field->name);
  }
  for (std::size_t i = 0; i < asked_; ++i) {
    const Field* const field = view.find(query_.fields[i]);
    if (field == nullptr || field->type != FieldType::reference) continue;
    if (field->target == Kind::user || field->target == Kind::team) {
      people_.emplace_back(i, field->target);
    } else {
      references_.push_back(i);
    }
  }
}

std::int64_t LiveRows::write() {
  return list(session_, query_, *this).rows - left_out_;
}

bool LiveRows::row(std::span<const Cell> cells) {
  for (const std::size_t i : subjects_) {
    if (!is_deleted(cells[i].text)) continue;
    ++left_out_;
    return true;
  }
  cells = cells.first(asked_);
  if (references_.empty() && people_.empty()) return sink_.row(cells);
  cells_.assign(cells.begin(), cells.end());
  for (const std::size_t i : references_) {
    if (is_deleted(cells_[i].text)) cells_[i] = Cell();
  }
  for (const auto& [i, kind] : people_) {
    if (cells_[i].type != CellType::null && !is_known(kind, cells_[i].text)) cells_[i] = Cell();
  }
  return sink_.row(cells_);
}

bool LiveRows::is_known(Kind kind, std::string_view name) {
  auto known = known_.find(kind);
  if (known == known_.end()) {
    NameSink names;
    ListQuery query;
    query.kind = kind;
    query.fields = {"name"};
    list(session_, query, names);
    known = known_.emplace(kind, names.take()).first;
  }
  return known->second.find(name) != known->second.end();
}

bool LiveRows::is_deleted(std::string_view record) {
  const auto id = parse_record_id(record);
  if (!id) return false;
  auto known = deleted_.find(id->kind);
  if (known == deleted_.end()) {
    NumberSink numbers;
    ListQuery query;
    query.kind = id->kind;
    query.selection.deleted = true;
    query.fields = {"id"};
    list(session_, query, numbers);
    known = deleted_.emplace(id->kind, numbers.take()).first;
  }
  return known->second.count(id->id) > 0;
}

}  // namespace crm::cmd
