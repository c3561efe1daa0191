#include "outbox/open_message.h"

#include <algorithm>
#include <string_view>

#include "outbox/outbox_columns.h"

namespace crm {
namespace {

// The column after the message's, where find_open_message() selects the state and what belongs to it.
constexpr int kStateColumn = kMessageColumnCount;

Message read_message(const Row& row) {
  Message message;
  message.key = row.text(0);
  message.rule = row.text(1);
  message.person = row.text(2);
  message.address = row.text(3);
  message.subject = row.text(4);
  message.body = row.text(5);
  message.made_at = Moment(std::chrono::seconds(row.integer(6)));
  message.purpose = row.text(7);
  message.payload = row.text(8);
  message.html = row.text(9);
  if (const auto first = row.optional_integer(10)) message.sent_first = Moment(std::chrono::seconds(*first));
  return message;
}

bool is_within(const DeliveryScope& scope, const Row& row) {
  const std::string_view rule = row.text(0);
  const bool of_rules =
      scope.rules.empty() || std::find(scope.rules.begin(), scope.rules.end(), rule) != scope.rules.end();
  if (!of_rules || (scope.person && scope.person != row.optional_integer(1))) return false;
  if (scope.any_channel) return true;
  return row.is_null(3) ? scope.unnamed : scope.via && *scope.via == row.text(3);
}

std::optional<RecordId> record_at(const Row& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return RecordId{static_cast<Kind>(row.integer(column)), row.integer(column + 1)};
}

}  // namespace

std::optional<OpenMessage> find_open_message(Connection& connection, std::int64_t id) {
  std::optional<OpenMessage> found;
  const Param key[] = {id};
  connection.each(
      "SELECT " + message_columns() +
          ", o.state, o.next_try_at, o.lease, o.lease_until, o.attempts, coalesce(u.active, 1) = 1 AND "
          "u.deleted_at IS NULL, o.on_doubt, o.recipient_kind, o.recipient, o.about_kind, o.about, "
          "coalesce(u.timezone, ''), coalesce(o.hours, ''), coalesce(o.reply, ''), CASE WHEN o.purpose IS "
          "NULL THEN '' ELSE coalesce(o.address, '') END, o.made_for IS NOT NULL" +
          kOutboxTables + " WHERE o.id = $1",
      key, [&](const Row& row) {
        const auto moment = [&](int column) { return Moment(std::chrono::seconds(row.integer(column))); };
        OpenMessage& open = found.emplace();
        open.id = id;
        open.message = read_message(row);
        open.state = row.text(kStateColumn);
        open.next_try = moment(kStateColumn + 1);
        open.lease = row.text(kStateColumn + 2);
        open.lease_until = moment(kStateColumn + 3);
        open.attempts = row.integer(kStateColumn + 4);
        open.works_here = row.integer(kStateColumn + 5) != 0;
        open.on_doubt = row.text(kStateColumn + 6);
        open.recipient = record_at(row, kStateColumn + 7);
        open.about = record_at(row, kStateColumn + 9);
        open.zone = row.text(kStateColumn + 11);
        open.hours = row.text(kStateColumn + 12);
        open.reply = row.text(kStateColumn + 13);
        open.bound_to = row.text(kStateColumn + 14);
        open.is_digest = row.integer(kStateColumn + 15) != 0;
      });
  return found;
}

std::vector<OpenNumber> open_numbers(Connection& connection, const DeliveryScope& scope) {
  std::vector<OpenNumber> open;
  connection.each(std::string("SELECT o.rule, o.person, o.id, o.via, o.on_doubt FROM outbox o WHERE ") +
                      kNotEnded + " AND o.state <> 'doubt' ORDER BY o.id",
                  {}, [&](const Row& row) {
                    if (is_within(scope, row)) open.push_back({row.integer(2), std::string(row.text(4))});
                  });
  return open;
}

std::vector<Message> open_messages(Connection& connection, const DeliveryScope& scope) {
  std::vector<Message> messages;
  for (const OpenNumber& open : open_numbers(connection, scope)) {
    if (auto found = find_open_message(connection, open.id)) messages.push_back(std::move(found->message));
  }
  return messages;
}

}  // namespace crm
