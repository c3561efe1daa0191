// What the workbook module and libcrm say to each other. The module links libxlsxwriter and nothing of
// libcrm.
#pragma once

#include <cstdint>
#include <memory>

namespace crm {

// An XLSX file with one sheet, written row by row; rows must come in order. A call that fails returns why (a
// constant of the module), else null.
class WorkbookFile {
 public:
  enum class Style { plain, heading, date, moment };
  virtual ~WorkbookFile() = default;
  virtual const char* text(std::uint32_t row, std::uint16_t column, const char* text, Style style) = 0;
  // Shown with that many decimals.
  virtual const char* number(std::uint32_t row, std::uint16_t column, double number, int decimals) = 0;
  virtual const char* boolean(std::uint32_t row, std::uint16_t column, bool value) = 0;
  // `serial` counts days from 1899-12-30; the style is date or moment.
  virtual const char* day(std::uint32_t row, std::uint16_t column, double serial, Style style) = 0;
  // What the file says of itself, beside its sheets.
  virtual const char* property(const char* name, const char* value) = 0;
  // In characters.
  virtual void set_width(std::uint16_t column, double width) = 0;
  // Writes the file and closes it.
  virtual const char* finish() = 0;
};

// What the entry point `crm_module_workbook` returns.
struct WorkbookModule {
  // The first row stays in sight. Null where there is no memory.
  std::unique_ptr<WorkbookFile> (*create)(const char* path, const char* sheet);
};

}  // namespace crm
