// Workbooks: the input is the inside of a sheet, of the shared texts and of the styles, or (where it begins
// with a ZIP archive's mark) the file itself.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.h"
#include "crm/error.h"
#include "exchange/row_source.h"
#include "fuzz/require.h"
#include "unit/exchange/small_workbook.h"

namespace crm {
namespace {

void read(const std::string& path) {
  try {
    const auto source = open_rows(path);
    InputRow row;
    std::int64_t line = 0;
    while (source->next(row)) {
      require(row.fields.size() == source->headings().size() && row.line > line);
      line = row.line;
      for (const InputField& field : row.fields) require(is_valid_utf8(field.text));
    }
    (void)source->warnings();
  } catch (const Error& error) {
    require(error.code() == ErrorCode::invalid);
  }
}

std::string workbook_of(std::string_view input) {
  const auto take = [&input] {
    const std::size_t end = std::min(input.find('\x01'), input.size());
    const std::string part(input.substr(0, end));
    input.remove_prefix(std::min(end + 1, input.size()));
    return part;
  };
  test::SmallWorkbook workbook;
  workbook.sheets = {{"S", take()}};
  workbook.texts = take();
  workbook.styles = take();
  return workbook.bytes();
}

}  // namespace
}  // namespace crm

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string bytes = input.starts_with("PK\x03\x04") ? std::string(input) : crm::workbook_of(input);
  const int file = ::memfd_create("workbook", MFD_CLOEXEC);
  crm::require(file >= 0 && ::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  crm::read("/proc/self/fd/" + std::to_string(file));
  ::close(file);
  return 0;
}
