// The present, as the session was opened with it.
#pragma once

#include "crm/session.h"

namespace crm {

// Unlike Session::now() not the moment that --now names, nor one that a schedule was planned for.
Moment present_moment(Session& session);

}  // namespace crm
