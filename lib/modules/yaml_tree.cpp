#include "modules/yaml_tree.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace crm {
namespace {

constexpr std::size_t kMostNodes = 100'000;
constexpr std::size_t kMostDepth = 64;
constexpr std::size_t kMostProblems = 50;
constexpr std::size_t kLongestShownLine = 400;

}  // namespace

PlaceCursor::Place PlaceCursor::at(std::size_t offset) {
  offset = std::min(offset, text_.size());
  if (offset < offset_) {
    offset_ = 0;
    place_ = {1, 1};
  }
  const std::string_view passed = text_.substr(offset_, offset - offset_);
  const std::size_t last = passed.rfind('\n');
  if (last != std::string_view::npos) {
    place_.line += static_cast<int>(std::count(passed.begin(), passed.end(), '\n'));
    place_.column = 1;
  }
  const std::size_t from = last == std::string_view::npos ? 0 : last + 1;
  place_.column += static_cast<int>(character_count(passed.substr(from)));
  offset_ = offset;
  return place_;
}

std::string line_text(std::string_view text, int line) {
  for (int i = 1; i < line; ++i) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  return text.size() > kLongestShownLine ? std::string() : std::string(text);
}

YamlTree::YamlTree(std::string_view text, std::string file, std::vector<Problem>& problems)
    : text_(text),
      file_(std::move(file)),
      problems_(problems),
      most_problems_(problems.size() + kMostProblems),
      cursor_(text) {
  root_.line = 1;
  root_.column = 1;
}

bool YamlTree::refuse(std::size_t offset, std::string message, std::string hint) {
  return refuse_at(cursor_.at(offset), std::move(message), std::move(hint));
}

bool YamlTree::refuse_at(PlaceCursor::Place place, std::string message, std::string hint) {
  problems_.push_back(
      {{file_, place.line, place.column}, std::move(message), std::move(hint), line_text(text_, place.line)});
  return problems_.size() < most_problems_;
}

bool YamlTree::take(const YamlEvent& event) {
  using Kind = YamlEvent::Kind;
  if (event.kind == Kind::list_end || event.kind == Kind::map_end) return end();
  if (event.kind == Kind::document) {
    if (!std::exchange(document_seen_, true)) return true;
    const bool marked = text_.substr(event.offset).starts_with("---");
    refuse(event.offset,
           marked ? "a second document begins here" : "unexpected text after the end of the document",
           marked ? "keep one document in a file" : "put text with such characters in quotes");
    return false;
  }
  if (++nodes_ > kMostNodes) {
    refuse(event.offset, "more than 100,000 values", "split the file");
    return false;
  }
  if (!check_properties(event)) return false;
  if (at_key() && !check_key(event)) return false;

  Node node;
  const PlaceCursor::Place place = cursor_.at(event.offset);
  node.line = place.line;
  node.column = place.column;
  switch (event.kind) {
    case Kind::list_begin:
      node.kind = Node::Kind::list;
      return begin(event, std::move(node));
    case Kind::map_begin:
      node.kind = Node::Kind::map;
      return begin(event, std::move(node));
    case Kind::scalar:
      node.kind = Node::Kind::scalar;
      node.text = event.text;
      node.quoted = event.quoted;
      if (event.quoted) last_quoted_ = event.offset;
      break;
    default:
      break;
  }
  return add(std::move(node));
}

bool YamlTree::check_properties(const YamlEvent& event) {
  if (event.kind == YamlEvent::Kind::alias) {
    return refuse(event.offset, "an alias ('*name') is not taken here", "write the value out");
  }
  if (event.anchored &&
      !refuse(event.offset, "an anchor ('&name') is not taken here", "write the value out")) {
    return false;
  }
  return event.tag.empty() || refuse(event.offset, "a tag ('!name') is not taken here", "leave it out");
}

bool YamlTree::check_key(const YamlEvent& event) {
  switch (event.kind) {
    case YamlEvent::Kind::scalar:
      return event.quoted || event.text != "<<" ||
             refuse(event.offset, "the merge key '<<' is not taken here", "write the keys out");
    case YamlEvent::Kind::null:
      return refuse(event.offset, "a key is empty or null", "name the key");
    case YamlEvent::Kind::alias:
      return true;
    default:
      return refuse(event.offset, "a key is a list or a map", "keys are single words or texts");
  }
}

bool YamlTree::at_key() const {
  return !open_.empty() && open_.back().node.kind == Node::Kind::map && !open_.back().key;
}

bool YamlTree::begin(const YamlEvent& event, Node node) {
  if (open_.size() == kMostDepth) {
    refuse(event.offset, "lists and maps nested more than 64 deep");
    return false;
  }
  open_.push_back({std::move(node), std::nullopt});
  return true;
}

bool YamlTree::end() {
  Node node = std::move(open_.back().node);
  open_.pop_back();
  if (node.kind == Node::Kind::map) find_duplicates(node);
  return problems_.size() < most_problems_ && add(std::move(node));
}

bool YamlTree::add(Node node) {
  if (open_.empty()) {
    root_ = std::move(node);
    return true;
  }
  Open& parent = open_.back();
  if (parent.node.kind == Node::Kind::list) {
    parent.node.items.push_back(std::move(node));
  } else if (!parent.key) {
    parent.key = std::move(node);
  } else {
    parent.node.entries.push_back({std::move(*parent.key), std::move(node)});
    parent.key.reset();
  }
  return true;
}

void YamlTree::find_duplicates(const Node& map) {
  std::vector<const Node*> keys;
  keys.reserve(map.entries.size());
  for (const auto& [key, value] : map.entries) {
    if (key.kind == Node::Kind::scalar) keys.push_back(&key);
  }
  std::stable_sort(keys.begin(), keys.end(), [](const Node* a, const Node* b) { return a->text < b->text; });
  for (std::size_t i = 1; i < keys.size() && problems_.size() < most_problems_; ++i) {
    if (keys[i]->text != keys[i - 1]->text) continue;
    refuse_at({keys[i]->line, keys[i]->column}, "the key " + quoted(keys[i]->text) + " occurs twice",
              "it also stands in line " + std::to_string(keys[i - 1]->line));
  }
}

}  // namespace crm
