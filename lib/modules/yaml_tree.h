// Builds the tree of a YAML document from the yaml module's events, and finds what plain data may not
// contain.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/document.h"
#include "crm/error.h"
#include "modules/yaml/interface.h"

namespace crm {

// Lines and columns of byte offsets that are asked for in rising order.
class PlaceCursor {
 public:
  explicit PlaceCursor(std::string_view text) : text_(text) {}
  struct Place {
    int line;
    int column;  // in characters
  };
  Place at(std::size_t offset);

 private:
  std::string_view text_;
  std::size_t offset_ = 0;
  Place place_{1, 1};
};

// A line by its number, for the caret under it; empty where it is too long to show.
std::string line_text(std::string_view text, int line);

class YamlTree final : public YamlEvents {
 public:
  YamlTree(std::string_view text, std::string file, std::vector<Problem>& problems);

  bool take(const YamlEvent& event) override;
  // Names a fault at a byte of the text. False when there are so many that reading on is of no use.
  bool refuse(std::size_t offset, std::string message, std::string hint = {});
  // The offset of the last scalar in quotes, or npos.
  std::size_t last_quoted() const { return last_quoted_; }
  // The document; a null node where there was none.
  Node take_root() { return std::move(root_); }

 private:
  struct Open {
    Node node;
    std::optional<Node> key;  // of a map: read, its value is still to come
  };

  bool refuse_at(PlaceCursor::Place place, std::string message, std::string hint);
  bool check_properties(const YamlEvent& event);
  bool begin(const YamlEvent& event, Node node);
  bool add(Node node);
  bool end();
  bool check_key(const YamlEvent& event);
  bool at_key() const;
  void find_duplicates(const Node& map);

  std::string_view text_;
  std::string file_;
  std::vector<Problem>& problems_;
  std::size_t most_problems_;  // with those of files before this one
  PlaceCursor cursor_;
  std::vector<Open> open_;
  Node root_;
  std::size_t nodes_ = 0;
  std::size_t last_quoted_ = std::string_view::npos;
  bool document_seen_ = false;
};

}  // namespace crm
