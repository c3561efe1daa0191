#include "crm/session.h"

#include <algorithm>
#include <utility>

#include "crm/error.h"
#include "crm/write_group.h"
#include "process/compiled_member.h"
#include "records/session_state.h"
#include "store/sqlite/sqlite_connection.h"

namespace crm {
namespace {

SqliteOptions sqlite_options(const SessionOptions& options) {
  SqliteOptions sqlite;
  sqlite.path = options.path;
  sqlite.mode = options.mode;
  sqlite.busy_timeout = options.timeout;
  return sqlite;
}

// The settings and the active process in one query: it is the first thing of every command.
void load_settings(Session::State& state) {
  state.connection->each(
      "SELECT key, value FROM meta UNION ALL "
      "SELECT '', compiled FROM workflow_revision WHERE id = (SELECT max(id) FROM workflow_revision)",
      {}, [&](const Row& row) {
        if (row.text(0).empty()) {
          state.compiled_process = row.text(1);
        } else {
          state.meta.emplace(row.text(0), row.text(1));
        }
      });
}

// Whether the active process leaves the member out; told without reading the whole of it.
bool leaves_out(const Session::State& state, std::string_view member) {
  if (state.process_data) return false;
  const std::string_view json = compiled_member(state.compiled_process, member);
  return json == "\"\"" || json == "{}";
}

void check_schema_version(Session::State& state) {
  const int found = state.connection->schema_version();
  const int known = latest_schema_version();
  if (found == known) return;
  const std::string what = "the database '" + state.options.path + "' has schema version " +
                           std::to_string(found) + ", this program knows " + std::to_string(known);
  if (found > known)
    throw Error(ErrorCode::schema_version, what, "use the newer crm that made it; nothing was touched");
  if (state.options.mode == AccessMode::read || state.options.dry_run)
    throw Error(ErrorCode::schema_version, what, "run 'crm migrate'; nothing was touched");
  state.connection.reset();
  migrate_database(state.options);
  state.connection = open_sqlite(sqlite_options(state.options));
  state.notices.push_back("brought the database to schema version " + std::to_string(known));
}

Moment read_now(const SessionOptions& options, const TimeZone& zone) {
  try {
    return parse_when(options.now_text, options.now, zone);
  } catch (const Error& error) {
    throw Error(ErrorCode::usage, error.message(), error.hint());
  }
}

}  // namespace

Session::Session(const SessionOptions& options) : state_(std::make_unique<State>()) {
  state_->options = options;
  state_->connection = open_sqlite(sqlite_options(options));
  check_schema_version(*state_);
  // A session that only reads sees one state of the database, and takes SQLite's locks once.
  if (options.mode == AccessMode::read) state_->connection->begin(AccessMode::read);
  load_settings(*state_);
  state_->now = options.now_text.empty() ? options.now : read_now(options, zone());
}

Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {
  load_settings(*state_);
}
Session::~Session() = default;

std::unique_ptr<Session> open_in_memory(const NewDatabase& database) {
  auto state = std::make_unique<Session::State>();
  SqliteOptions sqlite;
  sqlite.mode = AccessMode::write;
  sqlite.in_memory = true;
  state->options.mode = AccessMode::write;
  state->options.now = database.options.now;
  state->options.login = database.options.login;
  state->now = database.options.now;
  state->connection = open_sqlite(sqlite);
  fill_database(*state->connection, database);
  return std::make_unique<Session>(std::move(state));
}

Moment Session::now() const {
  return state_->now;
}
bool Session::dry_run() const {
  return state_->options.dry_run;
}
const std::string& Session::login() const {
  return state_->options.login;
}

const TimeZone& Session::zone() const {
  if (!state_->zone) {
    const bool own = !leaves_out(*state_, "timezone") && !state_->process().timezone.empty();
    state_->zone = TimeZone::load(own ? state_->process().timezone : state_->meta["timezone"]);
  }
  return *state_->zone;
}

const std::string& Session::currency() const {
  if (leaves_out(*state_, "currency")) return state_->meta["currency"];
  const std::string& of_process = state_->process().currency;
  return of_process.empty() ? state_->meta["currency"] : of_process;
}

const std::string& Session::country() const {
  if (leaves_out(*state_, "country")) return state_->meta["country"];
  const std::string& of_process = state_->process().country;
  return of_process.empty() ? state_->meta["country"] : of_process;
}

const KindView& Session::view(Kind kind) {
  auto& view = state_->views[static_cast<std::size_t>(kind)];
  if (view) return *view;
  if (leaves_out(*state_, "fields")) {
    view = std::make_unique<KindView>(entity(kind), std::vector<const Field*>());
  } else {
    view = std::make_unique<KindView>(state_->process().view(kind));
  }
  return *view;
}

std::vector<std::string> Session::stages(Kind kind) {
  if (state_->process_data) return state_->process_data->stage_names(kind);
  return compiled_stage_names(state_->compiled_process, kind);
}

void Session::note_words(std::vector<std::string> words) {
  state_->options.words = std::move(words);
}
bool Session::has_kept() const {
  return state_->has_kept;
}
std::optional<RecordId> Session::only() const {
  return state_->only;
}
void Session::notice(std::string text) {
  state_->notices.push_back(std::move(text));
}
std::vector<std::string> Session::take_notices() {
  return std::exchange(state_->notices, {});
}

const Process& Session::State::process() {
  if (!process_data) process_data = from_compiled(compiled_process);
  return *process_data;
}

void Session::State::replace_process(std::string compiled) {
  compiled_process = std::move(compiled);
  for (auto& one : shapes) one.reset();
  for (auto& one : words) one.reset();
  for (auto& one : views) one.reset();
  at_hand.reset();
  rights.reset();
  shown = {};
  for (auto& one : conditions) one.clear();
  zone.reset();
  process_data.reset();
}

void Session::State::forget_ends() {
  next_id = {};
  noted_places = 0;
  log_end.reset();
  own_user.reset();
}

void Session::State::forget_people() {
  for (auto& one : names) one.clear();
  for (auto& one : conditions) one.clear();
  rights.reset();
  own_user.reset();
  shown = {};
}

const TableShape& Session::State::shape(Session& session, Kind kind) {
  auto& shape = shapes[static_cast<std::size_t>(kind)];
  if (!shape) shape = std::make_unique<TableShape>(session.view(kind));
  return *shape;
}

OpenChange& Session::State::open_change() {
  if (!change) {
    ChangeInfo info;
    info.at = options.now.time_since_epoch().count();
    info.acted_at = now.time_since_epoch().count();
    info.actor = options.login;
    info.program = "crm " CRM_VERSION;
    info.command = options.command;
    info.reason = reason;
    if (!log_end) log_end = crm::log_end(*connection);
    change = std::make_unique<OpenChange>(*connection, std::move(info), *log_end);
  }
  return *change;
}

void Session::State::close_change() {
  if (change) log_end = change->finish();
  change.reset();
}

std::int64_t Session::State::next_new_id(Kind kind) {
  std::int64_t& next = next_id[static_cast<std::size_t>(kind)];
  if (next == 0) {
    next = connection
               ->query_integer("SELECT coalesce(max(id), 0) + 1 FROM \"" + std::string(entity(kind).table) +
                               "\"")
               .value_or(1);
  }
  return next;
}

std::int64_t Session::State::new_id(Kind kind) {
  const std::int64_t id = next_new_id(kind);
  next_id[static_cast<std::size_t>(kind)] = id + 1;
  return id;
}

const std::string& Session::State::name_of(Kind kind, std::int64_t id) {
  auto& known = names[static_cast<std::size_t>(kind)];
  const auto found = known.find(id);
  if (found != known.end()) return found->second;
  const Param params[] = {id};
  auto name = connection->query_text(
      "SELECT name FROM \"" + std::string(entity(kind).table) + "\" WHERE id = $1", params);
  return known.emplace(id, name ? std::move(*name) : to_string(RecordId{kind, id})).first->second;
}

std::int64_t now_seconds(const Session& session) {
  return session.now().time_since_epoch().count();
}

Write::Write(Session& session, std::string reason)
    : session_(session), outermost_(session.state().write_depth == 0) {
  Session::State& state = session.state();
  if (outermost_) {
    state.connection->begin(AccessMode::write);
    if (!state.in_group) state.forget_ends();
    state.at_hand.reset();
    if (!reason.empty()) state.reason = std::move(reason);
  }
  ++state.write_depth;
}

Write::~Write() {
  Session::State& state = session_.state();
  --state.write_depth;
  if (!outermost_) return;
  state.change.reset();
  state.reason.reset();
  state.pending.reset();
  state.rule.clear();
  state.at_hand.reset();
  state.new_refs.reset();
  state.connection->rollback();
  state.forget_ends();
  state.forget_people();
}

void Write::settle() {
  if (outermost_) settle_reactors(session_);
}

void Write::commit() {
  if (!outermost_) return;
  settle();
  Session::State& state = session_.state();
  if (state.options.dry_run) return;
  const bool changes = state.change != nullptr;
  state.close_change();
  state.connection->commit();
  state.new_refs.reset();  // from here on others may add some
  state.has_kept = state.has_kept || changes;
  state.at_hand.reset();
  state.pending.reset();
  state.rule.clear();
  state.reason.reset();
  outermost_ = false;  // what encloses it, a WriteGroup, is not its own to roll back
}

std::vector<std::string> write_aftermath(Session& session, bool rest_was_done) {
  std::vector<std::string> told;
  const auto left = std::exchange(session.state().aftermath, {});
  if (left.empty()) return told;
  Write write(session);
  session.state().rest_was_done = rest_was_done;
  for (const auto& one : left) {
    std::string line = one(session);
    if (!line.empty()) told.push_back(std::move(line));
  }
  write.commit();
  return told;
}

void settle_reactors(Session& session) {
  for (Reactor* reactor : reactors()) reactor->settle(session);
}

void begin_verb(Session& session, RecordId record, std::string_view verb) {
  for (Reactor* reactor : reactors()) reactor->verb(session, record, verb);
}

WriteGroup::WriteGroup(Session& session) : session_(session) {
  session.state().connection->begin(AccessMode::write);
  session.state().forget_ends();
  session.state().in_group = true;
}
WriteGroup::~WriteGroup() {
  session_.state().in_group = false;
  session_.state().connection->rollback();
}
void WriteGroup::commit() {
  session_.state().in_group = false;
  session_.state().connection->commit();
}

WriteSeries::WriteSeries(Session& session) : session_(session) {
  session.state().connection->set_durable(false);
  // Each writes the pages of the indexes anew.
  session.state().connection->prepare_scattered_writes();
}
WriteSeries::~WriteSeries() {
  session_.state().connection->set_durable(true);
}
void WriteSeries::sync() {
  session_.state().connection->sync();
}

struct Step::Mark {
  explicit Mark(Session::State& state)
      : savepoint(*state.connection), notices(state.notices.size()), had_change(state.change != nullptr) {
    if (had_change) hash = state.change->hash();
  }

  Savepoint savepoint;
  std::size_t notices;
  bool had_change;
  EventHash hash;
};

Step::Step(Session& session) : session_(session), mark_(std::make_unique<Mark>(session.state())) {
  if (session.state().pending) session.state().pending->mark();
}

Step::~Step() {
  if (!mark_) return;
  Session::State& state = session_.state();
  if (!mark_->had_change) {
    state.change.reset();
  } else {
    state.change->set_hash(mark_->hash);
  }
  if (state.pending) state.pending->rewind();
  state.notices.resize(std::min(state.notices.size(), mark_->notices));
  state.at_hand.reset();
  state.forget_ends();
  state.forget_people();
}

void Step::keep() {
  mark_->savepoint.keep();
  mark_.reset();
}

}  // namespace crm
