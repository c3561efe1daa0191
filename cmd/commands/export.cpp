#include <crm/exchange.h>
#include <crm/followups.h>
#include <crm/text.h>
#include <crm/workbook.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <optional>

#include "app/context.h"
#include "commands/commands.h"
#include "commands/export_all.h"
#include "commands/field_list.h"
#include "commands/kind_argument.h"
#include "commands/list.h"
#include "commands/live_rows.h"
#include "output/file_output.h"
#include "output/no_rows.h"
#include "output/vcard_writer.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

enum class FileType { text, xlsx, vcard };

constexpr std::array<std::string_view, 7> kFileFormats = {"csv",  "tsv",  "json", "jsonl",
                                                          "yaml", "xlsx", "vcf"};

// What the name of the file says of its format; empty where it has no ending. Of a hidden file the name is
// none.
std::string format_of_file(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos || dot == 0) return {};
  std::string ending = name.substr(dot + 1);
  for (char& c : ending) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  if (std::find(kFileFormats.begin(), kFileFormats.end(), ending) != kFileFormats.end()) return ending;
  throw Error(ErrorCode::usage, crm::quoted("." + ending) + " is no format that an export writes",
              ending == "ics"
                  ? "follow-ups are a calendar with --ics"
                  : "name the file .csv, .tsv, .json, .jsonl, .yaml, .xlsx or .vcf, or the format with "
                    "--format");
}

// By --format or -o, else by the name of the file, else CSV.
std::string format_name(const Context& context, const Arguments& arguments, const std::string& path) {
  if (const auto format = arguments.text("format")) return *format;
  if (context.settings().format) return {};
  return format_of_file(path);
}

FileType file_type(const std::string& name) {
  return name == "xlsx" ? FileType::xlsx : name == "vcf" ? FileType::vcard : FileType::text;
}

WriterOptions writer_options(Context& context, const Arguments& arguments, const std::string& path) {
  WriterOptions options;
  const Format usual = context.settings().format.value_or(Format::csv);
  options.format = find_format(format_name(context, arguments, path)).value_or(usual);
  if (options.format == Format::tsv) {  // with headings, so that it reads back
    options.format = Format::csv;
    options.delimiter = '\t';
  }
  const bool for_people = !path.empty() && !arguments.has("raw");
  options.terminal = path.empty() && context.out().is_terminal();
  options.guard = for_people || arguments.has("safe-csv") ? CsvGuard::formulas : CsvGuard::reversible;
  return options;
}

int export_calendar(Context& context, const ListQuery& query, const std::string& path, bool force) {
  if (query.kind != Kind::followup)
    throw Error(ErrorCode::usage, "only follow-ups are a calendar", "write: crm export followup --ics");
  const std::string text = followup_calendar(context.session(), query);
  if (path.empty()) {
    context.out().write(text);
    return 0;
  }
  if (context.session().dry_run()) {
    FileOutput::check_free(path, force);
    context.say("dry run: would write " + crm::quoted(path));
    return 0;
  }
  FileOutput file(path, force);
  file.stream().write(text);
  file.finish();
  return 0;
}

// The names of records, kept for a while: many contacts are of one customer.
class RecordNames {
 public:
  explicit RecordNames(Session& session) : session_(session) {}

  std::string operator()(std::string_view record) {
    const auto known = names_.find(record);
    if (known != names_.end()) return known->second;
    const auto id = parse_record_id(record);
    if (!id) return {};
    struct NameSink final : RowSink {
      std::string name;
      void begin(std::span<const Column> /*columns*/) override {}
      bool row(std::span<const Cell> cells) override {
        name = cells.front().text;
        return true;
      }
      void end() override {}
    } sink;
    const RecordId records[] = {*id};
    const std::string fields[] = {"name"};
    show(session_, records, fields, sink);
    if (names_.size() == kMost) names_.clear();
    return names_.emplace(record, sink.name).first->second;
  }

 private:
  static constexpr std::size_t kMost = 10'000;
  Session& session_;
  std::map<std::string, std::string, std::less<>> names_;
};

// Deleted records are exported with all that is about them; the others without it.
std::int64_t write_live(Context& context, const ListQuery& query, RowSink& sink) {
  if (query.selection.deleted) return list(context.session(), query, sink).rows;
  LiveRows live(context.session(), query, sink);
  const std::int64_t rows = live.write();
  if (live.left_out() > 0)
    context.say(
        "left out " + std::to_string(live.left_out()) +
        (live.left_out() == 1 ? " that is about a deleted record" : " that are about deleted records"));
  return rows;
}

// Writes the rows to the stream, or a workbook to the file that the stream is for.
std::int64_t write_rows(Context& context, const Arguments& arguments, const ListQuery& query,
                        const std::string& path, Stream& stream, const std::string& partial) {
  Session& session = context.session();
  switch (file_type(format_name(context, arguments, path))) {
    case FileType::xlsx: {
      WorkbookWriter workbook(partial, std::string(entity(query.kind).name), session.zone());
      return write_live(context, query, workbook);
    }
    case FileType::vcard: {
      VcardWriter cards(stream, RecordNames(session));
      return write_live(context, query, cards);
    }
    case FileType::text:
      break;
  }
  const WriterOptions options = writer_options(context, arguments, path);
  if (arguments.has("bom") && options.format == Format::csv) stream.write("\xEF\xBB\xBF");
  return write_live(context, query, *make_writer(stream, options));
}

int run_export(Context& context, const Arguments& arguments) {
  if (const auto directory = arguments.text("all")) {
    for (const char* word : {"KIND", "TERM"}) {
      for (const std::string& given : arguments.arguments(word))
        throw Error(ErrorCode::usage,
                    "'--all' exports all kinds, and cannot be given with " + crm::quoted(given),
                    "leave it out, or export this kind with --to");
    }
    return export_all(context, *directory);
  }
  if (arguments.argument("KIND").empty())
    throw Error(ErrorCode::usage, "which kind is missing", "name one, such as customer, or give --all DIR");
  ListQuery query;
  query.kind = kind_argument(arguments.argument("KIND")).kind;
  if (wants_field_list(context)) return print_field_list(context, query.kind);
  query.selection.terms = arguments.arguments("TERM");
  query.selection.where = condition_option(arguments, "where");
  query.selection.deleted = arguments.has("deleted");
  query.fields = context.settings().fields.empty() ? export_fields(context.session(), query.kind)
                                                   : context.settings().fields;
  const auto to = arguments.text("to");
  // A script whose variable is empty did not mean its standard output.
  if (to && to->empty()) throw Error(ErrorCode::usage, "'--to' is empty", "name a file, or '-'");
  std::string path = to.value_or("-");
  if (path == "-") path.clear();
  if (arguments.has("ics")) return export_calendar(context, query, path, arguments.has("force"));
  if (path.empty()) {
    if (file_type(format_name(context, arguments, path)) == FileType::xlsx)
      throw Error(ErrorCode::usage, "a workbook goes to a file", "name it with --to FILE.xlsx");
    write_rows(context, arguments, query, path, context.out(), {});
    return 0;
  }
  FileOutput::check_free(path, arguments.has("force"));
  format_name(context, arguments, path);  // refused before the file is made
  if (context.session().dry_run()) {
    NoRows none;
    context.say("dry run: would write " + std::to_string(write_live(context, query, none)) + " to " +
                crm::quoted(path));
    return 0;
  }
  FileOutput file(path, arguments.has("force"));
  const std::int64_t rows = write_rows(context, arguments, query, path, file.stream(), file.partial_path());
  file.finish();
  context.say("wrote " + std::to_string(rows) + (rows == 1 ? " record" : " records") + " to " +
              crm::quoted(path));
  return 0;
}

}  // namespace

CommandSpec export_command() {
  CommandSpec spec;
  spec.words = {"export"};
  spec.summary = "write records to a file that can be imported again";
  spec.details =
      "All fields that an import takes, as CSV unless --format, -o or the file's name says otherwise (.csv, "
      ".tsv, .json, .jsonl, .yaml, .xlsx, .vcf; another ending is refused). Imported into an "
      "empty database it gives "
      "the same records; a vCard leaves out what an address book does not know, and YAML is not read again. "
      "A file is written beside its "
      "place and put there whole, for its owner's eyes alone. With --to, cells that a spreadsheet would run "
      "as a formula are defused; an import "
      "restores them.\n\n"
      "--all DIR writes a CSV file for each kind, rest.jsonl with the deleted records, the numbers of merged "
      "ones, segments and outreach, the workflow file, and rebuild.sh: 'sh DIR/rebuild.sh NEW.db' makes a "
      "database that answers the same. The change log, messages, channels, approvals and runs of imports are "
      "not in it: 'crm backup' copies all. Whoever does not see everything gets a part, and is told so.";
  spec.examples = {
      {"crm export lead --to leads.csv", "all leads; the file must be new"},
      {"crm export customer region=华东 -o jsonl | gzip > east.jsonl.gz", "some, as JSON lines, to a pipe"},
      {"crm export customer --to customers.xlsx", "a workbook with typed cells"},
      {"crm export --all backup-2026", "everything, as files"}};
  spec.arguments = {{.name = "KIND",
                     .help = "what to write: user, team, customer, contact, lead, followup, stage-change",
                     .required = false,
                     .completion = Completion::kind},
                    {.name = "TERM",
                     .help = "a condition, as 'crm lead list' takes it",
                     .required = false,
                     .repeated = true,
                     .completion = Completion::field}};
  spec.options = {
      {.name = "to",
       .help = "the file; none or '-' is the standard output",
       .value = "FILE",
       .type = ValueType::text,
       .completion = Completion::file},
      {.name = "format",
       .help = "the format; else by -o or the file's name",
       .value = "FORMAT",
       .type = ValueType::choice,
       .choices = {"csv", "tsv", "json", "jsonl", "xlsx", "vcf"},
       .completion = Completion::choices},
      {.name = "all",
       .help = "write everything to files in a new directory, from which rebuild.sh makes the database again",
       .value = "DIR",
       .type = ValueType::text,
       .completion = Completion::file},
      {.name = "bom", .help = "begin CSV with a byte order mark, without which some spreadsheets garble it"},
      {.name = "force", .help = "replace the file where it is there"},
      {.name = "where", .help = "an expression that must hold", .value = "EXPR", .type = ValueType::text},
      {.name = "deleted", .help = "the deleted ones instead"},
      {.name = "safe-csv", .help = "defuse formulas on the standard output too"},
      {.name = "ics", .help = "follow-ups as an iCalendar file, for calendar programs"},
      {.name = "raw", .help = "do not defuse formulas in the file"},
  };
  spec.needs = Needs::reading;
  spec.run = run_export;
  return spec;
}

}  // namespace crm::cmd
