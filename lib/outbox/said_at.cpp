#include "outbox/said_at.h"

#include "base/text.h"
#include "crm/error.h"

namespace crm {

void check_said_at(Session& session, std::int64_t at, std::string_view text) {
  if (at <= now_seconds(session) + kMostAhead) return;
  throw Error(ErrorCode::invalid, quoted(text) + " has yet to come", "give when it was said")
      .about_field("at");
}

}  // namespace crm
