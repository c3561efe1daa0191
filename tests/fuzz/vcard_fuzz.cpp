// vCards in any encoding: the same cards whatever the sizes of the blocks, and only valid UTF-8 comes out.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "crm/error.h"
#include "exchange/row_source.h"
#include "fuzz/encodings.h"
#include "fuzz/require.h"
#include "unit/exchange/memory_bytes.h"
#include "unit/exchange/told.h"

namespace crm {
namespace {

std::vector<std::string> read(std::string_view bytes, std::size_t block) {
  std::vector<std::string> told;
  RowSourceOptions options;
  options.encoding = named_encoding(bytes);
  try {
    const auto source = open_rows(test::memory_bytes(std::string(bytes), block, false), "a.vcf", options);
    InputRow row;
    while (source->next(row)) {
      require(row.fields.size() == source->headings().size() && row.line > 0);
      std::string& card = told.emplace_back(row.fault ? row.fault->message : std::string());
      for (std::size_t i = 0; i < row.fields.size(); ++i) {
        require(is_valid_utf8(row.fields[i].text));
        if (row.fields[i].given) card += source->headings()[i] + '=' + std::string(row.fields[i].text) + '\n';
      }
    }
  } catch (const Error& error) {
    require(error.code() == ErrorCode::invalid || error.code() == ErrorCode::usage);
    told.push_back(test::told(error));
  }
  return told;
}

}  // namespace
}  // namespace crm

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  crm::keep_converters();
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  crm::require(crm::read(bytes, 1 << 16) == crm::read(bytes, 1 + size % 7));
  return 0;
}
