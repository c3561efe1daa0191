#include "records/record_words.h"

#include <cstring>
#include <utility>

#include "records/session_state.h"

namespace crm {

RecordWords::RecordWords(const KindView& view, std::string country) : country_(std::move(country)) {
  const auto& fields = view.fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const SearchedAs as = searched_as(*fields[i]);
    if (as == SearchedAs::not_searched || !fields[i]->is_stored()) continue;
    fields_.push_back({i, as, std::string(fields[i]->name)});
    columns_ += (columns_.empty() ? "r.\"" : ", r.\"") + std::string(fields[i]->column_name()) + '"';
  }
  if (columns_.empty()) columns_ = "NULL";
}

std::string RecordWords::words_of(const StoredRecord& record) const {
  std::string words;
  for (const Searched& field : fields_) {
    if (const std::string* value = text_of(record[field.position]))
      append_search_words(words, field.as, *value, country_);
  }
  return words;
}

bool RecordWords::differ(const StoredRecord& a, const StoredRecord& b) const {
  for (const Searched& field : fields_) {
    if (a[field.position] != b[field.position]) return true;
  }
  return false;
}

// Of each value the size, in the bytes of a number, and its bytes.
void RecordWords::pack(const StoredRecord& record, std::string& values) const {
  for (const Searched& field : fields_) {
    const std::string* value = text_of(record[field.position]);
    const std::size_t size = value == nullptr ? 0 : value->size();
    values.append(reinterpret_cast<const char*>(&size), sizeof size);
    if (value != nullptr) values += *value;
  }
}

void RecordWords::append_words(std::string& words, std::string_view values) const {
  for (const Searched& field : fields_) {
    std::size_t size = 0;
    std::memcpy(&size, values.data(), sizeof size);
    values.remove_prefix(sizeof size);
    if (size != 0) append_search_words(words, field.as, values.substr(0, size), country_);
    values.remove_prefix(size);
  }
}

void RecordWords::append_words(std::string& words, const Row& row, int first_column) const {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const std::string_view value = row.text(first_column + static_cast<int>(i));
    if (!value.empty()) append_search_words(words, fields_[i].as, value, country_);
  }
}

std::string RecordWords::rules() const {
  std::string rules = country_;
  for (const Searched& field : fields_)
    rules += ' ' + field.name + ' ' + std::to_string(static_cast<int>(field.as));
  return rules;
}

const std::shared_ptr<const RecordWords>& record_words(Session& session, Kind kind) {
  auto& words = session.state().words[static_cast<std::size_t>(kind)];
  if (!words) words = std::make_shared<RecordWords>(session.view(kind), session.country());
  return words;
}

std::string search_rules(Session& session) {
  std::string rules;
  for (const Entity& kind : entities()) {
    if (kind.searchable) rules += record_words(session, kind.kind)->rules() + '\n';
  }
  return rules;
}

}  // namespace crm
