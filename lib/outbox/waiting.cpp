#include "outbox/waiting.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "outbox/outbox_columns.h"
#include "outbox/person_zone.h"
#include "outbox/send_hours.h"
#include "records/session_state.h"

namespace crm {

namespace {

constexpr const char* kSuperseded = "a later one took its place";
constexpr const char* kNeedless = "there was nothing to remind of any more";

// Of a reminder that the program itself cancelled, and that may be made again.
constexpr const char* kMayComeAgain =
    "(o.state = 'cancelled' AND o.made_for IS NOT NULL AND (o.reply = $2 OR o.reply = $3 AND NOT EXISTS "
    "(SELECT 1 FROM outbox l WHERE l.rule = o.rule AND l.person = o.person AND l.made_for > o.made_for AND "
    "l.state <> 'cancelled')))";

}  // namespace

bool disturbs(Session& session, const std::string& hours, const std::string& zone, Moment moment) {
  const auto parsed = SendHours::parse(hours);
  return parsed &&
         !parsed->contains(moment, zone_of_person(session, zone), session.state().process().calendar);
}

namespace {

std::vector<WaitingMessage> reminders_where(Connection& connection, const std::string& condition,
                                            Params params) {
  std::vector<WaitingMessage> waiting;
  connection.each(
      "SELECT o.id, o.person, coalesce(o.hours, ''), coalesce(u.timezone, ''), o.made_for, o.as_of, "
      "o.attempts > 0 OR o.reply IS NOT NULL, o.next_try_at, o.rule, coalesce(o.text_at, 0) FROM outbox o "
      "JOIN user u ON u.id = "
      "o.person WHERE " +
          condition + " AND o.made_for IS NOT NULL ORDER BY o.id",
      params, [&](const Row& row) {
        const auto moment = [&](int column) { return Moment(std::chrono::seconds(row.integer(column))); };
        waiting.push_back({row.integer(0), std::string(row.text(8)), row.integer(1), std::string(row.text(2)),
                           std::string(row.text(3)), moment(4), row.integer(5), row.integer(6) != 0,
                           moment(7), moment(9)});
      });
  return waiting;
}

}  // namespace

std::vector<WaitingMessage> waiting_messages(Connection& connection, const std::string& rule) {
  const Param params[] = {rule};
  return reminders_where(connection, std::string(kNotEnded) + " AND o.state = 'queued' AND o.rule = $1",
                         params);
}

std::optional<WaitingMessage> message_at_hand(Connection& connection, std::int64_t id) {
  const Param params[] = {id};
  std::vector<WaitingMessage> found = reminders_where(connection, "o.id = $1", params);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::int64_t supersede_waiting(Connection& connection, const std::string& rule) {
  std::vector<WaitingMessage> waiting = waiting_messages(connection, rule);
  std::sort(waiting.begin(), waiting.end(), [](const WaitingMessage& a, const WaitingMessage& b) {
    return std::tuple(a.made_for, a.id) < std::tuple(b.made_for, b.id);
  });
  std::set<std::int64_t> people;
  std::int64_t cancelled = 0;
  for (auto message = waiting.rbegin(); message != waiting.rend(); ++message) {
    if (people.insert(message->person).second) continue;
    cancel_waiting(connection, message->id, kSuperseded);
    ++cancelled;
  }
  return cancelled;
}

void rewrite_waiting(Connection& connection, std::int64_t id, const NewMessage& message, Moment now) {
  const Param params[] = {id,           message.subject, message.body,
                          message.html, message.as_of,   std::int64_t{now.time_since_epoch().count()}};
  connection.execute(
      "UPDATE outbox SET subject = $2, body = $3, html = nullif($4, ''), as_of = $5, text_at = $6 WHERE id = "
      "$1 AND state IN ('queued', 'sending')",
      params);
}

void cancel_waiting(Connection& connection, std::int64_t id, const std::string& why) {
  const Param params[] = {id, outbox_state::kCancelled, why};
  connection.execute(
      "UPDATE outbox SET state = $2, reply = $3, lease = NULL, lease_until = NULL WHERE id = $1 AND state IN "
      "('queued', 'sending')",
      params);
}

void cancel_needless(Connection& connection, std::int64_t id) {
  cancel_waiting(connection, id, kNeedless);
}

bool is_reminded(Connection& connection, const std::string& key) {
  const Param params[] = {key, kNeedless, kSuperseded};
  return connection.exists("SELECT 1 FROM outbox o WHERE o.key = $1 AND NOT " + std::string(kMayComeAgain),
                           params);
}

std::set<std::int64_t> reminded_ahead(Connection& connection, const std::string& rule, Moment moment) {
  std::set<std::int64_t> people;
  for (const WaitingMessage& message : waiting_messages(connection, rule)) {
    if (message.made_for > moment) people.insert(message.person);
  }
  return people;
}

bool enqueue_reminder(Connection& connection, const NewMessage& message, Moment now) {
  const Param key[] = {message.key, kNeedless, kSuperseded};
  connection.execute("DELETE FROM outbox AS o WHERE o.key = $1 AND " + std::string(kMayComeAgain), key);
  return enqueue(connection, message, now);
}

void redirect_from_leavers(Session& session) {
  Connection& connection = *session.state().connection;
  const std::string condition =
      std::string(kNotEnded) + " AND o.state = 'queued' AND (u.active = 0 OR u.deleted_at IS NOT NULL)";
  std::vector<std::pair<std::int64_t, std::int64_t>> taken_over;
  // Managers may be each other's managers.
  connection.each(
      "WITH RECURSIVE above (leaver, person, step) AS (SELECT DISTINCT o.person, u.manager, 1 FROM outbox o "
      "JOIN user u ON u.id = o.person WHERE " +
          condition +
          " UNION SELECT a.leaver, m.manager, a.step + 1 FROM above a JOIN user m ON m.id = a.person WHERE "
          "(m.active = 0 OR m.deleted_at IS NOT NULL) AND a.step < 100) SELECT a.leaver, a.person, "
          "min(a.step) "
          "FROM above a JOIN user m ON m.id = a.person WHERE m.active <> 0 AND m.deleted_at IS NULL GROUP BY "
          "a.leaver",
      {}, [&](const Row& row) { taken_over.emplace_back(row.integer(0), row.integer(1)); });
  if (taken_over.empty()) return;
  Write write(session);
  for (const auto& [leaver, stand_in] : taken_over) {
    const Param params[] = {leaver, stand_in};
    connection.execute("UPDATE outbox SET person = $2 WHERE person = $1 AND state = 'queued'", params);
  }
  write.commit();
}

}  // namespace crm
