#include "outreach/audience.h"

#include <map>
#include <optional>
#include <set>

#include "base/text.h"
#include "crm/error.h"
#include "outbox/enqueue.h"
#include "outbox/mail_message.h"
#include "outbox/outbox_columns.h"
#include "outbox/permission.h"
#include "outreach/segments.h"
#include "records/filter_context.h"
#include "records/session_state.h"

namespace crm {
namespace {

constexpr std::int64_t kDay = 86'400;

// Outreach that is in the outbox already, by whom it goes to.
class Earlier {
 public:
  Earlier(Connection& connection, const Outreach& outreach, std::int64_t since) {
    const std::string rule = outreach_rule(outreach);
    connection.each(
        "SELECT o.id, o.recipient_kind, o.recipient, o.rule, coalesce(o.sent_at, o.created_at), o.state, "
        "coalesce(o.address, " +
            of_recipient("email") + ", '')" + kOutboxTables +
            " WHERE o.recipient IS NOT NULL AND o.purpose IS NOT NULL",
        {}, [&](const Row& row) {
          const std::string_view state = row.text(5);
          const std::string key = email_key(row.text(6));
          const RecordId record{static_cast<Kind>(row.integer(1)), row.integer(2)};
          const bool of_this = row.text(3) == rule;
          if (of_this) records_[to_string(record)] = state == outbox_state::kCancelled;
          if (state == outbox_state::kCancelled) return;
          if (of_this && !key.empty()) addresses_.insert(key);
          if (row.integer(4) < since || state == outbox_state::kFailed || state == outbox_state::kDead)
            return;
          recent_[to_string(record)].insert(row.integer(0));
          if (!key.empty()) recent_[key].insert(row.integer(0));
        });
  }

  // Whether the record has a message of this outreach, and whether that was cancelled.
  std::optional<bool> cancelled(RecordId record) const {
    const auto found = records_.find(to_string(record));
    return found == records_.end() ? std::nullopt : std::optional(found->second);
  }
  // Where messages of this outreach went, or are about to go.
  const std::set<std::string>& addresses() const { return addresses_; }
  // How many messages of any outreach the person got lately, or is about to get: under this record or another
  // of the same address.
  std::int64_t recent(const Audience::Recipient& person) const {
    std::set<std::int64_t> messages;
    for (const std::string& key : {to_string(person.record), email_key(person.address)}) {
      const auto found = recent_.find(key);
      if (found != recent_.end()) messages.insert(found->second.begin(), found->second.end());
    }
    return static_cast<std::int64_t>(messages.size());
  }

 private:
  std::map<std::string, bool> records_;  // of this outreach: whether their message was cancelled
  std::set<std::string> addresses_;
  std::map<std::string, std::set<std::int64_t>> recent_;  // by record and by address
};

class Sieve {
 public:
  Sieve(Session& session, const Outreach& outreach)
      : connection_(*session.state().connection),
        outreach_(outreach),
        earlier_(connection_, outreach,
                 session.state().options.now.time_since_epoch().count() - outreach.per_days * kDay),
        addresses_(earlier_.addresses()) {}

  // Why that person gets none; empty where they do.
  std::string refusal(const Audience::Recipient& person, std::size_t before) {
    if (const auto cancelled = earlier_.cancelled(person.record))
      return *cancelled ? "its message was cancelled" : "has it already";
    const Addressee addressee{person.record, person.address};
    std::string refusal = own_refusal_of(connection_, addressee, outreach_.purpose);
    if (!refusal.empty()) return refusal;
    if (person.address.empty()) return "no address";
    if (mail_address(person.address).empty()) return "the address is none";
    if (addresses_.count(email_key(person.address)) > 0) return "duplicate address";
    if (earlier_.recent(person) >= outreach_.per_person) return "frequency cap";
    if (before >= static_cast<std::size_t>(outreach_.most)) return "cap of this run";
    refusal = refusal_of(connection_, addressee, outreach_.purpose);
    if (refusal.empty()) addresses_.insert(email_key(person.address));
    return refusal;
  }

 private:
  Connection& connection_;
  const Outreach& outreach_;
  Earlier earlier_;
  std::set<std::string> addresses_;  // of those who get it
};

}  // namespace

std::string outreach_rule(const Outreach& outreach) {
  return "outreach:" + outreach.name;
}

std::string outreach_key(const Outreach& outreach, RecordId record) {
  return outreach_rule(outreach) + '/' + to_string(record);
}

Audience audience_of(Session& session, const Outreach& outreach) {
  Selection selection;
  const auto segment = find_segment(session, outreach.segment);
  selection.where = segment ? segment->expression : outreach.segment;
  if (segment && segment->kind != outreach.kind) {
    throw Error(
        ErrorCode::usage,
        "the segment " + quoted(segment->name) + " is one of " + std::string(entity(segment->kind).plural.en),
        "give --kind " + std::string(entity(segment->kind).name));
  }
  const SelectionSql sql = render_selection(session, outreach.kind, selection, 1);
  const std::vector<Param> params(sql.params.begin(), sql.params.end());
  std::vector<Audience::Recipient> matched;
  session.state().connection->query_guarded(
      "SELECT r.id, r.name, coalesce(r.email, '') FROM \"" + std::string(entity(outreach.kind).table) +
          "\" r WHERE " + sql.sql + " ORDER BY r.id",
      params, [&](const Row& row) {
        matched.push_back(
            {{outreach.kind, row.integer(0)}, std::string(row.text(1)), std::string(row.text(2))});
        return true;
      });
  Audience audience;
  Sieve sieve(session, outreach);
  for (Audience::Recipient& person : matched) {
    std::string why = sieve.refusal(person, audience.recipients.size());
    if (why.empty()) {
      audience.recipients.push_back(std::move(person));
    } else {
      audience.left_out.push_back(
          {person.record, std::move(person.name), std::move(person.address), std::move(why)});
    }
  }
  return audience;
}

}  // namespace crm
