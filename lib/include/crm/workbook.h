// Rows into an XLSX file.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "crm/export.h"
#include "crm/table.h"
#include "crm/time.h"

namespace crm {

// Numbers, amounts, truth values, dates and moments are typed cells; the heading row is frozen. A moment is
// written as the wall clock time of the zone, which the file names in a property, so that an import reads it
// right in any zone. Memory does not grow with the rows.
class CRM_API WorkbookWriter final : public RowSink {
 public:
  // Writes over the file at the path; `sheet` is the sheet's name, `zone` that of the texts of moments.
  // Throws Error{failed} where the module cannot be loaded.
  WorkbookWriter(const std::string& path, const std::string& sheet, const TimeZone& zone);
  ~WorkbookWriter() override;
  WorkbookWriter(const WorkbookWriter&) = delete;
  WorkbookWriter& operator=(const WorkbookWriter&) = delete;

  void begin(std::span<const Column> columns) override;
  // Throws Error{invalid} for more than 1,048,575 rows and for a text of more than 32,767 characters, which
  // no sheet can hold.
  bool row(std::span<const Cell> cells) override;
  // Finishes the file. Throws Error{io}.
  void end() override;

 private:
  struct State;
  void write(std::uint16_t column, const Cell& cell);

  std::unique_ptr<State> state_;
};

}  // namespace crm
