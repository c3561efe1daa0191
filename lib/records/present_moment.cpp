#include "records/present_moment.h"

#include "crm/acting_moment.h"
#include "crm/error.h"
#include "crm/time.h"
#include "records/session_state.h"

namespace crm {

Moment present_moment(Session& session) {
  const SessionOptions& options = session.state().options;
  return options.now_text.empty() ? options.now : parse_when(options.now_text, options.now, session.zone());
}

void act_at(Session& session, std::string_view when) {
  try {
    session.state().now = parse_when(when, present_moment(session), session.zone());
  } catch (const Error& error) {
    throw Error(ErrorCode::usage, error.message(), error.hint());
  }
}

}  // namespace crm
