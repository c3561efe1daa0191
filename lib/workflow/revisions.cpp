#include "workflow/revisions.h"

#include "crm/error.h"
#include "crm/workflow.h"
#include "process/process.h"
#include "records/session_state.h"
#include "workflow/difference.h"

namespace crm {
namespace {

std::optional<Revision> read_revision(Connection& connection, std::string_view which, Params params) {
  std::optional<Revision> revision;
  connection.each(
      "SELECT id, name, file, source, compiled FROM workflow_revision WHERE id = " + std::string(which),
      params, [&](const Row& row) {
        revision = Revision{row.integer(0), std::string(row.text(1)), std::string(row.text(2)),
                            std::string(row.text(3)), std::string(row.text(4))};
      });
  return revision;
}

}  // namespace

Revision active_revision(Connection& connection) {
  auto revision = read_revision(connection, "(SELECT max(id) FROM workflow_revision)", {});
  if (!revision)
    throw Error(ErrorCode::failed, "the database has no workflow",
                "restore a backup, or make the database again");
  return *std::move(revision);
}

Revision find_revision(Connection& connection, std::int64_t number) {
  const Param params[] = {number};
  auto revision = read_revision(connection, "$1", params);
  if (revision) return *std::move(revision);
  throw Error(ErrorCode::not_found, "there is no workflow revision " + std::to_string(number),
              "'crm workflow list' shows those there are");
}

std::int64_t add_revision(Connection& connection, const Revision& revision, std::int64_t applied_at,
                          const std::string& applied_by) {
  const std::int64_t number =
      connection.query_integer("SELECT coalesce(max(id), 0) + 1 FROM workflow_revision").value_or(1);
  const Param params[] = {number,
                          applied_at,
                          applied_by,
                          revision.name,
                          revision.file.empty() ? Param() : Param(revision.file),
                          revision.source,
                          revision.compiled};
  connection.execute(
      "INSERT INTO workflow_revision (id, applied_at, applied_by, name, file, source, compiled) VALUES ($1, "
      "$2, $3, $4, $5, $6, $7)",
      params);
  return number;
}

void list_workflows(Session& session, RowSink& sink) {
  static const Column kColumns[] = {{.name = "revision", .label = "revision", .right = true},
                                    {.name = "applied_at", .label = "applied", .moment = true},
                                    {.name = "applied_by", .label = "by"},
                                    {.name = "name", .label = "name"},
                                    {.name = "active", .label = "active"}};
  sink.begin(kColumns);
  bool active = true;
  session.state().connection->query(
      "SELECT id, applied_at, applied_by, name FROM workflow_revision ORDER BY id DESC", {},
      [&](const Row& row) {
        const std::string number = std::to_string(row.integer(0));
        const std::string at = format_moment(Moment(std::chrono::seconds(row.integer(1))), session.zone());
        const Cell cells[] = {{CellType::number, number, {}},
                              {CellType::text, at, {}},
                              {CellType::text, row.text(2), {}},
                              {CellType::text, row.text(3), {}},
                              {CellType::boolean, active ? "true" : "false", {}}};
        active = false;
        return sink.row(cells);
      });
  sink.end();
}

std::string workflow_source(Session& session, std::optional<std::int64_t> revision) {
  Connection& connection = *session.state().connection;
  return revision ? find_revision(connection, *revision).source : active_revision(connection).source;
}

std::vector<std::string> workflow_differences(Session& session, std::int64_t before, std::int64_t after) {
  Connection& connection = *session.state().connection;
  const Revision first = find_revision(connection, before);
  const Revision second = find_revision(connection, after);
  return differences(*from_compiled(first.compiled), *from_compiled(second.compiled));
}

}  // namespace crm
