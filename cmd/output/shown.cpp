#include "output/shown.h"

#include <crm/text.h>

namespace crm::cmd {

std::string shown(const Column& column, const Cell& cell) {
  if (cell.type == CellType::null) return {};
  if (cell.type == CellType::list) {
    std::string text;
    for (const std::string_view item : cell.items) {
      if (!text.empty()) text += ' ';
      text += visible(item);
    }
    return text;
  }
  if (cell.type == CellType::boolean) return cell.text == "true" ? "yes" : "no";
  // "2026-03-01T09:00:00+08:00" → "2026-03-01 09:00"
  if (column.moment && cell.text.size() >= 19 && cell.text[10] == 'T') {
    return std::string(cell.text.substr(0, 10)) + ' ' + std::string(cell.text.substr(11, 5));
  }
  return visible(cell.text);
}

}  // namespace crm::cmd
