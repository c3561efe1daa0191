#include "crm/kind.h"

#include <charconv>

#include "base/text.h"
#include "entity/descriptors.h"
#include "entity/heading.h"

namespace crm {
namespace {

bool in_list(std::string_view list, const std::string& key) {
  while (!list.empty()) {
    const std::size_t bar = list.find('|');
    if (heading_key(list.substr(0, bar)) == key) return true;
    if (bar == std::string_view::npos) break;
    list.remove_prefix(bar + 1);
  }
  return false;
}

}  // namespace

std::span<const Entity> entities() {
  return descriptors::kEntities;
}

const Entity& entity(Kind kind) {
  return descriptors::kEntities[static_cast<std::size_t>(kind) - 1];
}

const Entity* find_entity(std::string_view word) {
  for (const Entity& candidate : descriptors::kEntities) {
    if (word == candidate.name || word == candidate.table ||
        (!candidate.alias.empty() && word == candidate.alias)) {
      return &candidate;
    }
  }
  return nullptr;
}

std::string to_string(RecordId record) {
  return std::string(entity(record.kind).name) + '/' + std::to_string(record.id);
}

std::optional<RecordId> parse_record_id(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const Entity* found = find_entity(text.substr(0, slash));
  if (found == nullptr) return std::nullopt;
  const std::string_view digits = text.substr(slash + 1);
  RecordId record{found->kind, 0};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), record.id);
  if (error != std::errc() || end != digits.data() + digits.size() || record.id <= 0) return std::nullopt;
  return record;
}

KindView::KindView(const Entity& entity, std::span<const Field* const> custom_fields) : entity_(&entity) {
  fields_.reserve(entity.fields.size() + custom_fields.size());
  for (const Field& field : entity.fields) fields_.push_back(&field);
  fields_.insert(fields_.end(), custom_fields.begin(), custom_fields.end());
}

const Field* KindView::find(std::string_view name) const {
  const std::size_t at = position(name);
  return at == npos ? nullptr : fields_[at];
}

std::size_t KindView::position(std::string_view name) const {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i]->name == name) return i;
  }
  return npos;
}

const Field* KindView::find_heading(std::string_view heading) const {
  if (const Field* exact = find(heading)) return exact;
  const std::string key = heading_key(heading);
  if (key.empty()) return nullptr;
  for (const Field* field : fields_) {
    if (heading_key(field->name) == key) return field;
  }
  for (const Field* field : fields_) {
    if (heading_key(field->label.en) == key || heading_key(field->label.zh) == key) return field;
  }
  for (const Field* field : fields_) {
    if (in_list(field->aliases, key)) return field;
  }
  return nullptr;
}

std::vector<std::string> KindView::names() const {
  std::vector<std::string> names;
  names.reserve(fields_.size());
  for (const Field* field : fields_) names.emplace_back(field->name);
  return names;
}

}  // namespace crm
