// The formats of a result: table, JSON, JSON lines, CSV, TSV, YAML, ids. All of them stream.
#pragma once

#include <crm/table.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "output/stream.h"

namespace crm::cmd {

enum class Format { table, json, jsonl, csv, tsv, yaml, ids };

// By the name that --output takes; nothing for another.
std::optional<Format> find_format(std::string_view name);

// What the result is: many records; one record; or one document, facts with rows among them (a report).
enum class Shape { list, object, document };

// Which cells of CSV get an apostrophe before them, which an import takes off again.
enum class CsvGuard {
  none,
  reversible,  // those from which an import would take one off: what is read back is what was written
  formulas,    // also those that a spreadsheet would run as a formula
};

struct WriterOptions {
  Format format = Format::tsv;
  Shape shape = Shape::list;
  bool terminal = false;  // somebody looks at it: control characters are made visible in every format
  bool color = false;
  std::size_t width = 0;                // cells of the terminal; 0 leaves tables uncut
  std::vector<std::string> spare = {};  // columns that a table leaves out, in this order, where room lacks
  CsvGuard guard = CsvGuard::none;
  char delimiter = ',';        // of CSV
  Stream* messages = nullptr;  // where a table without rows says so; null: nowhere
};

class Writer : public RowSink {
 public:
  // A named value of a document, before its rows or after them. Formats of rows alone leave facts out, a
  // table those before the rows; the views live until the call returns.
  virtual void fact(std::string_view name, const Cell& value);
  // After a document's last row or fact.
  virtual void finish() {}
};

// Whether a document in that format has the facts that stand before its rows.
bool has_facts(Format format);

// The stream must outlive the writer.
std::unique_ptr<Writer> make_writer(Stream& stream, const WriterOptions& options);

}  // namespace crm::cmd
