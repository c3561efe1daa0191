// Reads one map of a workflow file: reports keys that it does not know and values of another type.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/document.h"
#include "workflow/faults.h"
#include "workflow/keys.h"

namespace crm {

struct LabelTexts {
  std::string en;
  std::string zh;
};

class MapReader {
 public:
  // `what` names the map in messages: "a stage". Reports at once a node that is no map, and unknown keys.
  MapReader(const Node& node, const MapKeys& keys, std::string what, Faults& faults);

  // The value of a key of the table, or null where the file has none. One that is empty is reported and null.
  const Node* find(std::string_view key) const;
  // The same, and reported where the file has none.
  const Node* require(std::string_view key) const;

  // A text that is not empty, or nothing; another type is reported.
  std::optional<std::string> text(std::string_view key) const;
  std::optional<std::string> required_text(std::string_view key) const;
  // One of the words; another one is reported, with the nearest.
  std::optional<std::string> word(std::string_view key, std::span<const std::string_view> words) const;
  bool boolean(std::string_view key) const;  // false where the file has none
  std::optional<int> integer(std::string_view key, int least, int most) const;
  // A text for both languages, or {en, zh}.
  LabelTexts label(std::string_view key) const;

 private:
  std::optional<std::string> text_of(const Node* value, std::string_view key) const;

  const Node& node_;
  std::string what_;
  Faults& faults_;
};

// A whole number within the bounds, or nothing and a report.
std::optional<int> whole_number(const Node& node, std::string_view what, int least, int most, Faults& faults);
// A scalar that is not empty, or nothing. `what` begins the message: "'name' must be …".
std::optional<std::string> scalar_text(const Node& node, std::string_view what, Faults& faults);
// Scalars of a list, or the one scalar in place of a list of one; each is not empty. Nothing where it is
// neither.
std::vector<const Node*> scalar_list(const Node& node, std::string_view what, Faults& faults);
// The entries of a map, or none and a report.
std::span<const NodeEntry> entries_of(const Node& node, std::string_view what, Faults& faults);
std::span<const Node> items_of(const Node& node, std::string_view what, Faults& faults);

// A letter a–z, then letters, digits and `joiner`, at most 60; else reported with what is taken.
bool check_name(const Node& name, char joiner, Faults& faults);

std::vector<std::string> to_strings(std::span<const std::string_view> words);

}  // namespace crm
