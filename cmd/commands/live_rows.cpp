#include "commands/live_rows.h"

#include <algorithm>
#include <utility>

namespace crm::cmd {
namespace {

// The texts of the first column.
class FirstTexts final : public RowSink {
 public:
  void begin(std::span<const Column> /*columns*/) override {}
  bool row(std::span<const Cell> cells) override {
    texts_.emplace(cells.front().text);
    return true;
  }
  void end() override {}

  std::set<std::string, std::less<>> take() { return std::move(texts_); }

 private:
  std::set<std::string, std::less<>> texts_;
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

const LiveRows::Texts& LiveRows::texts(std::map<Kind, Texts>& kept, Kind kind, const char* field,
                                       bool deleted) {
  const auto known = kept.find(kind);
  if (known != kept.end()) return known->second;
  FirstTexts sink;
  ListQuery query;
  query.kind = kind;
  query.selection.deleted = deleted;
  query.fields = {field};
  list(session_, query, sink);
  return kept.emplace(kind, sink.take()).first->second;
}

bool LiveRows::is_deleted(std::string_view record) {
  const auto id = parse_record_id(record);
  return id && texts(deleted_, id->kind, "id", true).count(std::to_string(id->id)) > 0;
}

bool LiveRows::is_known(Kind kind, std::string_view name) {
  return texts(known_, kind, "name", false).count(name) > 0;
}

}  // namespace crm::cmd
