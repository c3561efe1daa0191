// Who of a segment gets an outreach's message, and who does not and why.
#pragma once

#include <string>
#include <vector>

#include "crm/outreach.h"

namespace crm {

struct Audience {
  struct Recipient {
    RecordId record;
    std::string name;
    std::string address;
  };
  std::vector<Recipient> recipients;  // in the order of the records
  std::vector<LeftOut> left_out;
};

// Throws where the segment's expression or what people agreed to cannot be read.
Audience audience_of(Session& session, const Outreach& outreach);

// The key of its message in the outbox: one for each person, ever.
std::string outreach_key(const Outreach& outreach, RecordId record);
std::string outreach_rule(const Outreach& outreach);

}  // namespace crm
