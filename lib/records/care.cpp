// The care of a database: its state, its health, its copies.
#include <sys/stat.h>

#include <filesystem>

#include "crm/error.h"
#include "crm/records.h"
#include "records/record_people.h"
#include "records/rights.h"
#include "records/search_rebuild.h"
#include "records/session_state.h"
#include "records/verify_search.h"
#include "records/write_record.h"
#include "store/sqlite/sqlite_connection.h"

namespace crm {
namespace {

void check_modes(const std::string& path, std::vector<std::string>& problems) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    struct stat status {};
    if (::stat((path + suffix).c_str(), &status) == 0 && (status.st_mode & 077) != 0) {
      problems.push_back("'" + path + suffix + "' can be read by others: chmod 600 it");
    }
  }
}

void check_no_file(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0)
    throw Error(ErrorCode::conflict, "'" + path + "' is already there", "name another file");
}

// Who may write there can put another file in its place, or a write-ahead log beside it.
void check_directory(const std::string& path, std::vector<std::string>& problems) {
  const std::string directory = std::filesystem::absolute(path).parent_path().string();
  struct stat status {};
  if (::stat(directory.c_str(), &status) == 0 && (status.st_mode & 022) != 0)
    problems.push_back("others can write to '" + directory + "', where the database is: chmod go-w it");
}

// How many rows of a table name a record of the kind that is not there; the table's columns of the kind and
// number.
std::int64_t strays(Session& session, const Entity& kind, const std::string& table,
                    const std::string& kind_column, const std::string& id_column) {
  const std::string number = std::to_string(static_cast<int>(kind.kind));
  const std::string sql = "SELECT count(*) FROM " + table + " t WHERE t." + kind_column + " = " + number +
                          " AND NOT EXISTS (SELECT 1 FROM \"" + std::string(kind.table) +
                          "\" r WHERE r.id = t." + id_column + ')';
  return session.state().connection->query_integer(sql).value_or(0);
}

void check_references(Session& session, std::vector<std::string>& problems) {
  for (const Entity& kind : entities()) {
    const auto tell = [&](std::int64_t count, const char* what) {
      if (count > 0) problems.push_back(std::to_string(count) + what + std::string(kind.name));
    };
    tell(strays(session, kind, "tag", "kind", "record"), " entries of tag belong to no ");
    tell(strays(session, kind, "external_ref", "kind", "record"), " entries of external_ref belong to no ");
    tell(strays(session, kind, "followup", "about_kind", "about_id"),
         " rows of followup are about a missing ");
    tell(strays(session, kind, "stage_change", "record_kind", "record_id"),
         " rows of stage_change are about a missing ");
    tell(strays(session, kind, "consent", "about_kind", "about_id"), " rows of consent are about a missing ");
  }
}

std::string named_by(std::int64_t count, const Entity& kind, std::string_view field) {
  return std::to_string(count) + ' ' + std::string(count == 1 ? kind.label.en : kind.plural.en) +
         (count == 1 ? " names" : " name") + " as " + std::string(field) + " a ";
}

// What a record names must be there; and who answers for one that is not deleted must not be deleted either.
void check_named_by(Session& session, const Entity& kind, const Field& field,
                    std::vector<std::string>& problems) {
  Connection& connection = *session.state().connection;
  const Entity& target = entity(field.target);
  const std::string target_name(target.name);
  const std::string column = "t.\"" + std::string(field.column_name()) + '"';
  const std::string rows = " FROM \"" + std::string(kind.table) + "\" t ";
  const std::string named = '"' + std::string(target.table) + "\" n ";
  const auto missing = connection.query_integer("SELECT count(*)" + rows + "WHERE " + column +
                                                " IS NOT NULL AND NOT EXISTS (SELECT 1 FROM " + named +
                                                "WHERE n.id = " + column + ")");
  if (missing.value_or(0) > 0)
    problems.push_back(named_by(*missing, kind, field.name) + target_name + " that is missing");
  if ((field.target != Kind::user && field.target != Kind::team) || is_history(kind.kind)) return;
  const std::string deleted = "SELECT n.id, count(*)" + rows + "JOIN " + named + "ON n.id = " + column +
                              " WHERE t.deleted_at IS NULL AND n.deleted_at IS NOT NULL GROUP BY n.id";
  connection.each(deleted, {}, [&](const Row& row) {
    problems.push_back(named_by(row.integer(1), kind, field.name) + target_name + " that is deleted: 'crm " +
                       target_name + " restore " + std::to_string(row.integer(0)) + "' brings it back");
  });
}

void check_named_records(Session& session, std::vector<std::string>& problems) {
  for (const Entity& kind : entities()) {
    for (const Field* field : session.view(kind.kind).fields())
      if (field->type == FieldType::reference && field->is_stored())
        check_named_by(session, kind, *field, problems);
  }
}

}  // namespace

std::vector<std::string> doctor(Session& session) {
  Connection& connection = *session.state().connection;
  std::vector<std::string> problems = connection.integrity_problems();
  check_modes(connection.location(), problems);
  check_directory(connection.location(), problems);
  check_references(session, problems);
  check_named_records(session, problems);
  check_search_index(session, problems);
  for (std::string& problem : verify(session).problems) problems.push_back(std::move(problem));
  return problems;
}

void rebuild_search_index(Session& session) {
  require_admin(session, "may not make the search index anew");
  if (session.dry_run()) return;
  Write write(session);
  SearchRebuild(session).finish();
  write.commit();
}

void backup(Session& session, const std::string& path) {
  require_admin(session, "may not copy the database");
  if (session.dry_run()) {
    check_no_file(path);
    return;
  }
  session.state().connection->backup_to(path);
  SqliteOptions options;
  options.path = path;
  const std::unique_ptr<Connection> copy = open_sqlite(options);
  const std::vector<std::string> problems = copy->integrity_problems();
  if (!problems.empty())
    throw Error(ErrorCode::io, "the backup '" + path + "' is damaged: " + problems.front(),
                "run 'crm doctor' on the database itself");
}

void status(Session& session, RowSink& sink) {
  static const std::vector<Column> kColumns = {{.name = "name", .label = "name"},
                                               {.name = "value", .label = "value"}};
  Connection& connection = *session.state().connection;
  sink.begin(kColumns);
  const auto line = [&](std::string_view name, const std::string& value, CellType type = CellType::text) {
    const Cell cells[] = {{CellType::text, name, {}}, {type, value, {}}};
    sink.row(cells);
  };
  std::error_code ignored;
  line("database", connection.location());
  line("bytes", std::to_string(std::filesystem::file_size(connection.location(), ignored)), CellType::number);
  line("schema_version", std::to_string(connection.schema_version()), CellType::number);
  line("workflow", session.state().process().name);
  line("timezone", session.zone().name());
  line("currency", session.currency());
  line("country", session.country());
  for (const Entity& kind : entities()) {
    const auto count =
        connection.query_integer("SELECT count(*) FROM \"" + std::string(kind.table) +
                                 "\" r WHERE deleted_at IS NULL" + visible_sql(session, kind.kind));
    line(kind.table, std::to_string(count.value_or(0)), CellType::number);
  }
  if (sees_all(session)) {
    line("changes", std::to_string(connection.query_integer("SELECT max(id) FROM change").value_or(0)),
         CellType::number);
    if (const auto at = connection.query_integer("SELECT at FROM change ORDER BY id DESC LIMIT 1")) {
      line("last_change", format_moment(Moment(std::chrono::seconds(*at)), session.zone()));
    }
    const auto waiting = connection.query_integer(
        "SELECT count(*) FROM outbox WHERE state = 'queued' OR state = 'sending' OR state = 'doubt'");
    line("messages_waiting", std::to_string(waiting.value_or(0)), CellType::number);
  }
  sink.end();
}

}  // namespace crm
