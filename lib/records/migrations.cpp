#include <charconv>
#include <filesystem>

#include "base/embedded.h"
#include "crm/error.h"
#include "records/session_state.h"
#include "store/sqlite/sqlite_connection.h"

namespace crm {
namespace {

constexpr std::string_view kFolder = "sqlite/";

// The number that the file's name begins with; 0 for another file.
int version_of(const EmbeddedFile& file) {
  if (file.name.substr(0, kFolder.size()) != kFolder) return 0;
  int version = 0;
  const std::string_view digits = file.name.substr(kFolder.size());
  std::from_chars(digits.data(), digits.data() + digits.size(), version);
  return version;
}

std::string step_name(const EmbeddedFile& file) {
  return std::string(file.name.substr(kFolder.size()));
}

std::vector<std::string> steps_above(int version) {
  std::vector<std::string> steps;
  for (const EmbeddedFile& file : embedded_files()) {
    if (version_of(file) > version) steps.push_back(step_name(file));
  }
  return steps;
}

std::string backup_name(const std::string& path, int version) {
  std::string name = path + ".v" + std::to_string(version) + ".bak";
  for (int i = 2; std::filesystem::exists(name); ++i)
    name = path + ".v" + std::to_string(version) + ".bak" + std::to_string(i);
  return name;
}

}  // namespace

int latest_schema_version() {
  int latest = 0;
  for (const EmbeddedFile& file : embedded_files()) latest = std::max(latest, version_of(file));
  return latest;
}

std::vector<std::string> run_migrations(Connection& connection) {
  std::vector<std::string> steps;
  for (const EmbeddedFile& file : embedded_files()) {
    const int version = version_of(file);
    if (version == 0) continue;
    Transaction transaction(connection);
    if (version <= connection.schema_version()) continue;
    connection.run_script(file.text);
    connection.set_schema_version(version);
    transaction.commit();
    steps.push_back(step_name(file));
  }
  return steps;
}

std::vector<std::string> migrate_database(const SessionOptions& options) {
  SqliteOptions sqlite;
  sqlite.path = options.path;
  sqlite.mode = options.dry_run ? AccessMode::read : AccessMode::write;
  sqlite.busy_timeout = options.timeout;
  const std::unique_ptr<Connection> connection = open_sqlite(sqlite);
  const int found = connection->schema_version();
  const int known = latest_schema_version();
  if (found > known) {
    throw Error(ErrorCode::schema_version,
                "the database '" + options.path + "' has schema version " + std::to_string(found) +
                    ", this program knows " + std::to_string(known),
                "use the newer crm that made it; nothing was touched");
  }
  if (found == known) return {};
  if (options.dry_run) return steps_above(found);
  connection->backup_to(backup_name(options.path, found));
  return run_migrations(*connection);
}

void fill_database(Connection& connection, const NewDatabase& database) {
  const InitOptions& options = database.options;
  run_migrations(connection);
  Transaction transaction(connection);
  const std::pair<const char*, const std::string*> settings[] = {
      {"timezone", &options.timezone}, {"currency", &options.currency}, {"country", &options.country}};
  for (const auto& [key, value] : settings) {
    const Param params[] = {key, *value};
    connection.execute("INSERT INTO meta (key, value) VALUES ($1, $2)", params);
  }
  const Param params[] = {options.now.time_since_epoch().count(), options.login, database.workflow_name,
                          database.workflow_source, database.workflow_compiled};
  connection.execute(
      "INSERT INTO workflow_revision (applied_at, applied_by, name, source, compiled) VALUES ($1, $2, $3, "
      "$4, $5)",
      params);
  transaction.commit();
}

void create_database(const NewDatabase& database) {
  const InitOptions& options = database.options;
  SqliteOptions sqlite;
  sqlite.path = options.path;
  sqlite.mode = AccessMode::write;
  sqlite.create = true;
  const std::unique_ptr<Connection> connection = open_sqlite(sqlite);
  try {
    fill_database(*connection, database);
  } catch (...) {
    std::error_code ignored;
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(options.path + suffix, ignored);
    throw;
  }
}

}  // namespace crm
