// The change log: one change per command, one event per record touched, a hash over all.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/digest.h"
#include "records/reactor.h"
#include "store/connection.h"

namespace crm {

// What the log says of who did what.
struct ChangeInfo {
  std::int64_t at = 0;
  std::int64_t acted_at = 0;
  std::string actor;
  std::string program;
  std::string command;
  std::optional<std::string> reason;
  std::optional<std::int64_t> undoes;
};

// One event as the hash sees it.
struct EventDigest {
  std::int64_t kind = 0;
  std::int64_t record = 0;
  std::int64_t action = 0;
  std::string_view row_digest;
  std::string_view old_digest;           // empty: none
  std::string_view rule;                 // in whose name it was written; empty: the actor's own doing
  std::optional<std::int64_t> acted_at;  // where it is not the change's
};

// The running BLAKE2b-256 over a change's events.
class EventHash {
 public:
  void add(const EventDigest& event);
  // The change's hash: SHA-256 over the predecessor's, the columns of `info`, the number of events and their
  // hash.
  std::string finish(std::string_view previous, std::int64_t change, const ChangeInfo& info);
  std::int64_t count() const { return count_; }

 private:
  Blake2b hash_;
  std::int64_t count_ = 0;
};

// The last change of the log and its last event; zero and empty where there is none.
struct LogEnd {
  std::int64_t change = 0;
  std::int64_t event = 0;
  std::string hash;
};
LogEnd log_end(Connection& connection);

// The change that a Write is making. Nothing is written for a Write that touches no record, unless it is
// noted.
class OpenChange {
 public:
  // It follows on that one.
  OpenChange(Connection& connection, ChangeInfo info, LogEnd former)
      : connection_(connection), info_(std::move(info)), former_(std::move(former)) {}

  std::int64_t number() const { return former_.change + 1; }
  void set_undoes(std::int64_t change) { info_.undoes = change; }
  // Of what is no record, such as a channel: the log says who changed it when, by which command.
  void note() { noted_ = true; }
  // `canonical` is the row after the change, `old_values` the JSON of what was before (empty: none),
  // `rule` the name of the rule that wrote it (empty: none), `acted_at` the moment that it was done for.
  void record(RecordId record, Action action, std::string_view canonical, std::string_view old_values,
              std::string_view rule, std::int64_t acted_at);
  // What was recorded so far: a step that is undone puts it back.
  const EventHash& hash() const { return hash_; }
  void set_hash(const EventHash& hash) { hash_ = hash; }
  // Writes the row of the change, unless it has no event. Returns what is then the end of the log.
  LogEnd finish();

 private:
  EventHash hash_;  // it is aligned the most
  Connection& connection_;
  ChangeInfo info_;
  LogEnd former_;
  bool noted_ = false;
};

}  // namespace crm
