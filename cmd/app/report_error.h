// How a failure looks to whoever ran the command.
#pragma once

#include <crm/error.h>

#include <string>

#include "output/stream.h"

namespace crm::cmd {

// The fields of {"code":…,"exit":…,"message":…}: what a JSON error and a batch's result line hold.
std::string error_object(const Error& error);

// On `messages`: "crm: message; hint" and each problem with its line and a caret; or, as JSON, one object
// {"error":{…}}.
void report_error(Stream& messages, const Error& error, bool as_json);

}  // namespace crm::cmd
