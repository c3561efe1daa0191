#include "exchange/row_source.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "crm/error.h"
#include "exchange/delimited_rows.h"
#include "exchange/json_rows.h"
#include "exchange/text_reader.h"
#include "exchange/vcard_rows.h"
#include "exchange/whole_rejects.h"
#include "exchange/xlsx_rows.h"

namespace crm {
namespace {

std::string extension_of(std::string_view file) {
  const std::size_t name = file.find_last_of('/');
  if (name != std::string_view::npos) file.remove_prefix(name + 1);
  const std::size_t dot = file.find_last_of('.');
  return dot == std::string_view::npos ? std::string() : ascii_lower(file.substr(dot + 1));
}

// Workbooks are read in place, not from first byte to last.
bool is_zip(ByteSource& bytes) {
  std::array<char, 4> head{};
  const bool zip = bytes.read(head.data(), head.size()) == head.size() &&
                   std::string_view(head.data(), head.size()) == "PK\x03\x04";
  return bytes.rewind() && zip;
}

RowFormat choose_format(const std::string& extension, TextReader& text) {
  if (extension == "yaml" || extension == "yml")
    throw Error(ErrorCode::usage, "rows are not read from YAML",
                "export them as .csv, .jsonl or .xlsx; or say what it is with --format");
  if (extension == "csv" || extension == "tsv" || extension == "tab") return RowFormat::csv;
  if (extension == "jsonl" || extension == "ndjson" || extension == "json") return RowFormat::json;
  const std::string_view head = trimmed(text.peek());
  if (head.starts_with('{')) return RowFormat::json;
  if (!head.starts_with('[')) return RowFormat::csv;
  const std::string_view inside = trimmed(head.substr(1));
  return inside.empty() || inside.starts_with('{') || inside.starts_with(']') ? RowFormat::json
                                                                              : RowFormat::csv;
}

}  // namespace

std::unique_ptr<RowSource> open_rows(const std::string& path, const RowSourceOptions& options) {
  auto bytes = open_bytes(path);
  if (!is_read_once(path) && (options.format == RowFormat::xlsx || is_zip(*bytes)))
    return std::make_unique<XlsxRows>(path, options);
  return open_rows(std::move(bytes), path, options);
}

std::unique_ptr<RowSource> open_rows(std::unique_ptr<ByteSource> bytes, const std::string& file,
                                     const RowSourceOptions& options) {
  const std::string extension = extension_of(file);
  const bool card = !options.format && (extension == "vcf" || extension == "vcard");
  if (card || options.format == RowFormat::vcard)
    return std::make_unique<VcardRows>(std::move(bytes), file, options.encoding);
  auto text = std::make_unique<TextReader>(std::move(bytes), file, options.encoding);
  const RowFormat format = options.format ? *options.format : choose_format(extension, *text);
  if (format == RowFormat::json) return std::make_unique<JsonRows>(std::move(text), extension == "json");
  std::optional<char> delimiter = options.delimiter;
  if (!delimiter && (extension == "tsv" || extension == "tab")) delimiter = '\t';
  auto rows = std::make_unique<DelimitedRows>(std::move(text), delimiter, options.is_heading);
  if (!rows->are_whole_rejects()) return rows;
  auto inner = std::make_unique<WholeRejects>(std::move(rows));
  return std::make_unique<JsonRows>(std::make_unique<TextReader>(std::move(inner), file, "utf-8"), false);
}

}  // namespace crm
