// What a session holds, for the rooms of the library.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "crm/session.h"
#include "process/process.h"
#include "records/change_log.h"
#include "records/conditions.h"
#include "records/new_refs.h"
#include "records/reactor.h"
#include "records/rights.h"
#include "records/table_shape.h"
#include "store/connection.h"

namespace crm {

class RecordWords;
struct ShownRecord;

struct Session::State {
  SessionOptions options;
  Moment now{};  // the moment the command acts at
  std::unique_ptr<Connection> connection;
  std::map<std::string, std::string> meta;
  std::string compiled_process;
  std::unique_ptr<Process> process_data;  // loaded when first asked for
  std::optional<TimeZone> zone;
  std::array<std::unique_ptr<KindView>, kKindSlots> views;
  std::array<std::unique_ptr<TableShape>, kKindSlots> shapes;
  std::array<std::shared_ptr<const RecordWords>, kKindSlots> words;
  std::vector<std::string> notices;
  bool has_kept = false;  // a change, by now

  bool in_group = false;  // a WriteGroup lasts: nobody else writes between two Writes

  // The Write that is under way.
  int write_depth = 0;
  std::unique_ptr<OpenChange> change;
  // Where it was asked for in this Write, or its group; and so the next two.
  std::optional<LogEnd> log_end;
  std::optional<std::string> reason;
  std::array<std::int64_t, kKindSlots> next_id{};       // 0: not yet asked for
  std::optional<std::optional<std::int64_t>> own_user;  // find_own_user()'s answer (records/read_value.h)
  unsigned noted_places = 0;          // a bit each: those that are noted by now (records/amount_order.h)
  std::unique_ptr<NewRefs> new_refs;  // while an import writes very many
  // The record that was read or changed last in this Write, as it stands: rules look at one again and again.
  std::optional<StoredRecord> at_hand;

  // Names of users and teams by id, kept while the session lasts; cleared when one of them is written.
  std::array<std::unordered_map<std::int64_t, std::string>, kKindSlots> names;
  // The process's checked conditions by their text (records/conditions.h). They hold ids of users and teams.
  ByKind<std::map<std::string, KeptCondition>> conditions;

  std::optional<Rights> rights;  // what the acting user may do, once it was asked for (records/rights.h)
  ByKind<std::shared_ptr<ShownRecord>> shown;  // how a record is shown to that user (records/list.cpp)
  int workflow_acts = 0;                       // WorkflowRights alive
  // What the reactors have in hand; ends with the Write.
  std::unique_ptr<Pending> pending;
  // The rule in whose name is being written; empty: the person's own doing.
  std::string rule;
  bool imports_run_rules = false;
  // Whether what comes so is followed by assignment and rules.
  bool sets_off_rules(Origin origin) const {
    return origin == Origin::command || (origin == Origin::imported && imports_run_rules);
  }
  // What a failed command leaves to be written: each returns what to tell the user, or nothing.
  std::vector<std::function<std::string(Session&)>> aftermath;

  bool rest_was_done = false;  // while that is written: the rest of the command was done
  // The one record that a command is to be carried out on.
  std::optional<RecordId> only;

  // What was known of the database may have changed.
  void forget_ends();
  // What was worked out from users and teams is no longer so.
  void forget_people();

  const Process& process();
  // From now on another process is in force. Views and shapes that were handed out end.
  void replace_process(std::string compiled);
  const TableShape& shape(Session& session, Kind kind);
  OpenChange& open_change();
  // What is written from now on is another change, though in the same transaction.
  void close_change();
  std::int64_t new_id(Kind kind);
  // What new_id() would give.
  std::int64_t next_new_id(Kind kind);
  // The name of a user or team; "user/7" where it is gone.
  const std::string& name_of(Kind kind, std::int64_t id);
};

// The number of seconds since 1970 of the session's now.
std::int64_t now_seconds(const Session& session);

// The newest version that the embedded migrations make.
int latest_schema_version();
// Runs the migrations above the connection's version, each in a transaction of its own; returns their names.
std::vector<std::string> run_migrations(Connection& connection);

// A new database with its settings and the first workflow revision.
struct NewDatabase {
  InitOptions options;
  std::string workflow_name;
  std::string workflow_source;
  std::string workflow_compiled;
};
void create_database(const NewDatabase& database);
// The tables, settings and first revision of an empty database.
void fill_database(Connection& connection, const NewDatabase& database);
// A session on a new database that is nowhere but in memory. Its options' path is not used.
std::unique_ptr<Session> open_in_memory(const NewDatabase& database);

}  // namespace crm
