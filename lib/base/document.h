// A YAML or JSON document as a tree with places: what the yaml module reads a file into. Every scalar is kept as the
// text that was written; whoever reads it says what type it must have.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crm {

struct Node {
  enum class Kind { null, scalar, list, map };
  Kind kind = Kind::null;
  std::string text;     // of a scalar, unescaped
  bool quoted = false;  // the scalar was in quotes or a block: always text, never a number, boolean or null
  int line = 0;         // where it begins, from 1
  int column = 0;       // in characters, from 1
  std::vector<Node> items;                            // of a list
  std::vector<std::pair<Node, Node>> entries;  // of a map, in file order; keys are scalars

  const Node* find(std::string_view key) const {
    for (const auto& [name, value] : entries) {
      if (name.text == key) return &value;
    }
    return nullptr;
  }
};

}  // namespace crm
