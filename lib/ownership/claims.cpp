#include "ownership/claims.h"

#include <string>

#include "base/text.h"
#include "crm/error.h"
#include "ownership/open_records.h"
#include "ownership/ownership_log.h"
#include "records/present_moment.h"
#include "records/session_state.h"
#include "records/write_record.h"

namespace crm {
namespace {

Error refused(RecordId record, const std::string& why, const std::string& hint) {
  return Error(ErrorCode::invalid, to_string(record) + " cannot be claimed: " + why, hint)
      .about_record(to_string(record));
}

// The user's open records beside that one, which an undo has given them already.
std::int64_t count_others(Session& session, RecordId record, std::int64_t user) {
  const auto stands = find_record(session, record);
  const bool has_it = stands && stands->integer(session.view(record.kind).position("owner")) == user;
  return count_open(session, record.kind, user) - (has_it ? 1 : 0);
}

}  // namespace

bool gives_out_pool(Session& session) {
  const Rights& mine = rights(session);
  return mine.everything || mine.edit == Scope::all;
}

bool is_claim(Session& session, const RecordChange& change) {
  const Kind kind = change.after.id.kind;
  if (change.before == nullptr || !session.state().process().pools[slot(kind)] ||
      !session.state().rule.empty())
    return false;
  const std::size_t owner = session.view(kind).position("owner");
  const auto taker = change.after.integer(owner);
  return taker && is_null((*change.before)[owner]) && !gives_out_pool(session) &&
         taker == rights(session).user;
}

void check_claim(Session& session, RecordId record, std::int64_t me) {
  const std::optional<PoolRules>& rules = session.state().process().pools[slot(record.kind)];
  if (!rules) return;
  const std::string& name = session.state().name_of(Kind::user, me);
  if (rules->claims_per_day && claims_today(session, record.kind, me) >= *rules->claims_per_day) {
    throw refused(
        record,
        name + " has claimed " + counted(*rules->claims_per_day, record.kind) + " today, the most in a day",
        "claim it tomorrow");
  }
  if (rules->hold && count_others(session, record, me) >= *rules->hold) {
    throw refused(
        record, name + " has " + counted(*rules->hold, record.kind, "open") + ", the most that one may have",
        "finish some, or give some back with 'crm " + std::string(entity(record.kind).name) + " release'");
  }
  const auto left = rules->cooling_off_days ? last_left(session, record, me) : std::nullopt;
  if (!left) return;
  const Moment free = Moment(std::chrono::seconds(*left)) + std::chrono::days(*rules->cooling_off_days);
  if (free <= present_moment(session)) return;
  throw refused(
      record,
      name + " had it until " + format_moment_short(Moment(std::chrono::seconds(*left)), session.zone()),
      "it is free again for " + name + " on " + format_moment_short(free, session.zone()));
}

}  // namespace crm
