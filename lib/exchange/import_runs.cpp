// The list of imports, and what one of them made of the numbers of its file.
#include "crm/import_runs.h"

#include <array>

#include "base/text.h"
#include "crm/error.h"
#include "exchange/run_log.h"
#include "outbox/lease.h"
#include "records/session_state.h"

namespace crm {
namespace {

Cell text_cell(std::string_view text) {
  return text.empty() ? Cell() : Cell{CellType::text, text, {}};
}

std::string state_of(std::string_view state, bool undone, std::string_view lease) {
  if (undone) return "undone";
  const Moment now = SystemClock().now();
  if (state == "running" && is_lease_free(lease, now + kLeaseTime, now)) return "interrupted";
  return std::string(state);
}

// The runs, newest first; all, or just one. How many there were.
std::int64_t write_runs(Session& session, std::optional<std::int64_t> run, std::optional<std::int64_t> limit,
                        RowSink& sink) {
  static const std::array<Column, 17> kColumns{{{.name = "id", .label = "ID", .right = true},
                                                {.name = "kind", .label = "kind"},
                                                {.name = "file", .label = "file"},
                                                {.name = "state", .label = "state"},
                                                {.name = "started_at", .label = "started", .moment = true},
                                                {.name = "finished_at", .label = "finished", .moment = true},
                                                {.name = "by", .label = "by"},
                                                {.name = "rows", .label = "rows", .right = true},
                                                {.name = "added", .label = "added", .right = true},
                                                {.name = "updated", .label = "updated", .right = true},
                                                {.name = "unchanged", .label = "unchanged", .right = true},
                                                {.name = "skipped", .label = "skipped", .right = true},
                                                {.name = "rejected", .label = "rejected", .right = true},
                                                {.name = "preset", .label = "preset"},
                                                {.name = "change", .label = "change", .right = true},
                                                {.name = "undone_by", .label = "undone by", .right = true},
                                                {.name = "digest", .label = "digest", .wide = true}}};
  sink.begin(kColumns);
  const Param params[] = {run, limit.value_or(-1), session.login()};
  std::int64_t count = 0;
  session.state().connection->query(
      "SELECT r.id, r.kind, r.file, r.state, r.started_at, r.finished_at, r.actor, "
      "r.added + r.updated + r.unchanged + r.skipped + r.rejected, r.added, r.updated, r.unchanged, "
      "r.skipped, r.rejected, r.preset, "
      "r.change, (SELECT max(i.change) FROM import_undo i WHERE i.run = r.id), r.digest, r.lease, " +
          run_is_undone_sql() + " FROM import_run r WHERE ($1 IS NULL OR r.id = $1)" + shown_runs(session) +
          " ORDER BY r.id DESC LIMIT $2",
      params, [&](const Row& row) {
        ++count;
        const std::string state = state_of(row.text(3), row.integer(18) != 0, row.text(17));
        std::array<std::string, kColumns.size()> texts;
        std::array<Cell, kColumns.size()> cells;
        for (std::size_t i = 0; i < cells.size(); ++i) {
          const int column = static_cast<int>(i);
          if (row.is_null(column)) continue;
          texts[i] = row.text(column);
          if (kColumns[i].name == "kind") texts[i] = entity(static_cast<Kind>(row.integer(column))).name;
          if (kColumns[i].name == "state") texts[i] = state;
          if (kColumns[i].moment)
            texts[i] = format_moment(Moment(std::chrono::seconds(row.integer(column))), session.zone());
          cells[i] = kColumns[i].right ? Cell{CellType::number, texts[i], {}} : text_cell(texts[i]);
        }
        return sink.row(cells);
      });
  return count;
}

}  // namespace

void list_imports(Session& session, std::optional<std::int64_t> limit, RowSink& sink) {
  write_runs(session, std::nullopt, limit, sink);
  sink.end();
}

void show_import(Session& session, std::int64_t run, RowSink& sink) {
  if (write_runs(session, run, std::nullopt, sink) == 0) {
    throw Error(ErrorCode::not_found, "there is no import " + std::to_string(run), "see 'crm import list'");
  }
  sink.end();
}

void import_ids(Session& session, std::int64_t run, RowSink& sink) {
  Connection& connection = *session.state().connection;
  const Param one[] = {run};
  if (!may_see_run(session, run)) {
    throw Error(ErrorCode::not_found, "there is no import " + std::to_string(run), "see 'crm import list'");
  }
  static const std::array<Column, 3> kColumns{{{.name = "old", .label = "old"},
                                               {.name = "kind", .label = "kind"},
                                               {.name = "id", .label = "ID", .right = true}}};
  sink.begin(kColumns);
  connection.query(
      "SELECT x.source || '/' || x.key, e.kind, e.record FROM import_run r JOIN event e ON e.id BETWEEN "
      "r.first_event AND r.last_event "
      "JOIN external_ref x ON x.kind = e.kind AND x.record = e.record WHERE r.id = $1 AND e.id = "
      "(SELECT min(f.id) FROM event f WHERE f.kind = e.kind AND f.record = e.record AND f.id >= "
      "r.first_event) "
      "UNION ALL SELECT CAST(n.old AS TEXT), r.kind, n.record FROM import_renumbered n JOIN import_run r ON "
      "r.id = n.run WHERE n.run = $1",
      one, [&](const Row& row) {
        const std::string old(row.text(0)), id(row.text(2));
        const Cell cells[] = {text_cell(old),
                              {CellType::text, entity(static_cast<Kind>(row.integer(1))).name, {}},
                              {CellType::number, id, {}}};
        return sink.row(cells);
      });
  sink.end();
}

}  // namespace crm
