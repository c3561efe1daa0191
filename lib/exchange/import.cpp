#include <sys/stat.h>

#include <optional>
#include <utility>

#include "base/text.h"
#include "crm/error.h"
#include "crm/exchange.h"
#include "exchange/date_order.h"
#include "exchange/import_run.h"

namespace crm {
namespace {

RowSourceOptions source_options(const ImportOptions& options) {
  RowSourceOptions source;
  source.encoding = options.encoding;
  if (options.format) source.format = *options.format == FileFormat::json ? RowFormat::json : RowFormat::csv;
  if (options.format == FileFormat::tsv) source.delimiter = '\t';
  return source;
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

}  // namespace

ImportResult import_records(Session& session, Kind kind, const std::string& path,
                            const ImportOptions& options) {
  const RowSourceOptions reading = source_options(options);
  const auto source = open_rows(path, reading);
  const auto find_order = [&](std::size_t column) { return find_date_order(path, reading, column); };
  session.state().connection->prepare_bulk_load();
  Write write(session);
  ImportRun run(session, kind, *source, options, reject_path(session, path, options), find_order);
  ImportResult result = run.run();
  write.commit();
  return result;
}

std::vector<std::string> export_fields(Session& session, Kind kind) {
  std::vector<std::string> names;
  for (const Field* field : session.view(kind).fields()) {
    if (!field->is_derived() && field->name != "version") names.emplace_back(field->name);
  }
  return names;
}

}  // namespace crm
