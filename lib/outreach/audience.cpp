#include "outreach/audience.h"

#include <set>

#include "base/text.h"
#include "crm/error.h"
#include "outbox/enqueue.h"
#include "outbox/mail_message.h"
#include "outbox/permission.h"
#include "outreach/segments.h"
#include "records/filter_context.h"
#include "records/session_state.h"

namespace crm {
namespace {

constexpr std::int64_t kDay = 86'400;

class Sieve {
 public:
  Sieve(Session& session, const Outreach& outreach)
      : connection_(*session.state().connection),
        outreach_(outreach),
        since_(session.state().options.now.time_since_epoch().count() - outreach.per_days * kDay) {}

  // Why that person gets none; empty where they do.
  std::string refusal(const Audience::Recipient& person, std::size_t before) {
    if (is_enqueued(connection_, outreach_key(outreach_, person.record))) {
      addresses_.insert(email_key(person.address));
      return "has it already";
    }
    std::string refusal = refusal_of(connection_, {person.record, person.address}, outreach_.purpose);
    if (!refusal.empty()) return refusal;
    if (person.address.empty()) return "no address";
    if (!is_mail_address(person.address)) return "the address is none";
    if (addresses_.count(email_key(person.address)) > 0) return "duplicate address";
    if (recent(person.record) >= outreach_.per_person) return "frequency cap";
    if (before >= static_cast<std::size_t>(outreach_.most)) return "cap of this run";
    addresses_.insert(email_key(person.address));
    return {};
  }

 private:
  // How many messages of any outreach the person got lately, or is about to get.
  std::int64_t recent(RecordId record) {
    const Param params[] = {static_cast<std::int64_t>(record.kind), record.id, since_};
    return connection_
        .query_integer(
            "SELECT count(*) FROM outbox WHERE recipient_kind = $1 AND recipient = $2 AND purpose IS NOT "
            "NULL AND "
            "coalesce(sent_at, created_at) >= $3 AND state NOT IN ('cancelled', 'failed', 'dead')",
            params)
        .value_or(0);
  }

  Connection& connection_;
  const Outreach& outreach_;
  std::int64_t since_;
  std::set<std::string> addresses_;
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
