// Records from files, and into files that read back.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "crm/decimal_mark.h"
#include "crm/error.h"
#include "crm/export.h"
#include "crm/progress.h"
#include "crm/records.h"
#include "crm/time.h"

namespace crm {

// What to do with a row whose record is there already. fill: set only what the record does not have.
enum class OnMatch { update, fill, skip, fail };
// What to do with a row that names a user who is not there. skip: the row; empty: the field.
enum class UnknownUser { fail, create, skip, empty };
enum class FileFormat { csv, tsv, json, xlsx, vcard };

struct ImportResult;

struct ImportOptions {
  std::optional<FileFormat> format;     // else by the file's extension, then by its content
  std::string encoding;                 // else by its bytes
  std::optional<char> delimiter;        // of CSV; else by its content
  std::string sheet;                    // of a workbook, by name or number; else the first with rows
  std::string preset;                   // a preset's or a system's name, or a preset file; else recognised
  std::string source;                   // of references that are a bare key; else the preset's, or "import"
  std::vector<std::string> maps;        // mapping files, and COLUMN=TARGET
  std::vector<std::string> map_values;  // FIELD:FROM=TO
  std::vector<std::string> set;         // FIELD=VALUE, in every row
  std::optional<Kind> record_kind;      // of the records that a stage change or a follow-up is about
  std::vector<std::string> match = {"ref"};  // ref, email, phone, name: the first that the row has
  OnMatch on_match = OnMatch::update;
  UnknownUser on_unknown_user = UnknownUser::fail;
  std::vector<std::string>
      create_missing;  // what is made where a row names it and it is not there: customer …
  DateOrder date_order = DateOrder::unknown;
  DecimalMark decimal_mark = DecimalMark::unknown;  // of amounts that can be read either way
  bool strict = false;                              // a column that maps to nothing is an error
  bool keep_unknown = false;                        // … or becomes a custom field
  bool keep_going = false;                          // rows at fault are left out, the others are kept
  std::string rejects;                              // where rows at fault go; empty: beside the file
  bool run_rules = false;                           // the workflow's rules are set off, as by a command
  bool resume = false;                              // finish this file's import once: see import_records()
  ProgressListener progress = {};
  // Called with the result before it is kept: nothing is, where it throws.
  std::function<void(const ImportResult&)> before_commit = {};
  // Called with each thing that is told from the file itself (its encoding, sheet, preset), before its rows
  // are read.
  std::function<void(const std::string&)> recognised = {};
};

struct ImportResult {
  std::int64_t rows = 0;  // the sum of the five below
  std::int64_t added = 0;
  std::int64_t updated = 0;
  std::int64_t unchanged = 0;
  std::int64_t skipped = 0;
  std::int64_t rejected = 0;
  std::string preset;  // the name of the one that was used; empty where none was
  std::vector<std::string> warnings;
  std::vector<Problem> faults;  // of the first rejected rows
  std::string rejects;          // the file that holds them all; empty where none was written
  std::int64_t run = 0;         // its number (crm/import_runs.h); 0 for a dry run
};

// Reads the file ("-": the standard input) as records of the kind, in one Write. Memory does not grow with
// the file. Without keep_going the first row at fault throws Error{invalid} ("file:line:column: …") and
// nothing is changed. Throws Error{usage} for options that make no sense, Error{not_found} and Error{io} for
// files, Error{conflict} for a match under OnMatch::fail and where `rejects` holds something else.
// With `resume`, an import of the same bytes that was interrupted goes on under its number, and of one that
// was finished only the result is given again.
CRM_API ImportResult import_records(Session& session, Kind kind, const std::string& path,
                                    const ImportOptions& options = {});

// The built-in presets: preset, kind, system, about.
CRM_API void list_presets(RowSink& sink);

// The fields of an export: all that an import takes, so that the file reads back. `version` is not among
// them: it counts the changes in this database.
CRM_API std::vector<std::string> export_fields(Session& session, Kind kind);

}  // namespace crm
