// How a failure looks to whoever ran the command.
#pragma once

#include <crm/error.h>

#include <string>
#include <utility>
#include <vector>

#include "output/stream.h"

namespace crm::cmd {

// One that says more to programs than to people: a further member of its JSON object.
class DetailedError : public Error {
 public:
  DetailedError(const Error& error, std::string member, std::string json)
      : Error(error), member_(std::move(member)), json_(std::move(json)) {}

  const std::string& member() const noexcept { return member_; }
  const std::string& json() const noexcept { return json_; }

 private:
  std::string member_, json_;
};

// {"message":…,"hint":…,"file":…,"line":…,"column":…}, without what is not known.
void append_problem(std::string& out, const Problem& problem);

// The fields of {"code":…,"exit":…,"message":…}: what a JSON error and a batch's result line hold.
std::string error_object(const Error& error);

// The error with what was written for its command after it failed, which says more than its hint.
Error with_aftermath(const Error& error, const std::vector<std::string>& told);

// On `messages`: "crm: message; hint" and each problem with its line and a caret; or, as JSON, one object
// {"error":{…}}.
void report_error(Stream& messages, const Error& error, bool as_json);

}  // namespace crm::cmd
