#include "exchange/run_log.h"
#include "exchange/byte_source.h"

#include <array>
#include <fstream>

#include "base/digest.h"
#include "base/text.h"
#include "crm/error.h"
#include "outbox/lease.h"
#include "records/rights.h"
#include "records/session_state.h"

namespace crm {
namespace {

// SHA-256 as hex; empty where the file cannot be read (the import says so itself).
std::string digest_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  Sha256 hash;
  std::string block(std::size_t{1} << 20, '\0');
  while (file) {
    file.read(block.data(), static_cast<std::streamsize>(block.size()));
    hash.update(std::string_view(block).substr(0, static_cast<std::size_t>(file.gcount())));
  }
  return file.eof() ? hex(hash.digest()) : std::string();
}

// By the system's clock, whatever --now says.
std::int64_t clock_seconds() {
  return SystemClock().now().time_since_epoch().count();
}

}  // namespace

std::string shown_runs(Session& session) {
  return sees_all(session) ? "" : " AND r.actor = $3";
}

bool may_see_run(Session& session, std::int64_t run) {
  const Param params[] = {run, nullptr, session.login()};
  return session.state().connection->exists(
      "SELECT 1 FROM import_run r WHERE r.id = $1" + shown_runs(session), params);
}

RunLog::RunLog(Session& session, Kind kind, const std::string& path, const ImportOptions& options)
    : session_(session), kind_(kind), path_(path), resume_(options.resume) {
  if (is_read_once(path_)) {
    if (resume_)
      throw Error(ErrorCode::usage, "the standard input and pipes cannot be resumed", "give the file");
  } else {
    digesting_ = std::async(std::launch::async, digest_of_file, path_);
  }
  if (session_.dry_run()) return;
  if (resume_ && take_up()) return;
  // A Write that is under way is all or none already.
  if (session_.state().write_depth > 0) return;
  Write write(session_);
  note_start();
  write.commit();
}

const std::string& RunLog::digest() {
  if (digesting_.valid()) digest_ = digesting_.get();
  return digest_;
}

// True where nothing is left to do.
bool RunLog::take_up() {
  const Param params[] = {digest(), static_cast<std::int64_t>(kind_), path_};
  Connection& connection = *session_.state().connection;
  bool done = false;
  connection.each(
      "SELECT r.id, r.state, r.lease, r.added, r.updated, r.unchanged, r.skipped, r.rejected FROM import_run "
      "r "
      "WHERE (r.digest = $1 OR (r.digest IS NULL AND r.file = $3)) AND r.kind = $2 AND NOT " +
          run_is_undone_sql() + " ORDER BY r.id",
      params, [&](const Row& row) {
        run_ = row.integer(0);
        done = row.text(1) == "done";
        if (row.text(1) == "running" && !is_lease_free(row.text(2), session_.state().options.now + kLeaseTime,
                                                       session_.state().options.now)) {
          throw Error(ErrorCode::busy, "import " + std::to_string(run_) + " of this file is under way",
                      "wait for its end");
        }
        finished_.reset();
        if (!done) return;
        ImportResult result;
        result.added = row.integer(3);
        result.updated = row.integer(4);
        result.unchanged = row.integer(5);
        result.skipped = row.integer(6);
        result.rejected = row.integer(7);
        result.rows = result.added + result.updated + result.unchanged + result.skipped + result.rejected;
        result.run = run_;
        finished_ = std::move(result);
      });
  if (done) session_.notice(quoted(path_) + " was imported already, as run " + std::to_string(run_));
  return done;
}

void RunLog::note_start() {
  Session::State& state = session_.state();
  const std::string lease = lease_of_this_process();
  // Under --resume the digest is known; else it comes with the end, and an interrupted run is known by its
  // file's name.
  const Param params[] = {static_cast<std::int64_t>(kind_),
                          path_,
                          digest_.empty() ? Param() : Param(digest_),
                          state.options.login,
                          clock_seconds(),
                          lease,
                          run_};
  if (run_ != 0) {
    state.connection->execute(
        "UPDATE import_run SET file = $2, actor = $4, started_at = $5, state = 'running', lease = $6 WHERE "
        "id = $7",
        params);
    return;
  }
  run_ = state.connection
             ->query_integer(
                 "INSERT INTO import_run (kind, file, digest, actor, started_at, state, lease) "
                 "VALUES ($1, $2, $3, $4, $5, 'running', $6) RETURNING id",
                 std::span(params).first(6))
             .value_or(0);
}

void RunLog::begin() {
  if (session_.dry_run()) return;
  if (run_ == 0) note_start();
  first_event_ =
      session_.state().connection->query_integer("SELECT coalesce(max(id), 0) + 1 FROM event").value_or(1);
}

std::vector<FormerRows::Events> RunLog::former() {
  Connection& connection = *session_.state().connection;
  const std::string done = "r.kind = $1 AND r.state = 'done' AND r.added > 0 AND NOT " + run_is_undone_sql();
  const Param kind[] = {static_cast<std::int64_t>(kind_)};
  std::vector<FormerRows::Events> imports;
  // The digest is waited for only where it can matter.
  if (!connection.exists("SELECT 1 FROM import_run r WHERE r.digest IS NOT NULL AND " + done, kind) ||
      digest().empty())
    return imports;
  const Param same[] = {static_cast<std::int64_t>(kind_), digest()};
  connection.each("SELECT r.first_event, r.last_event FROM import_run r WHERE r.digest = $2 AND " + done +
                      " AND r.first_event IS NOT NULL ORDER BY r.id",
                  same, [&](const Row& row) {
                    imports.push_back({row.integer(0), row.integer(1)});
                  });
  return imports;
}

void RunLog::finish(ImportResult& result) {
  Connection& connection = *session_.state().connection;
  if (!digest().empty()) {
    const Param same[] = {digest(), run_, static_cast<std::int64_t>(kind_)};
    const auto former = connection.query_integer(
        "SELECT max(r.id) FROM import_run r WHERE r.digest = $1 AND r.id <> $2 AND r.kind = $3 AND r.state = "
        "'done' "
        "AND NOT " +
            run_is_undone_sql(),
        same);
    if (former && result.added > 0) {
      const std::string back =
          run_ == 0 ? "" : "'crm import undo " + std::to_string(run_) + "' takes them back; ";
      session_.notice("the same file was imported before, as run " + std::to_string(*former) + "; " +
                      std::to_string(result.added) + " of its rows " + (run_ == 0 ? "would be" : "are") +
                      " new all the same. If they are there twice: " + back +
                      "--match phone, email or name finds what is there");
    }
  }
  if (session_.dry_run()) return;
  Session::State& state = session_.state();
  const std::int64_t last_event =
      connection.query_integer("SELECT coalesce(max(id), 0) FROM event").value_or(0);
  const bool touched = last_event >= first_event_;
  const Param params[] = {run_,
                          digest().empty() ? Param() : Param(digest()),
                          clock_seconds(),
                          touched ? Param(state.open_change().number()) : Param(),
                          touched ? Param(first_event_) : Param(),
                          touched ? Param(last_event) : Param(),
                          result.added,
                          result.updated,
                          result.unchanged,
                          result.skipped,
                          result.rejected,
                          result.preset.empty() ? Param() : Param(result.preset)};
  connection.execute(
      "UPDATE import_run SET digest = $2, finished_at = $3, state = 'done', lease = NULL, change = $4, "
      "first_event = $5, "
      "last_event = $6, added = $7, updated = $8, unchanged = $9, skipped = $10, rejected = $11, preset = "
      "$12 WHERE id = "
      "$1",
      params);
  result.run = run_;
}

void RunLog::note_own_export(const std::string& source) {
  const Param params[] = {run_, source.empty() ? Param() : Param(source)};
  session_.state().connection->execute("UPDATE import_run SET own_export = 1, source = $2 WHERE id = $1",
                                       params);
}

void RunLog::fail() noexcept {
  if (run_ == 0 || session_.state().write_depth > 0) return;
  try {
    const Param params[] = {run_, digest().empty() ? Param() : Param(digest())};
    Write write(session_);
    session_.state().connection->execute(
        "UPDATE import_run SET state = 'failed', lease = NULL, digest = $2 WHERE id = $1", params);
    write.commit();
  } catch (const std::exception&) {
    return;  // what stopped the import is said already; the run is left as one that was interrupted
  }
}

}  // namespace crm
