#include "unit/reminders/remind_database.h"

#include <doctest/doctest.h>

#include "records/session_state.h"
#include "workflow/definition.h"

namespace crm {
namespace {

constexpr Moment kSystemNow = Moment(std::chrono::seconds(1'790'000'000));

}  // namespace

RemindDatabase::RemindDatabase(const std::string& workflow)
    : path_((std::filesystem::temp_directory_path() / ("crm-remind-" + std::to_string(::getpid()) + ".db"))
                .string()) {
  std::filesystem::remove(path_);
  InitOptions options;
  options.path = path_;
  options.login = "admin";
  options.timezone = "Asia/Shanghai";
  options.now = kSystemNow;
  init_database(options);
  at("2026-03-02 10:00");
  if (workflow.empty()) return;
  std::vector<Problem> problems;
  const auto process = read_definition(workflow, "test.yaml", problems);
  for (const Problem& problem : problems) FAIL(describe(problem, true));
  const std::string compiled = compile(*process);
  const Param params[] = {compiled};
  session_->state().connection->execute(
      "INSERT INTO workflow_revision (applied_at, applied_by, name, source, compiled) VALUES (0, 'admin', "
      "'test', '', $1)",
      params);
  at("2026-03-02 10:00");
}

RemindDatabase::~RemindDatabase() {
  session_.reset();
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path_ + suffix);
}

void RemindDatabase::at(const std::string& now, bool dry_run) {
  now_ = now;
  session_.reset();
  SessionOptions options;
  options.path = path_;
  options.mode = AccessMode::write;
  options.now = kSystemNow;
  options.now_text = now;
  options.login = "admin";
  options.dry_run = dry_run;
  session_ = std::make_unique<Session>(options);
}

std::int64_t RemindDatabase::add(Kind kind, const std::vector<FieldText>& fields) {
  return crm::add(*session_, kind, fields).record.id;
}

std::int64_t RemindDatabase::plan(std::int64_t lead, const std::string& due, const std::string& owner) {
  const std::vector<FieldText> whose = {{"owner", owner}};
  const std::int64_t id =
      add(Kind::followup,
          {{"about", "lead/" + std::to_string(lead)}, {"due_at", due}, {"type", "call"}, whose[0]});
  if (owner.empty()) edit(*session_, {Kind::followup, id}, whose);  // it got the lead's
  return id;
}

std::vector<Message> RemindDatabase::shown(const RemindOptions& options) {
  const std::string now = now_;
  at(now, true);
  sink.messages.clear();
  run(options);
  at(now);
  return std::exchange(sink.messages, {});
}

std::vector<std::string> RemindDatabase::keys() {
  std::vector<std::string> keys;
  session_->state().connection->each("SELECT key FROM outbox ORDER BY key", {},
                                     [&](const Row& row) { keys.emplace_back(row.text(0)); });
  return keys;
}

RemindOptions to_sink() {
  RemindOptions options;
  options.channel.emplace();
  options.channel->name = "stdout";
  return options;
}

}  // namespace crm
