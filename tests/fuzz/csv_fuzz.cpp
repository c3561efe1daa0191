// CSV in any encoding: the same rows whatever the sizes of the blocks, and what is written again is read the
// same.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "crm/error.h"
#include "crm/formula_guard.h"
#include "exchange/delimited_reader.h"
#include "exchange/delimited_writer.h"
#include "exchange/encoding.h"
#include "exchange/row_source.h"
#include "fuzz/encodings.h"
#include "fuzz/require.h"
#include "unit/exchange/memory_bytes.h"
#include "unit/exchange/told.h"

namespace crm {
namespace {

struct Outcome {
  std::vector<std::vector<std::string>> records;
  std::vector<std::int64_t> lines;
  std::string fault;
  bool operator==(const Outcome&) const = default;
};

struct Told {
  std::string encoding;  // empty where the bytes are refused before it is told
  bool is_text = false;  // all of it can be read
};

Told tell(std::string_view bytes) {
  Told told;
  try {
    TextReader text(test::memory_bytes(std::string(bytes), 100), "a.csv", named_encoding(bytes));
    told.encoding = text.encoding().name;
    std::string buffer(4096, '\0');
    while (text.read(buffer.data(), buffer.size()) > 0) {
    }
    told.is_text = true;
  } catch (const Error& error) {
    require(error.code() == ErrorCode::invalid);
  }
  return told;
}

Outcome read(std::string_view bytes, const std::string& encoding, char delimiter, std::size_t block,
             std::size_t capacity, bool can_go_back) {
  Outcome outcome;
  try {
    TextReader text(test::memory_bytes(std::string(bytes), block, can_go_back), "a.csv", encoding);
    DelimitedReader reader(text, delimiter, capacity);
    while (reader.next()) {
      outcome.lines.push_back(reader.line());
      if (reader.fault()) {
        outcome.fault += describe(*reader.fault(), false) + '\n';
        require(reader.fields().empty());
        continue;
      }
      outcome.records.emplace_back(reader.fields().begin(), reader.fields().end());
      const std::size_t last = reader.fields().size() - 1;
      require(reader.place(last).line >= reader.line() && reader.place(last).column >= 1);
    }
  } catch (const Error& error) {
    require(error.code() == ErrorCode::invalid && !error.message().empty());
    outcome.fault += test::told(error);
  }
  return outcome;
}

void check_written(const Outcome& outcome, char delimiter) {
  std::string text;
  for (const auto& record : outcome.records) {
    for (const std::string& cell : record) {
      require(is_valid_utf8(cell));
      std::string defused;
      append_defused(defused, cell);
      require(restore_formula_guard(defused) == cell && !is_formula_like(defused));
    }
    append_csv_record(text, std::vector<std::string_view>(record.begin(), record.end()), delimiter);
  }
  // A first cell that reads as a mark, a "sep=" line or another format would not come back as it was.
  if (byte_order_mark(text) || binary_format(text) != nullptr || text.starts_with("sep=")) return;
  require(read(text, "UTF-8", delimiter, 1 << 16, 1 << 16, true).records == outcome.records);
}

void check_rows(std::string_view bytes, const std::string& encoding) {
  RowSourceOptions options;
  options.encoding = encoding;
  try {
    const auto source = open_rows(test::memory_bytes(std::string(bytes), 100), "-", options);
    InputRow row;
    while (source->next(row)) {
      require(row.fault || row.fields.size() == source->headings().size());
      for (std::size_t i = 0; i < row.fields.size(); ++i) (void)source->place(i);
    }
  } catch (const Error& error) {
    require(error.code() == ErrorCode::invalid);
  }
}

}  // namespace
}  // namespace crm

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace crm;
  if (size < 2) return 0;
  const char delimiter = ",;\t|"[data[0] % 4];
  const std::size_t block = 1 + data[1] % 80;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  keep_converters();
  const Told told = tell(bytes);
  check_rows(bytes, told.encoding);
  if (!told.is_text) return 0;
  const Outcome outcome = read(bytes, told.encoding, delimiter, 1 << 16, 1 << 16, true);
  require(read(bytes, told.encoding, delimiter, block, 64, data[1] % 2 == 0) == outcome);
  check_written(outcome, delimiter);
  return 0;
}
