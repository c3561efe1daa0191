// The reactors of all rooms, in the order they act: the highest room knows them all.
#include "records/reactor.h"

#include "engine/rule_reactor.h"
#include "followups/followup_rules.h"
#include "leads/lead_rules.h"
#include "ownership/ownership_rules.h"
#include "ratings/rating_rules.h"

namespace crm {

const std::vector<Reactor*>& reactors() {
  static LeadRules leads;
  static FollowupRules followups;
  static OwnershipRules ownership;
  static RatingRules ratings;
  static RuleReactor rules;
  static const std::vector<Reactor*> kAll = {&leads, &followups, &ownership, &ratings, &rules};
  return kAll;
}

}  // namespace crm
