#include "outbox/waiting.h"

#include <set>

#include "outbox/outbox_columns.h"
#include "outbox/person_zone.h"
#include "outbox/send_hours.h"
#include "records/session_state.h"

namespace crm {

bool disturbs(Session& session, const std::string& hours, const std::string& zone, Moment moment) {
  const auto parsed = SendHours::parse(hours);
  return parsed &&
         !parsed->contains(moment, zone_of_person(session, zone), session.state().process().calendar);
}

std::vector<WaitingMessage> waiting_messages(Connection& connection, const std::string& rule) {
  std::vector<WaitingMessage> waiting;
  const Param params[] = {rule};
  connection.each(
      std::string(
          "SELECT o.id, o.person, o.hours, coalesce(u.timezone, '') FROM outbox o JOIN user u ON u.id = "
          "o.person WHERE ") +
          kNotEnded +
          " AND o.state = 'queued' AND o.rule = $1 AND o.hours IS NOT NULL AND o.attempts = 0 ORDER BY o.id",
      params, [&](const Row& row) {
        waiting.push_back(
            {row.integer(0), row.integer(1), std::string(row.text(2)), std::string(row.text(3))});
      });
  return waiting;
}

std::int64_t supersede_waiting(Connection& connection, const std::string& rule) {
  const std::vector<WaitingMessage> waiting = waiting_messages(connection, rule);
  std::set<std::int64_t> people;
  std::int64_t cancelled = 0;
  for (auto message = waiting.rbegin(); message != waiting.rend(); ++message) {
    if (people.insert(message->person).second) continue;
    cancel_waiting(connection, message->id, "a later one took its place");
    ++cancelled;
  }
  return cancelled;
}

void rewrite_waiting(Connection& connection, std::int64_t id, const NewMessage& message) {
  const Param params[] = {id, message.subject, message.body, message.html};
  connection.execute(
      "UPDATE outbox SET subject = $2, body = $3, html = nullif($4, '') WHERE id = $1 AND state = 'queued'",
      params);
}

void cancel_waiting(Connection& connection, std::int64_t id, const std::string& why) {
  const Param params[] = {id, outbox_state::kCancelled, why};
  connection.execute("UPDATE outbox SET state = $2, reply = $3 WHERE id = $1 AND state = 'queued'", params);
}

}  // namespace crm
