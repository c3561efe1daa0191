#include "workflow/map_reader.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.h"

namespace crm {
namespace {

bool contains(std::span<const std::string_view> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// "'probability' must be …, not 'abc'".
std::string mismatch(std::string_view what, std::string_view wanted, const Node& value) {
  std::string message = std::string(what) + " must be " + std::string(wanted);
  if (value.kind == Node::Kind::scalar) message += ", not " + quoted(value.text);
  return message;
}

}  // namespace

MapReader::MapReader(const Node& node, const MapKeys& keys, std::string what, Faults& faults)
    : node_(node), what_(std::move(what)), faults_(faults) {
  for (const auto& [key, value] : entries_of(node, what_, faults)) {
    if (contains(keys.known, key.text)) continue;
    if (contains(keys.later, key.text)) {
      faults.add(key, quoted(key.text) + " is not supported by this version", "leave it out");
    } else {
      faults.add(key, "unknown key " + quoted(key.text), nearest_hint(key.text, to_strings(keys.known)));
    }
  }
}

const Node* MapReader::find(std::string_view key) const {
  for (const NodeEntry& entry : node_.entries) {
    if (entry.key.text != key) continue;
    if (entry.value.kind != Node::Kind::null) return &entry.value;
    faults_.add(entry.key, quoted(key) + " is empty", "fill it in, or leave the key out");
  }
  return nullptr;
}

const Node* MapReader::require(std::string_view key) const {
  if (node_.kind == Node::Kind::map && node_.find(key) == nullptr)
    faults_.add(node_, what_ + " needs " + quoted(key));
  return find(key);
}

std::optional<std::string> MapReader::text(std::string_view key) const {
  return text_of(find(key), key);
}
std::optional<std::string> MapReader::required_text(std::string_view key) const {
  return text_of(require(key), key);
}

std::optional<std::string> MapReader::text_of(const Node* value, std::string_view key) const {
  return value == nullptr ? std::nullopt : scalar_text(*value, quoted(key), faults_);
}

std::optional<std::string> MapReader::word(std::string_view key,
                                           std::span<const std::string_view> words) const {
  std::optional<std::string> text = this->text(key);
  if (!text || contains(words, *text)) return text;
  faults_.add(*node_.find(key), "unknown " + std::string(key) + ' ' + quoted(*text),
              nearest_hint(*text, to_strings(words)));
  return std::nullopt;
}

bool MapReader::boolean(std::string_view key) const {
  const Node* value = find(key);
  if (value == nullptr) return false;
  if (value->kind == Node::Kind::scalar && !value->quoted) {
    if (value->text == "true") return true;
    if (value->text == "false") return false;
  }
  faults_.add(*value, mismatch(quoted(key), "true or false", *value));
  return false;
}

std::optional<int> MapReader::integer(std::string_view key, int least, int most) const {
  const Node* value = find(key);
  return value == nullptr ? std::nullopt : whole_number(*value, quoted(key), least, most, faults_);
}

LabelTexts MapReader::label(std::string_view key) const {
  const Node* value = find(key);
  if (value == nullptr) return {};
  if (value->kind == Node::Kind::scalar) {
    const std::string text = scalar_text(*value, quoted(key), faults_).value_or("");
    return {text, text};
  }
  if (value->kind != Node::Kind::map) {
    faults_.add(*value, quoted(key) + " must be a text, or a map of 'en' and 'zh'");
    return {};
  }
  const MapReader texts(*value, workflow_keys::kLabel, quoted(key), faults_);
  return {texts.text("en").value_or(""), texts.text("zh").value_or("")};
}

std::optional<int> whole_number(const Node& node, std::string_view what, int least, int most,
                                Faults& faults) {
  int number = 0;
  const std::string& text = node.text;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = node.kind == Node::Kind::scalar && !node.quoted && error == std::errc() &&
                         end == text.data() + text.size() && number >= least && number <= most;
  if (is_number) return number;
  faults.add(
      node,
      mismatch(what, "a whole number from " + std::to_string(least) + " to " + std::to_string(most), node));
  return std::nullopt;
}

std::optional<std::string> scalar_text(const Node& node, std::string_view what, Faults& faults) {
  if (node.kind != Node::Kind::scalar) {
    faults.add(node, std::string(what) + " must be a text");
    return std::nullopt;
  }
  if (trimmed(node.text).empty()) {
    faults.add(node, std::string(what) + " is empty");
    return std::nullopt;
  }
  return node.text;
}

std::vector<const Node*> scalar_list(const Node& node, std::string_view what, Faults& faults) {
  std::vector<const Node*> scalars;
  if (node.kind == Node::Kind::scalar) {
    if (scalar_text(node, what, faults)) scalars.push_back(&node);
    return scalars;
  }
  for (const Node& item : items_of(node, what, faults)) {
    if (scalar_text(item, "an item of " + std::string(what), faults)) scalars.push_back(&item);
  }
  return scalars;
}

std::span<const NodeEntry> entries_of(const Node& node, std::string_view what, Faults& faults) {
  if (node.kind == Node::Kind::map) return node.entries;
  faults.add(node, std::string(what) + " must be a map, 'key: value'");
  return {};
}

std::span<const Node> items_of(const Node& node, std::string_view what, Faults& faults) {
  if (node.kind != Node::Kind::list) {
    faults.add(node, std::string(what) + " must be a list");
    return {};
  }
  if (node.items.empty())
    faults.add(node, std::string(what) + " is an empty list", "fill it in, or leave the key out");
  return node.items;
}

bool check_name(const Node& name, char joiner, Faults& faults) {
  constexpr std::size_t kMaxName = 60;
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const std::string& text = name.text;
  const bool taken = name.kind == Node::Kind::scalar && !text.empty() && text.size() <= kMaxName &&
                     is_letter(text.front()) && std::all_of(text.begin(), text.end(), [&](char c) {
                       return is_letter(c) || (c >= '0' && c <= '9') || c == joiner;
                     });
  if (taken) return true;
  faults.add(name, quoted(text) + " cannot be a name",
             std::string("take a letter a-z, then letters, digits and '") + joiner + "', at most 60");
  return false;
}

std::vector<std::string> to_strings(std::span<const std::string_view> words) {
  return {words.begin(), words.end()};
}

}  // namespace crm
