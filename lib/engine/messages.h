// Messages about one record, to one of us.
#pragma once

#include <string>

#include "crm/session.h"
#include "records/stored_record.h"

namespace crm {

struct RecordMessage {
  std::string rule;           // what makes it; the first part of its key
  std::string to;             // owner, manager, team-lead or a user's name
  std::string template_name;  // empty: the subject and the body below
  std::string subject;
  std::string body;
  std::string channel;  // empty: the usual one
  std::string cause;    // the last part of its key: the change, or the planned time
};

// Puts the message into the outbox, once for the rule, the person, the record and the cause. Returns what
// became of it: "a message to li", or why there is none. Inside a Write.
std::string send_about(Session& session, const StoredRecord& record, const RecordMessage& message);
// A JSON object of the record's fields (all that are not sensitive where none are named) for a web hook.
std::string record_as_json(Session& session, const StoredRecord& record,
                           const std::vector<std::string>& fields);

}  // namespace crm
