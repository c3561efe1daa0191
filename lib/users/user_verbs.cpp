#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "crm/error.h"
#include "crm/users.h"
#include "entity/descriptors.h"
#include "records/read_value.h"
#include "records/record_people.h"
#include "records/rights.h"
#include "records/standing.h"
#include "records/write_record.h"

namespace crm {
namespace {

constexpr std::size_t kName = field<Kind::user>("name");
constexpr std::size_t kActive = field<Kind::user>("active");

// A field by which records belong to somebody.
struct Tie {
  Kind kind;
  std::string_view field;
  std::size_t position;
  std::string_view condition;  // which of the records count, in SQL
};

constexpr std::array kTies = {
    Tie{Kind::customer, "owner", field<Kind::customer>("owner"), ""},
    Tie{Kind::lead, "owner", field<Kind::lead>("owner"), ""},
    Tie{Kind::followup, "owner", field<Kind::followup>("owner"),
        " AND due_at IS NOT NULL AND at IS NULL AND done_at IS NULL"},
    Tie{Kind::team, "lead", field<Kind::team>("lead"), ""},
    Tie{Kind::user, "manager", field<Kind::user>("manager"), ""},
};

std::string tied_records(const Tie& tie, std::string_view columns) {
  return "SELECT " + std::string(columns) + " FROM \"" + std::string(entity(tie.kind).table) + "\" WHERE \"" +
         std::string(tie.field) + "\" = $1 AND deleted_at IS NULL" + std::string(tie.condition);
}

// All at once before the first is written: a write moves rows in the index that the search walks along.
std::vector<std::int64_t> tied_ids(Session& session, const Tie& tie, std::int64_t user) {
  std::vector<std::int64_t> ids;
  const Param who[] = {user};
  session.state().connection->each(tied_records(tie, "id") + " ORDER BY id", who,
                                   [&](const Row& row) { ids.push_back(row.integer(0)); });
  return ids;
}

void hand_over(Session& session, const Tie& tie, std::int64_t id, std::int64_t heir) {
  const StoredRecord before = load_record(session, {tie.kind, id});
  StoredRecord after = before;
  // Nobody manages themselves, nor who they are managed by.
  const bool circle =
      tie.kind == Kind::user &&
      stands_under(session, *session.view(Kind::user).fields()[tie.position], heir, before.id);
  after[tie.position] = circle ? Value() : Value(heir);
  update_record(session, before, after, Action::edit, Origin::command);
}

}  // namespace

std::vector<Holding> holdings_of(Session& session, RecordId user) {
  std::vector<Holding> holdings;
  holdings.reserve(std::size(kTies));
  const Param who[] = {user.id};
  for (const Tie& tie : kTies) {
    holdings.push_back(
        {tie.kind, tie.field,
         session.state().connection->query_integer(tied_records(tie, "count(*)"), who).value_or(0)});
  }
  return holdings;
}

Handover transfer_holdings(Session& session, RecordId user, std::string_view to) {
  Write write(session);
  const StoredRecord leaver = load_record(session, user);
  const std::int64_t heir = require_user(session, to);
  if (heir == user.id)
    throw Error(ErrorCode::invalid, quoted(to) + " has all that already", "name somebody else with --to");
  check_active(session, heir);
  Handover handover{leaver.text(kName), session.state().name_of(Kind::user, heir), {}};
  for (const Tie& tie : kTies) {
    const std::vector<std::int64_t> ids = tied_ids(session, tie, leaver.id.id);
    if (!std::all_of(ids.begin(), ids.end(), [&](auto id) { return may_see(session, {tie.kind, id}); }))
      throw Error(ErrorCode::not_permitted,
                  quoted(session.login()) + " may not hand over the records of " + quoted(handover.from),
                  "ask a manager or an admin");
    for (const std::int64_t id : ids) hand_over(session, tie, id, heir);
    handover.holdings.push_back({tie.kind, tie.field, static_cast<std::int64_t>(ids.size())});
  }
  write.commit();
  return handover;
}

WriteResult deactivate_user(Session& session, RecordId user) {
  Write write(session);
  const StoredRecord before = load_record(session, user);
  StoredRecord after = before;
  after[kActive] = std::int64_t{0};
  const bool changed = update_record(session, before, after, Action::edit, Origin::command);
  const std::vector<Holding> holdings = holdings_of(session, user);
  if (std::any_of(holdings.begin(), holdings.end(), [](const Holding& one) { return one.records > 0; })) {
    session.notice(quoted(before.text(kName)) + " still has records; 'crm user transfer " +
                   before.text(kName) + " --to USER' hands them over");
  }
  write.commit();
  return {user, changed ? Written::updated : Written::unchanged};
}

}  // namespace crm
