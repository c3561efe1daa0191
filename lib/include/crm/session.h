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
  std::string now_text;  // what --now says, read in the workflow's zone; recorded as such; empty: now
  std::string login;     // who acts: a login or a user's name
  std::string account;   // the operating system's, to hold `login` against; empty: not told apart
  std::string command;   // the command line, without sensitive values, for the change log
  std::vector<std::string>
      words;             // that line as it was given, without the program's name: what an approval holds back
  bool dry_run = false;  // every write is rolled back at its end
};

struct InitOptions {
  std::string path;
  std::string login;
  std::string timezone;  // IANA name
  std::string currency = "CNY";
  std::string country = "CN";
  Moment now{};
  std::string workflow = {};  // the process it begins with, in place of the built-in one (templates.h)
};

class CRM_API Session {
 public:
  // Throws Error{not_found} where there is no database, Error{schema_version} where it is of another version
  // (a session that writes migrates an older one, after a backup beside it), Error{busy}, Error{io}.
  explicit Session(const SessionOptions& options);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Moment now() const;
  bool dry_run() const;
  const TimeZone& zone() const;         // the workflow's
  const std::string& currency() const;  // of a bare amount
  const std::string& country() const;   // ISO 3166 alpha-2
  const std::string& login() const;
  // The kind with the active workflow's custom fields. Valid as long as the session.
  const KindView& view(Kind kind);
  // In the workflow's order; empty for a kind without stages.
  std::vector<std::string> stages(Kind kind);

  // The words of the command that uses the session from now on, where several do in turn.
  void note_words(std::vector<std::string> words);
  // The one record that a command is to be carried out on, whatever it names; nothing: on all.
  std::optional<RecordId> only() const;

  // Whether a change was kept by now.
  bool has_kept() const;

  // What a verb has to tell the user besides its result ("made the team 'inbound'"), in order; each is handed
  // out once.
  void notice(std::string text);
  std::vector<std::string> take_notices();

  struct State;
  State& state() { return *state_; }
  // On a database that is open already.
  explicit Session(std::unique_ptr<State> state);

 private:
  std::unique_ptr<State> state_;
};

// Makes a database with the default process, or another, and the acting user as its first one. Users and
// teams that the process names are made too, the users as ones who do not work here yet. Returns what to
// tell the user, a line each. Throws Error{conflict} where one is there already, and what apply_workflow()
// throws; then nothing is made.
CRM_API std::vector<std::string> init_database(const InitOptions& options);
// Brings an older database to this program's version after a backup beside it; returns the steps taken, none
// where it was up to date.
CRM_API std::vector<std::string> migrate_database(const SessionOptions& options);

// All writes of a command: one change of the log, all or none. Rolled back at its end unless committed; a dry
// run is always rolled back. Nested ones join the outermost.
class CRM_API Write {
 public:
  explicit Write(Session& session, std::string reason = {});
  ~Write();
  Write(const Write&) = delete;
  Write& operator=(const Write&) = delete;
  // What follows by itself from all that was written so far is done now: for one of the steps of a command.
  void settle();
  // Nothing is acknowledged before this has returned. Settles first.
  void commit();

 private:
  Session& session_;
  bool outermost_;
};

// What a command that failed leaves to be written once it is rolled back: a request for an approval, the
// failed run of a rule. Call it after the failure (or, `rest_was_done`, after a command that went on without
// what failed); returns what to tell the user, a line each.
CRM_API std::vector<std::string> write_aftermath(Session& session, bool rest_was_done);

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
