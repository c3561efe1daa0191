#include <crm/exchange.h>
#include <crm/text.h>

#include <algorithm>

#include "app/context.h"
#include "app/report_error.h"
#include "commands/commands.h"
#include "commands/kind_argument.h"
#include "output/facts.h"
#include "output/progress_line.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

constexpr std::size_t kMostSaidFaults = 20;

FileFormat file_format(const std::string& name) {
  if (name == "csv") return FileFormat::csv;
  if (name == "xlsx") return FileFormat::xlsx;
  if (name == "vcf") return FileFormat::vcard;
  return name == "tsv" ? FileFormat::tsv : FileFormat::json;
}

char delimiter_argument(const std::string& text) {
  if (text == "tab" || text == "\\t") return '\t';
  const bool usable = text.size() == 1 && text[0] != '"' && text[0] != '\n' && text[0] != '\r' &&
                      static_cast<unsigned char>(text[0]) < 0x80;
  if (!usable) {
    throw Error(ErrorCode::usage, "--delimiter cannot be " + crm::quoted(text),
                "it takes one ASCII character, or 'tab'");
  }
  return text[0];
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    if (end > begin) parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

ImportOptions import_options(const Arguments& arguments) {
  ImportOptions options;
  if (const auto format = arguments.text("format")) options.format = file_format(*format);
  options.encoding = arguments.text("encoding").value_or("");
  options.preset = arguments.text("preset").value_or("");
  if (const auto missing = arguments.text("create-missing")) options.create_missing = split(*missing);
  options.sheet = arguments.text("sheet").value_or("");
  if (const auto delimiter = arguments.text("delimiter")) options.delimiter = delimiter_argument(*delimiter);
  options.source = arguments.text("source").value_or("");
  options.maps = arguments.texts("map");
  options.map_values = arguments.texts("map-value");
  options.set = arguments.texts("set");
  if (const auto kind = arguments.text("kind")) options.record_kind = kind_argument(*kind).kind;
  if (const auto match = arguments.text("match")) options.match = split(*match);
  const std::string on_match = arguments.text("on-match").value_or("update");
  options.on_match = on_match == "fill"   ? OnMatch::fill
                     : on_match == "skip" ? OnMatch::skip
                     : on_match == "fail" ? OnMatch::fail
                                          : OnMatch::update;
  const std::string unknown = arguments.text("on-unknown-owner").value_or("fail");
  options.on_unknown_user = unknown == "create"  ? UnknownUser::create
                            : unknown == "skip"  ? UnknownUser::skip
                            : unknown == "empty" ? UnknownUser::empty
                                                 : UnknownUser::fail;
  const std::string order = arguments.text("date-format").value_or("");
  options.date_order = order == "dmy"   ? DateOrder::dmy
                       : order == "mdy" ? DateOrder::mdy
                       : order == "ymd" ? DateOrder::ymd
                                        : DateOrder::unknown;
  const std::string mark = arguments.text("decimal-mark").value_or("");
  options.decimal_mark = mark == "point"   ? DecimalMark::point
                         : mark == "comma" ? DecimalMark::comma
                                           : DecimalMark::unknown;
  options.strict = arguments.has("strict");
  options.keep_unknown = arguments.has("keep-unknown");
  options.keep_going = arguments.has("keep-going");
  options.rejects = arguments.text("rejects").value_or("");
  options.run_rules = arguments.has("run-rules");
  options.resume = arguments.has("resume");
  return options;
}

std::string counts_line(const ImportResult& result) {
  return std::to_string(result.rows) + (result.rows == 1 ? " row: " : " rows: ") +
         std::to_string(result.added) + " added, " + std::to_string(result.updated) + " updated, " +
         std::to_string(result.unchanged) + " unchanged, " + std::to_string(result.skipped) + " skipped, " +
         std::to_string(result.rejected) + " rejected" +
         (result.run != 0 ? " (import " + std::to_string(result.run) + ")" : "");
}

void say_faults(Context& context, const ImportResult& result) {
  const std::size_t said = std::min(result.faults.size(), kMostSaidFaults);
  for (std::size_t i = 0; i < said; ++i)
    context.messages().write(visible(describe(result.faults[i], false)) + '\n');
  if (const auto left = result.rejected - static_cast<std::int64_t>(said); left > 0)
    context.say("… and " + std::to_string(left) + " more");
  if (!result.rejects.empty()) context.say("the rejected rows are in " + crm::quoted(result.rejects));
}

// The first of the rejected rows: objects where the format has them, else lines.
void add_faults(Facts& facts, Format format, const std::vector<Problem>& faults) {
  if (format != Format::json && format != Format::jsonl && format != Format::yaml) {
    std::vector<std::string> lines;
    lines.reserve(faults.size());
    for (const Problem& fault : faults) lines.push_back(describe(fault, false));
    facts.list("problems", std::move(lines));
    return;
  }
  std::string array = "[";
  for (const Problem& fault : faults) {
    if (array.size() > 1) array += ',';
    append_problem(array, fault);
  }
  facts.json("problems", array + ']');
}

void write_result(Context& context, const ImportResult& result) {
  Facts facts;
  if (result.run != 0) facts.number("run", result.run);
  facts.number("rows", result.rows);
  facts.number("added", result.added);
  facts.number("updated", result.updated);
  facts.number("unchanged", result.unchanged);
  facts.number("skipped", result.skipped);
  facts.number("rejected", result.rejected);
  if (result.rejects.empty()) {
    facts.nothing("rejects");
  } else {
    facts.text("rejects", result.rejects);
  }
  facts.list("warnings", result.warnings);
  add_faults(facts, context.format(), result.faults);
  facts.write(*context.writer(Shape::object));
}

// What nobody can be told of is not done: the result is printed while the import can still be taken back.
ImportResult import_file(Context& context, Kind kind, const Arguments& arguments) {
  ImportOptions options = import_options(arguments);
  options.recognised = [&](const std::string& fact) { context.say(fact); };
  ProgressLine line(context.messages());
  if (!context.settings().quiet) options.progress = line.listener();
  if (context.settings().format && !context.settings().quiet) {
    options.before_commit = [&](const ImportResult& result) {
      write_result(context, result);
      context.out().flush();
    };
  }
  return import_records(context.session(), kind, arguments.argument("FILE"), options);
}

int run_import(Context& context, const Arguments& arguments) {
  const Entity& kind = kind_argument(arguments.argument("KIND"));
  const ImportResult result = import_file(context, kind.kind, arguments);
  for (const std::string& warning : result.warnings) context.say("warning: " + warning);
  say_faults(context, result);
  context.say(counts_line(result));
  if (context.settings().dry_run) context.say("dry run: nothing was changed");
  return result.rejected > 0 ? static_cast<int>(ErrorCode::partly_done) : 0;
}

std::vector<OptionSpec> import_command_options() {
  return {
      {.name = "map",
       .help = "a mapping file, or what one column fills: FIELD, else:FIELD, custom:FIELD, ignore and "
               "others, see above; several with commas between",
       .value = "FILE|COLUMN=FIELD",
       .type = ValueType::text,
       .repeated = true,
       .completion = Completion::file},
      {.name = "map-value",
       .help = "what a value of a field, or under a heading, means",
       .value = "FIELD:FROM=TO",
       .type = ValueType::text,
       .repeated = true},
      {.name = "set",
       .help = "a value for every row",
       .value = "FIELD=VALUE",
       .type = ValueType::text,
       .repeated = true,
       .completion = Completion::field},
      {.name = "source",
       .help = "the source of references that are a bare key; default import",
       .value = "NAME",
       .type = ValueType::text},
      {.name = "match",
       .help = "what finds the record of a row, in this order: ref, email, phone, name; default ref",
       .value = "KEYS",
       .type = ValueType::text},
      {.name = "on-match",
       .help = "what to do with a record that is there: update, fill only what it lacks, skip the row, fail",
       .value = "WHAT",
       .type = ValueType::choice,
       .choices = {"update", "fill", "skip", "fail"},
       .completion = Completion::choices},
      {.name = "on-unknown-owner",
       .help = "what to do with a user who is not there; default fail",
       .value = "WHAT",
       .type = ValueType::choice,
       .choices = {"create", "skip", "empty", "fail"},
       .completion = Completion::choices},
      {.name = "kind",
       .help = "of which kind the records are that the rows are about",
       .value = "KIND",
       .type = ValueType::text,
       .completion = Completion::kind},
      {.name = "date-format",
       .help = "which of day, month and year stands first in dates; needed where the year has two digits",
       .value = "ORDER",
       .type = ValueType::choice,
       .choices = {"dmy", "mdy", "ymd"},
       .completion = Completion::choices},
      {.name = "decimal-mark",
       .help =
           "whether 1.500 and 1,500 have decimals: 1.5 for point, 1500 for comma, and the other way round",
       .value = "MARK",
       .type = ValueType::choice,
       .choices = {"point", "comma"},
       .completion = Completion::choices},
      {.name = "format",
       .help = "the file's format; else by its name and content",
       .value = "FORMAT",
       .type = ValueType::choice,
       .choices = {"csv", "tsv", "jsonl", "json", "xlsx", "vcf"},
       .completion = Completion::choices},
      {.name = "encoding",
       .help = "the file's encoding, such as gb18030 or utf-16; else detected",
       .value = "NAME",
       .type = ValueType::text},
      {.name = "delimiter",
       .help = "what stands between the fields of CSV: a character, or 'tab'; else detected",
       .value = "CHAR",
       .type = ValueType::text},
      {.name = "preset",
       .help =
           "the system that the file comes from, such as salesforce (see 'crm import presets'), or a preset "
           "file; else recognised by the headings",
       .value = "NAME|FILE",
       .type = ValueType::text,
       .completion = Completion::file},
      {.name = "create-missing",
       .help = "make what rows name and what is not there: owner, customer, contact",
       .value = "WHAT,…",
       .type = ValueType::text},
      {.name = "sheet",
       .help = "of a workbook: the sheet, by name or number; else the first with rows",
       .value = "NAME",
       .type = ValueType::text},
      {.name = "strict", .help = "refuse a column that maps to nothing"},
      {.name = "keep-unknown", .help = "make a custom field of a column that maps to nothing"},
      {.name = "run-rules",
       .help = "set off the workflow's rules, as a command would; without it an import sets off none"},
      {.name = "keep-going", .help = "leave out rows at fault, keep the others, and exit with 7"},
      {.name = "rejects",
       .help = "where rows at fault go; default leads.rejects.csv for leads.csv, or with the next number "
               "where that holds some",
       .value = "FILE",
       .type = ValueType::text,
       .completion = Completion::file},
      {.name = "resume",
       .help = "finish this file's import once: do it if it was interrupted or never made, else nothing"},
  };
}

}  // namespace

CommandSpec import_command() {
  CommandSpec spec;
  spec.words = {"import"};
  spec.summary = "read records from a CSV, XLSX, JSON or vCard file";
  spec.details =
      "A file of a system that is known (Salesforce, HubSpot, Pipedrive, Google Contacts, Outlook, 悟空CRM, "
      "纷享销客; 'crm import presets') is recognised by its headings. Else "
      "columns are known by the names and labels of fields in English and Chinese, and the usual other words "
      "for them; 'crm schema KIND' "
      "shows them. lead_id in a file of leads is the lead's reference, in a file of follow-ups it says which "
      "lead they are about. A column id (ID, 编号) of any other program's file is the reference import/ID, "
      "or of the "
      "system that --source names: the file can be imported again, and others refer to it. A column "
      "next_contact (下次联系时间) of leads and customers makes a plan, where "
      "none "
      "is open.\n\n"
      "A row whose reference is there already updates that record; an empty cell changes nothing. All rows "
      "are one transaction: the first "
      "one at fault stops the import and nothing is changed, unless --keep-going is given. The rows left out "
      "go to a "
      "file with their reasons; put right, it is imported as it is. A row that lacks what its stage "
      "requires, or "
      "whose change needs an approval, is at fault: an import asks for none. Totals under a table (合计, "
      "Total) are skipped. Cells of a workbook that are merged across rows give each row their value.\n\n"
      "What a column fills is said with --map HEADING=TARGET, or for many in a file, --map FILE, where a "
      "heading with # stands for any number (\"Phone # - Value\"):\n\n"
      "  columns:\n"
      "    Company: name\n"
      "    Tel.: phone\n"
      "    Mobile: \"else:phone\"\n"
      "    Won on: [closed_at, \"stage-change:won\"]\n"
      "    Internal: ignore\n"
      "  values:\n"
      "    stage: {In talks: contacted, Sold: won}\n"
      "  set: {source: fair}\n\n"
      "  FIELD             a field, by its name or label\n"
      "  else:FIELD        where the row has nothing else for it; a further phone\n"
      "                    or e-mail address goes to the note\n"
      "  join:FIELD        behind what the row has for it\n"
      "  over:FIELD        in place of what other columns give\n"
      "  primary:email     beside a column of addresses: '*' marks the first\n"
      "  commas:tags       tags with commas between them, not only ;\n"
      "  known:FIELD       as else:, where the record that the cell names is there\n"
      "  id:FIELD          as known:, and a row that names the record by no other column either is refused\n"
      "  custom:FIELD      a custom field, made where there is none\n"
      "  name:family       a part of the name; name:given, name:middle\n"
      "  time:FIELD        the time of day, where another column holds the day\n"
      "  stage-change:S    when the record came into stage S\n"
      "  done:VALUE        a follow-up whose cell is VALUE took place\n"
      "  leave-out:VALUE   a row whose cell is VALUE is passed over\n"
      "  unknown           told of as left out; kept with --keep-unknown\n"
      "  ignore            nothing\n\n"
      "What 'crm export' wrote keeps its numbers where they are free; the others get new ones, and later "
      "files of the same folder, or of the same --source, follow them.\n\n"
      "Each import is a run with a number: 'crm import list' shows them, 'crm import undo RUN' takes one "
      "back.\n\n"
      "At the end it says how many rows were added, updated, unchanged, skipped and rejected; with -o json "
      "on the standard output.";
  spec.examples = {
      {"crm import lead leads.csv --on-unknown-owner create", "leads, with the users who own them"},
      {"crm import stage-change stage_history.csv --kind lead", "their history"},
      {"crm import customer - --match ref,email,phone --on-match fill < customers.jsonl",
       "only what the customers lack"},
      {"crm import lead pipeline.csv --map mapping.yaml --map-value stage:Won=won --dry-run",
       "what would happen"},
  };
  spec.arguments = {
      {.name = "KIND",
       .help = "what the rows are: user, team, customer, contact, lead, followup, stage-change, consent",
       .completion = Completion::kind},
      {.name = "FILE", .help = "the file, or '-' for the standard input", .completion = Completion::file}};
  spec.options = import_command_options();
  spec.needs = Needs::writing;
  spec.run = run_import;
  return spec;
}

}  // namespace crm::cmd
