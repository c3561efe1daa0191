#include <crm/exchange.h>
#include <crm/followups.h>
#include <crm/text.h>

#include <optional>

#include "app/context.h"
#include "commands/commands.h"
#include "commands/field_list.h"
#include "output/file_output.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

const Entity& kind_argument(const std::string& word) {
  if (const Entity* kind = find_entity(word)) return *kind;
  throw Error(ErrorCode::usage, "unknown kind " + crm::quoted(word), "crm help export lists them");
}

// By -o, else by the name of the file, else CSV.
Format export_format(const Context& context, const std::string& path) {
  if (context.settings().format) return *context.settings().format;
  const std::size_t dot = path.rfind('.');
  const std::string extension = dot == std::string::npos ? std::string() : path.substr(dot + 1);
  return find_format(extension).value_or(Format::csv);
}

WriterOptions writer_options(const Context& context, const Arguments& arguments, const std::string& path) {
  WriterOptions options;
  options.format = export_format(context, path);
  if (options.format == Format::tsv) {  // with headings, so that it reads back
    options.format = Format::csv;
    options.delimiter = '\t';
  }
  const bool for_people = !path.empty() && !arguments.has("raw");
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
  FileOutput file(path, force);
  file.stream().write(text);
  file.finish();
  return 0;
}

int run_export(Context& context, const Arguments& arguments) {
  ListQuery query;
  query.kind = kind_argument(arguments.argument("KIND")).kind;
  if (wants_field_list(context)) return print_field_list(context, query.kind);
  query.selection.terms = arguments.arguments("TERM");
  query.selection.where = arguments.text("where").value_or("");
  query.selection.deleted = arguments.has("deleted");
  query.fields = context.settings().fields.empty() ? export_fields(context.session(), query.kind)
                                                   : context.settings().fields;
  const std::string path = arguments.text("to").value_or("");
  if (arguments.has("ics")) return export_calendar(context, query, path, arguments.has("force"));
  if (path.empty()) {
    list(context.session(), query, *make_writer(context.out(), writer_options(context, arguments, path)));
    return 0;
  }
  FileOutput file(path, arguments.has("force"));
  const ListResult result =
      list(context.session(), query, *make_writer(file.stream(), writer_options(context, arguments, path)));
  file.finish();
  context.say("wrote " + std::to_string(result.rows) + (result.rows == 1 ? " record" : " records") + " to " +
              crm::quoted(path));
  return 0;
}

}  // namespace

CommandSpec export_command() {
  CommandSpec spec;
  spec.words = {"export"};
  spec.summary = "write records to a file that can be imported again";
  spec.details =
      "All fields that an import takes, as CSV unless -o or the file's name says otherwise. Imported into an "
      "empty database it gives "
      "the same records. With --to, cells that a spreadsheet would run as a formula are defused; an import "
      "restores them.";
  spec.examples = {
      {"crm export lead --to leads.csv", "all leads; the file must be new"},
      {"crm export customer region=华东 -o jsonl | gzip > east.jsonl.gz", "some, as JSON lines, to a pipe"}};
  spec.arguments = {{.name = "KIND",
                     .help = "what to write: user, team, customer, contact, lead, followup, stage-change",
                     .completion = Completion::kind},
                    {.name = "TERM",
                     .help = "a condition, as 'crm lead list' takes it",
                     .required = false,
                     .repeated = true,
                     .completion = Completion::field}};
  spec.options = {
      {.name = "to",
       .help = "the file; else the standard output",
       .value = "FILE",
       .type = ValueType::text,
       .completion = Completion::file},
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
