// A YAML or JSON document as a tree with places: what the yaml module reads a file into. Every scalar is kept
// as the text that was written; whoever reads it says what type it must have.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace crm {

struct NodeEntry;

struct Node {
  enum class Kind { null, scalar, list, map };
  Kind kind = Kind::null;
  std::string text;     // of a scalar, unescaped
  bool quoted = false;  // the scalar was in quotes or a block: always text, never a number, boolean or null
  int line = 0;         // where it begins, from 1
  int column = 0;       // in characters, from 1
  std::vector<Node> items;         // of a list
  std::vector<NodeEntry> entries;  // of a map, in file order; keys are scalars

  // The value of a map's key, or null.
  const Node* find(std::string_view key) const;
};

// Not a pair: clang 14 cannot complete one of two nodes inside a node.
struct NodeEntry {
  Node key;
  Node value;
};

inline const Node* Node::find(std::string_view key) const {
  for (const NodeEntry& entry : entries) {
    if (entry.key.text == key) return &entry.value;
  }
  return nullptr;
}

}  // namespace crm
