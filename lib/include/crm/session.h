// A session: one open database, who acts, and the moment they act at.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crm/access_mode.h"
#include "crm/export.h"
#include "crm/kind.h"
#include "crm/time.h"

namespace crm {

struct SessionOptions {
  std::string path;
  AccessMode mode = AccessMode::read;
  std::chrono::milliseconds timeout{10000};  // how long to wait for a busy database
  Moment now{};                              // by the system's clock
  std::string now_text;                      // what --now says, read in the workflow's zone; recorded as such; empty: now
  std::string login;                         // who acts: a login or a user's name
  std::string account;                       // the operating system's, to hold `login` against; empty: not told apart
  std::string command;                       // the command line, without sensitive values, for the change log
  bool dry_run = false;                      // every write is rolled back at its end
};

struct InitOptions {
  std::string path;
  std::string login;
  std::string timezone;  // IANA name
  std::string currency = "CNY";
  std::string country = "CN";
  Moment now{};
};

class CRM_API Session {
 public:
  // Throws Error{not_found} where there is no database, Error{schema_version} where it is of another version (a session that
  // writes migrates an older one, after a backup beside it), Error{busy}, Error{io}.
  explicit Session(const SessionOptions& options);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Moment now() const;
  bool dry_run() const;
  const TimeZone& zone() const;        // the workflow's
  const std::string& currency() const;  // of a bare amount
  const std::string& country() const;   // ISO 3166 alpha-2
  const std::string& login() const;
  // The kind with the active workflow's custom fields. Valid as long as the session.
  const KindView& view(Kind kind);
  // In the workflow's order; empty for a kind without stages.
  std::vector<std::string> stages(Kind kind);

  // What a verb has to tell the user besides its result ("made the team 'inbound'"), in order; each is handed out once.
  void notice(std::string text);
  std::vector<std::string> take_notices();

  struct State;
  State& state() { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

// Makes a database with the default process and the acting user as its first one. Throws Error{conflict} where one is there already.
CRM_API void init_database(const InitOptions& options);
// Brings an older database to this program's version after a backup beside it; returns the steps taken, none where it was up to date.
CRM_API std::vector<std::string> migrate_database(const SessionOptions& options);

// All writes of a command: one change of the log, all or none. Rolled back at its end unless committed; a dry run is
// always rolled back. Nested ones join the outermost.
class CRM_API Write {
 public:
  explicit Write(Session& session, std::string reason = {});
  ~Write();
  Write(const Write&) = delete;
  Write& operator=(const Write&) = delete;
  // Nothing is acknowledged before this has returned.
  void commit();

 private:
  Session& session_;
  bool outermost_;
};

// A step inside a Write that can fail alone (--keep-going): undone at its end unless kept.
class CRM_API Step {
 public:
  explicit Step(Session& session);
  ~Step();
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;
  void keep();

 private:
  struct Mark;
  Session& session_;
  std::unique_ptr<Mark> mark_;
};

}  // namespace crm
