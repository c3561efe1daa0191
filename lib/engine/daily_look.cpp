#include "engine/daily_look.h"

#include "ownership/recycle.h"
#include "ratings/rating.h"
#include "records/session_state.h"

namespace crm {

std::string DailyLook::told() const {
  std::string told;
  if (!recycled.released.empty() || !recycled.warned.empty())
    told = "pool: " + std::to_string(recycled.released.size()) + " released, " +
           std::to_string(recycled.warned.size()) + " warned of";
  if (rated > 0) told += (told.empty() ? "" : "; ") + std::to_string(rated) + " rated anew";
  return told;
}

DailyLook look_daily(Session& session, Attempt attempt) {
  DailyLook look{recycle_due(session, attempt)};
  const Process& process = session.state().process();
  for (const Entity& kind : entities()) {
    const std::size_t at = slot(kind.kind);
    if (!process.scores[at].empty() || !process.levels[at].empty())
      look.rated += refresh_ratings(session, kind.kind, attempt).size();
  }
  return look;
}

}  // namespace crm
