// The reactors of all rooms, in the order they act: the highest room knows them all.
#include "records/reactor.h"

#include "followups/followup_rules.h"
#include "leads/lead_rules.h"

namespace crm {

const std::vector<Reactor*>& reactors() {
  static LeadRules leads;
  static FollowupRules followups;
  static const std::vector<Reactor*> kAll = {&leads, &followups};
  return kAll;
}

}  // namespace crm
