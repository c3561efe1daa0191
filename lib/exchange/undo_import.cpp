// Takes back an import: what it added goes, what it updated is as before, and what others have built on
// stays.
#include <algorithm>
#include <map>
#include <span>
#include <vector>

#include "base/text.h"
#include "crm/error.h"
#include "crm/import_runs.h"
#include "exchange/run_log.h"
#include "records/rights.h"
#include "records/search_rebuild.h"
#include "records/session_state.h"
#include "records/take_back.h"
#include "records/taken_back.h"
#include "records/unsent.h"

namespace crm {
namespace {

// To read events the new ones must be in their table, so it is done seldom; records are large.
constexpr std::int64_t kEventsAtOnce = 8000;
constexpr std::size_t kRecordsAtOnce = 1000;
constexpr std::int64_t kManyEvents = 5000;  // perhaps worth a new search index

struct RunToUndo {
  std::int64_t id = 0;
  std::optional<std::int64_t> change, first_event, last_event;
};

RunToUndo find_run(Session& session, std::int64_t id) {
  const std::string name = "import " + std::to_string(id);
  const Param params[] = {id};
  std::optional<RunToUndo> found;
  std::string state;
  session.state().connection->each(
      "SELECT r.state, r.change, r.first_event, r.last_event FROM import_run r WHERE r.id = $1", params,
      [&](const Row& row) {
        state = row.text(0);
        found = RunToUndo{id, row.optional_integer(1), row.optional_integer(2), row.optional_integer(3)};
      });
  if (!found || !may_see_run(session, id))
    throw Error(ErrorCode::not_found, "there is no " + name, "see 'crm import list'");
  if (state != "done")
    throw Error(ErrorCode::conflict, name + " did not finish, so there is nothing to take back",
                "see 'crm import list'");
  return *found;
}

// Which columns say that a record of a table hangs on one of another kind. `about_kind`: the column that
// tells the kind, or empty.
struct Link {
  const Entity* from;
  std::string column, about_kind;
  Kind to{};
};

std::vector<Link> links_to(Session& session, Kind to) {
  std::vector<Link> links;
  for (const Entity& from : entities()) {
    for (const Field* field : session.view(from.kind).fields()) {
      const std::string column(field->column_name());
      if (field->type == FieldType::record)
        links.push_back({&from, column, column.substr(0, column.size() - 3) + "_kind", to});
      if (field->type == FieldType::reference && field->target == to)
        links.push_back({&from, column, {}, to});
    }
  }
  return links;
}

class ImportUndo {
 public:
  ImportUndo(Session& session, RunToUndo run)
      : session_(session), connection_(*session.state().connection), run_(run) {}

  UndoneImport run() {
    note_earlier_undos();
    find_kept();
    std::optional<SearchRebuild> search_rebuild;
    if (touches_most()) search_rebuild.emplace(session_);
    suspend_indexes();
    LoggedEvents block;
    TakingBack taking(session_);
    for (std::int64_t below = *run_.last_event + 1; load_block(below, block); below = block.first) {
      for (std::span<const LoggedEvent> left = block.events; !left.empty();) {
        const auto some = left.first(std::min(left.size(), kRecordsAtOnce));
        taking.take_back(some);
        left = left.subspan(some.size());
      }
      for (const LoggedEvent& event : block.events)
        ++(event.action == Action::add ? result_.removed : result_.restored);
    }
    taking.finish();
    if (search_rebuild) search_rebuild->finish();
    name_kept();
    for (const char* table : {"import_kept", "import_voided", "import_undoing"})
      connection_.execute("DROP TABLE temp." + std::string(table), {});
    return std::move(result_);
  }

 private:
  struct LoggedEvents {
    std::vector<LoggedEvent> events;
    std::int64_t first = 0;
  };

  // The numbers of the records of one kind that the run added.
  struct AddedRecords {
    std::int64_t first = 0, last = 0, count = 0;

    void note(std::int64_t record) {
      first = count == 0 ? record : std::min(first, record);
      last = std::max(last, record);
      ++count;
    }
  };

  // The events of the run just below that number, newest first, without those of records that are kept or
  // taken back already. False at the end.
  bool load_block(std::int64_t below, LoggedEvents& block) {
    block.events.clear();
    block.first = 0;
    const Param params[] = {*run_.first_event, below, kEventsAtOnce};
    connection_.each(
        "SELECT id, kind, record, action, old FROM event WHERE id >= $1 AND id < $2 ORDER BY id DESC LIMIT "
        "$3",
        params, [&](const Row& row) {
          block.first = row.integer(0);
          block.events.push_back({{static_cast<Kind>(row.integer(1)), row.integer(2)},
                                  static_cast<Action>(row.integer(3)),
                                  std::string(row.text(4))});
        });
    if (keeps_some_) {
      std::erase_if(block.events, [&](const LoggedEvent& event) {
        const Param record[] = {static_cast<std::int64_t>(event.record.kind), event.record.id};
        return connection_.exists("SELECT 1 FROM temp.import_kept WHERE kind = $1 AND record = $2", record);
      });
    }
    return block.first != 0;
  }

  // Which changes took back a part of the run already and are in force; and which later ones are nothing to a
  // record that both touched: one that was undone, and its undo.
  void note_earlier_undos() {
    for (const char* table : {"import_voided (change INTEGER NOT NULL, partner INTEGER NOT NULL, PRIMARY KEY "
                              "(change, partner)) WITHOUT ROWID",
                              "import_undoing (change INTEGER PRIMARY KEY)"}) {
      const std::string definition = table;
      connection_.execute("DROP TABLE IF EXISTS temp." + definition.substr(0, definition.find(' ')), {});
      connection_.execute("CREATE TEMP TABLE " + definition, {});
    }
    const TakenBack taken_back(connection_);
    for (const auto& [undone, undoing] : taken_back.voided_since(*run_.change)) {
      const Param pair[] = {undone, undoing};
      connection_.execute("INSERT INTO temp.import_voided VALUES ($1, $2), ($2, $1)", pair);
    }
    std::vector<std::int64_t> undoing;
    const Param params[] = {run_.id, run_.change};
    connection_.each(
        "SELECT change FROM import_undo WHERE run = $1 UNION SELECT id FROM change WHERE undoes = $2", params,
        [&](const Row& row) {
          if (!taken_back.by(row.integer(0))) undoing.push_back(row.integer(0));
        });
    for (const std::int64_t change : undoing) {
      const Param one[] = {change};
      connection_.execute("INSERT INTO temp.import_undoing VALUES ($1)", one);
    }
  }

  // Whether it is quicker to index anew the records that stay than to take each of the others out.
  bool touches_most() {
    const std::int64_t events = *run_.last_event - *run_.first_event + 1;
    if (events < kManyEvents) return false;
    std::int64_t present = 0;
    for (const Entity& kind : entities()) {
      if (!kind.searchable) continue;
      present += connection_
                     .query_integer("SELECT count(*) FROM \"" + std::string(kind.table) +
                                    "\" WHERE deleted_at IS NULL")
                     .value_or(0);
    }
    return 2 * events >= present;
  }

  void find_kept() {
    connection_.execute("DROP TABLE IF EXISTS temp.import_kept", {});
    connection_.execute(
        "CREATE TEMP TABLE import_kept (kind INTEGER NOT NULL, record INTEGER NOT NULL, why TEXT NOT NULL, "
        "PRIMARY KEY (kind, record)) WITHOUT ROWID",
        {});
    const Param range[] = {*run_.first_event, *run_.last_event};
    const std::string of_run =
        "EXISTS (SELECT 1 FROM event e WHERE e.kind = l.kind AND e.record = l.record AND e.id BETWEEN $1 AND "
        "$2)";
    connection_.execute(
        "INSERT INTO temp.import_kept SELECT DISTINCT l.kind, l.record, 'changed since' FROM event l WHERE "
        "l.id > $2 AND " +
            of_run +
            " AND l.change NOT IN (SELECT change FROM temp.import_undoing) AND NOT EXISTS (SELECT 1 FROM "
            "temp.import_voided v JOIN event p ON p.kind = l.kind AND p.record = l.record AND p.change = "
            "v.partner WHERE v.change = l.change)",
        range);
    // What was taken back stays so: kept, without a reason.
    connection_.execute(
        "INSERT INTO temp.import_kept SELECT DISTINCT l.kind, l.record, '' FROM temp.import_undoing u JOIN "
        "change c ON c.id = u.change JOIN event l ON l.id >= c.first_event AND l.id < c.first_event + "
        "c.events WHERE " +
            of_run + " ON CONFLICT DO NOTHING",
        range);
    connection_.each("SELECT kind, record FROM event WHERE id BETWEEN $1 AND $2 AND action = 1", range,
                     [&](const Row& row) { added_[static_cast<Kind>(row.integer(0))].note(row.integer(1)); });
    for (const auto& [kind, added] : added_) keep_winners(kind);
    // What is kept may hang on more that then must be kept too.
    bool found = true;
    while (found) {
      found = false;
      for (const auto& [kind, added] : added_) {
        for (const Link& link : links_to(session_, kind)) found = keep_linked(link) || found;
      }
      keeps_some_ = connection_.exists("SELECT 1 FROM temp.import_kept");
      found = found && keeps_some_;
    }
  }

  // SQL: whether the run added the record of that column. Nearly always it is told by the number.
  std::string was_added(Kind kind, const std::string& column) const {
    const auto found = added_.find(kind);
    if (found == added_.end()) return "FALSE";
    const AddedRecords& added = found->second;
    if (added.last - added.first + 1 == added.count)
      return "(" + column + " BETWEEN " + std::to_string(added.first) + " AND " + std::to_string(added.last) +
             ")";
    return "EXISTS (SELECT 1 FROM event e WHERE e.kind = " + std::to_string(static_cast<int>(kind)) +
           " AND e.record = " + column + " AND e.action = 1 AND e.id BETWEEN $1 AND $2)";
  }

  // SQL: whether the run wrote the record. What it updated goes back to what was there before the run.
  static std::string was_written(const std::string& kind, const std::string& record) {
    return "EXISTS (SELECT 1 FROM event e WHERE e.kind = " + kind + " AND e.record = " + record +
           " AND e.id BETWEEN $1 AND $2)";
  }

  // An index of what is not deleted loses most of its entries: it is made anew of the others. Where rules
  // look for records through it, it stays.
  void suspend_indexes() {
    const Process& process = session_.state().process();
    for (const auto& [kind, added] : added_) {
      if (added.count < kManyEvents || !entity(kind).searchable || process.pools[slot(kind)] ||
          !process.approvals.empty())
        continue;
      const std::string table(entity(kind).table);
      const auto present =
          connection_.query_integer("SELECT count(*) FROM \"" + table + "\" WHERE deleted_at IS NULL");
      if (2 * added.count < present.value_or(0)) continue;
      // Those by a reference hold deleted records too.
      std::vector<std::string> references;
      for (const Field& field : entity(kind).fields) {
        if (field.type == FieldType::reference) references.emplace_back(field.name);
      }
      connection_.suspend_indexes(table, references);
      connection_.prepare_scattered_writes();
    }
  }

  // Keeps what other records are part of by a merge: their numbers lead to it.
  void keep_winners(Kind kind) {
    const Param params[] = {*run_.first_event, *run_.last_event, static_cast<std::int64_t>(kind)};
    connection_.execute(
        "INSERT INTO temp.import_kept SELECT m.kind, m.winner, '" + std::string(entity(kind).name) +
            "/' || min(m.loser) || ' is part of it' FROM merge m WHERE m.kind = $3 AND EXISTS (SELECT 1 FROM "
            "event e WHERE e.kind = m.kind AND e.record = m.winner AND e.action = 1 AND e.id BETWEEN $1 AND "
            "$2) AND NOT " +
            is_undone_sql("m.change", "m.unmerged_by") + " GROUP BY m.kind, m.winner ON CONFLICT DO NOTHING",
        params);
  }

  // Keeps what somebody else's record hangs on, and what the run wrote about a record that is kept.
  bool keep_linked(const Link& link) {
    const std::string table = "\"" + std::string(link.from->table) + "\" t";
    const std::string to = std::to_string(static_cast<int>(link.to));
    const std::string from = std::to_string(static_cast<int>(link.from->kind));
    const std::string column = "t.\"" + link.column + "\"";
    const std::string present = " WHERE " + column + " IS NOT NULL AND t.deleted_at IS NULL" +
                                (link.about_kind.empty() ? "" : " AND t.\"" + link.about_kind + "\" = " + to);
    const auto kept = [](const std::string& kind, const std::string& record) {
      return "EXISTS (SELECT 1 FROM temp.import_kept k WHERE k.kind = " + kind + " AND k.record = " + record +
             " AND k.why <> '')";
    };
    const Param range[] = {*run_.first_event, *run_.last_event};
    std::int64_t count = connection_.execute(
        "INSERT INTO temp.import_kept SELECT " + to + ", " + column + ", '" + std::string(link.from->name) +
            "/' || min(t.id) || ' hangs on it' FROM " + table + present + " AND " +
            was_added(link.to, column) + " AND (NOT (" + was_added(link.from->kind, "t.id") + " OR " +
            was_written(from, "t.id") + ") OR " + kept(from, "t.id") + ") GROUP BY " + column +
            " ON CONFLICT DO NOTHING",
        range);
    if (!link.about_kind.empty() && connection_.exists("SELECT 1 FROM temp.import_kept")) {
      count += connection_.execute("INSERT INTO temp.import_kept SELECT " + from +
                                       ", t.id, 'part of a record that is kept' FROM " + table + present +
                                       " AND " + kept(to, column) + " AND " +
                                       was_added(link.from->kind, "t.id") + " ON CONFLICT DO NOTHING",
                                   range);
    }
    return count > 0;
  }

  void name_kept() {
    connection_.each(
        "SELECT kind, record, why FROM temp.import_kept WHERE why <> '' ORDER BY kind, record", {},
        [&](const Row& row) {
          ++result_.kept_count;
          if (!may_see(session_, {static_cast<Kind>(row.integer(0)), row.integer(1)})) return;
          result_.kept.push_back(to_string(RecordId{static_cast<Kind>(row.integer(0)), row.integer(1)}) +
                                 ": " + std::string(row.text(2)));
        });
  }

  Session& session_;
  Connection& connection_;
  RunToUndo run_;
  std::map<Kind, AddedRecords> added_;
  bool keeps_some_ = false;
  UndoneImport result_;
};

}  // namespace

UndoneImport undo_import(Session& session, std::int64_t id) {
  session.state().connection->prepare_bulk_load();
  Write write(session);
  const RunToUndo run = find_run(session, id);
  if (!run.first_event) return {};
  OpenChange& change = session.state().open_change();
  UndoneImport result = ImportUndo(session, run).run();
  if (result.removed + result.restored == 0) return result;
  const Param params[] = {id, change.number()};
  session.state().connection->execute("INSERT INTO import_undo (run, change) VALUES ($1, $2)", params);
  const Param whole[] = {run.change};
  const auto events =
      session.state().connection->query_integer("SELECT events FROM change WHERE id = $1", whole);
  if (events == *run.last_event - *run.first_event + 1) {
    change.set_undoes(*run.change);
    withdraw_unsent(*session.state().connection, *run.change);
  }
  write.commit();
  return result;
}

}  // namespace crm
