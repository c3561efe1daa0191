// A database in a file with people, leads and follow-ups, for the tests of reminders.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "crm/records.h"
#include "crm/remind.h"
#include "crm/session.h"

namespace crm {

struct CollectingSink final : MessageSink {
  std::vector<Message> messages;
  void message(const Message& message) override { messages.push_back(message); }
};

class RemindDatabase {
 public:
  // `workflow`: a file in place of the built-in process; empty: that.
  explicit RemindDatabase(const std::string& workflow = {});
  ~RemindDatabase();
  RemindDatabase(const RemindDatabase&) = delete;
  RemindDatabase& operator=(const RemindDatabase&) = delete;

  Session& session() { return *session_; }
  // From now on it is then, in Shanghai.
  void at(const std::string& now, bool dry_run = false);
  std::int64_t add(Kind kind, const std::vector<FieldText>& fields);
  // An open plan about the lead.
  std::int64_t plan(std::int64_t lead, const std::string& due, const std::string& owner);

  // Made by a run without a channel.
  std::int64_t made() { return run({}).made; }
  RemindResult run(RemindOptions options) { return remind(*session_, options, sink); }
  // What a dry run prints.
  std::vector<Message> shown(const RemindOptions& options = {});
  std::vector<std::string> keys();

  CollectingSink sink;

 private:
  std::string path_;
  std::string now_;
  std::unique_ptr<Session> session_;
};

// The channel stdout: to `sink`.
RemindOptions to_sink();

}  // namespace crm
