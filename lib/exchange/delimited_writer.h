// Cells of CSV and TSV files, written by appending.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace crm {

// A cell by RFC 4180: in quotes where it holds the delimiter, a quote or a line end. The
// delimiter is one of , ; TAB |.
void append_csv_cell(std::string& out, std::string_view text, char delimiter = ',');

// A record with its line end (LF). A record of one empty cell is written as "", since an empty line is no
// record.
void append_csv_record(std::string& out, std::span<const std::string_view> cells, char delimiter = ',');

// A cell of tab-separated values for pipes, where every line is one record: tab, LF, CR and backslash as \t
// \n \r \\.
void append_tsv_cell(std::string& out, std::string_view text);

}  // namespace crm
