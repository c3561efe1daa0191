// Results as rows of cells: what lists, reports and exports hand to whatever prints them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crm/export.h"

namespace crm {

enum class CellType {
  null,
  text,
  number,   // the text is a JSON number
  boolean,  // the text is "true" or "false"
  list,     // `items` holds texts (tags)
};

// A value as it is shown: already formatted, masked and named. Views live until the sink returns.
struct Cell {
  CellType type = CellType::null;
  std::string_view text;
  std::span<const std::string_view> items;
};

struct Column {
  std::string name;     // JSON key and CSV heading
  std::string label;    // heading for people
  bool right = false;   // aligned right in a table
  bool wide = false;    // long free text: a table may cut it first
  bool moment = false;  // RFC 3339 text that a table may show in short
};

// Takes a table row by row. Nothing is kept of what was passed.
class CRM_API RowSink {
 public:
  virtual ~RowSink() = default;
  virtual void begin(std::span<const Column> columns) = 0;
  // False ends the list early without a fault.
  virtual bool row(std::span<const Cell> cells) = 0;
  virtual void end() = 0;
};

}  // namespace crm
