// Rows of a file of records, whatever its format: the one interface between readers and the import.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crm/error.h"
#include "exchange/byte_source.h"

namespace crm {

// A value in a row. A given field without text and items says that there is no value; one that is not given
// says nothing.
struct InputField {
  std::string_view text;
  bool given = false;
  bool is_number = false;                   // for its format: a decimal mark in it is a point
  std::span<const std::string_view> items;  // of a list; then `text` is empty
};

// One row; its views are valid until the next one is asked for.
struct InputRow {
  std::int64_t line = 0;           // on which it begins, from 1
  bool after_gap = false;          // empty lines stand above it
  std::string_view text;           // the row as it stands in the file
  std::vector<InputField> fields;  // one for each heading; none where its quotes are at fault
  std::optional<Problem> fault;    // why the row cannot be used, though those behind it can
};

enum class RowFormat { csv, json, xlsx, vcard };

class RowSource {
 public:
  virtual ~RowSource() = default;

  // The names of the columns, as they are written. Rows of JSON name their own: new ones are added at the end
  // as they come.
  virtual const std::vector<std::string>& headings() const = 0;
  // False at the end. Throws Error{io}; Error{invalid} for a fault behind which nothing can be read.
  virtual bool next(InputRow& row) = 0;
  // Where the column's field of the current row begins (of the heading before the first next()); the row's
  // beginning where it has no such field.
  virtual Location place(std::size_t column) const = 0;
  // The line of text in which that place lies, for the caret; empty where it is too long.
  virtual std::string line_text(std::size_t column) const = 0;

  virtual RowFormat format() const = 0;
  virtual char delimiter() const = 0;  // of CSV, else NUL
  // The encoding as iconv calls it, and whether it was guessed from the bytes.
  virtual const std::string& encoding() const = 0;
  virtual bool encoding_detected() const = 0;
  // What was told from the file ("read the sheet 'East'"), and, once it is read, what was left out of it.
  virtual std::vector<std::string> remarks() const { return {}; }
  virtual std::vector<std::string> warnings() const { return {}; }
  // How much of the source has been read, from 0 to 1; 0 where that is not known.
  virtual double part_read() const { return 0; }
};

struct RowSourceOptions {
  std::optional<RowFormat> format;  // else by the file's extension, then by its content
  std::string encoding;             // any name that iconv knows; else by byte order mark, then detected
  std::optional<char> delimiter;    // of CSV; else TAB for .tsv and .tab, then detected
  std::string sheet;                // of a workbook, by name or number; else the first visible one with rows
  // Whether a heading is known: then rows of one cell above the headings are notes.
  std::function<bool(std::string_view)> is_heading;
};

// Opens a file; "-" is standard input. Rows whose cells are all empty are passed over, the first other one of
// a CSV file is its headings. Throws Error{not_found}, Error{io}; Error{usage} for an unknown encoding;
// Error{invalid} for a file without headings or of a format that is not read.
std::unique_ptr<RowSource> open_rows(const std::string& path, const RowSourceOptions& options = {});
// The same for bytes from elsewhere; `file` names them, and its extension counts.
std::unique_ptr<RowSource> open_rows(std::unique_ptr<ByteSource> bytes, const std::string& file,
                                     const RowSourceOptions& options = {});

}  // namespace crm
