#include <sys/stat.h>

#include <optional>
#include <utility>

#include "base/text.h"
#include "crm/error.h"
#include "crm/exchange.h"
#include "entity/heading.h"
#include "exchange/date_order.h"
#include "exchange/encoding.h"
#include "exchange/import_run.h"
#include "exchange/run_log.h"
#include "workflow/add_fields.h"

namespace crm {
namespace {

RowFormat row_format(FileFormat format) {
  switch (format) {
    case FileFormat::csv:
    case FileFormat::tsv:
      break;
    case FileFormat::json:
      return RowFormat::json;
    case FileFormat::xlsx:
      return RowFormat::xlsx;
    case FileFormat::vcard:
      return RowFormat::vcard;
  }
  return RowFormat::csv;
}

RowSourceOptions source_options(const ImportOptions& options) {
  RowSourceOptions source;
  source.encoding = options.encoding;
  if (options.format) source.format = row_format(*options.format);
  source.sheet = options.sheet;
  source.delimiter = options.format == FileFormat::tsv && !options.delimiter ? '\t' : options.delimiter;
  return source;
}

// Whether a heading is known, as a column's name or by the mapping.
std::function<bool(std::string_view)> heading_judge(const KindView& view, const MappingRules& rules) {
  return [&view, rules](std::string_view heading) {
    return view.find_heading(heading) != nullptr || is_number_heading(heading, view.entity()) ||
           rules.find(heading) != nullptr;
  };
}

bool is_same_file(const std::string& a, const std::string& b) {
  struct stat first {};
  struct stat second {};
  return ::stat(a.c_str(), &first) == 0 && ::stat(b.c_str(), &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

// Where rejected rows go; empty: nowhere.
std::string reject_path(const Session& session, const std::string& input, const ImportOptions& options) {
  if (!options.keep_going || session.dry_run()) return {};
  const std::string path = options.rejects.empty() ? default_reject_path(input) : options.rejects;
  if (is_same_file(path, input)) {
    throw Error(ErrorCode::usage, "the rejected rows would go over " + quoted(input),
                "name another file with --rejects");
  }
  return path;
}

// The keys of all rows of a JSON file, which may bring new ones as they come; the standard input cannot be
// read twice.
std::vector<std::string> all_headings(const std::string& path, const RowSourceOptions& reading,
                                      const RowSource& source) {
  if (source.format() != RowFormat::json || path == "-") return source.headings();
  const auto again = open_rows(path, reading);
  InputRow row;
  while (again->next(row)) continue;
  return again->headings();
}

// Custom fields that columns are to be kept in must be there before the first row.
void make_missing_fields(Session& session, Kind kind, const std::vector<std::string>& headings,
                         const ImportOptions& options) {
  const MappingRules rules = read_mapping_rules(options);
  const ColumnPlan plan =
      make_column_plan(session.view(kind), session.state().process(), headings, rules, options);
  std::vector<NewField> fields;
  for (const MissingField& missing : plan.missing) fields.push_back({missing.name, missing.label});
  if (!fields.empty()) add_text_fields(session, kind, fields);
}

// The process that the session acts by, put back where an import that made custom fields is not kept.
class FormerProcess {
 public:
  explicit FormerProcess(Session& session) : session_(session), compiled_(session.state().compiled_process) {}
  ~FormerProcess() {
    if (!kept_ && session_.state().compiled_process != compiled_) session_.state().replace_process(compiled_);
  }
  FormerProcess(const FormerProcess&) = delete;
  FormerProcess& operator=(const FormerProcess&) = delete;
  void forget() { kept_ = !session_.dry_run(); }

 private:
  Session& session_;
  std::string compiled_;
  bool kept_ = false;
};

}  // namespace

ImportResult import_records(Session& session, Kind kind, const std::string& path,
                            const ImportOptions& options) {
  RowSourceOptions reading = source_options(options);
  reading.is_heading = heading_judge(session.view(kind), read_mapping_rules(options));
  const auto source = open_rows(path, reading);
  const auto find_order = [&](std::size_t column) { return find_date_order(path, reading, column); };
  const std::string rejects = reject_path(session, path, options);
  session.state().connection->prepare_bulk_load();
  RunLog log(session, kind, path, options);
  if (log.finished()) return *log.finished();
  const auto import = [&] {
    FormerProcess former(session);
    Write write(session);
    log.begin();
    make_missing_fields(session, kind,
                        options.keep_unknown ? all_headings(path, reading, *source) : source->headings(),
                        options);
    ImportRun run(session, kind, *source, options, rejects, find_order);
    run.note_in(log.run());
    ImportResult result = run.run();
    result.recognised = source->remarks();
    if (source->encoding_detected() && source->encoding() != "UTF-8") {
      result.recognised.push_back("read as " + std::string(encoding_label(source->encoding())) +
                                  "; another encoding is named by --encoding");
    }
    const std::vector<std::string> left_out = source->warnings();
    result.warnings.insert(result.warnings.end(), left_out.begin(), left_out.end());
    log.finish(result);
    write.commit();
    former.forget();
    return result;
  };
  try {
    return import();
  } catch (const Error&) {
    log.fail();
    throw;
  }
}

std::vector<std::string> export_fields(Session& session, Kind kind) {
  std::vector<std::string> names;
  for (const Field* field : session.view(kind).fields()) {
    if (!field->is_derived() && field->name != "version") names.emplace_back(field->name);
  }
  return names;
}

}  // namespace crm
