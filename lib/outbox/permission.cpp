#include "outbox/permission.h"

#include <algorithm>

#include "crm/consent.h"
#include "outbox/standing.h"

namespace crm {
namespace {

constexpr const char* kDoNotContact = "do not contact";
constexpr const char* kConsentWithdrawn = "consent withdrawn";

bool is_withdrawn(const Statements& statements, std::string_view purpose) {
  const auto found = statements.find(std::string(purpose));
  return found != statements.end() && !decisive(found->second).given;
}

}  // namespace

bool is_purpose(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  const auto is_small = [](char c) { return c >= 'a' && c <= 'z'; };
  return !text.empty() && text.size() <= kLongest && is_small(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_small(c) || (c >= '0' && c <= '9') || c == '-' || c == '_'; });
}

std::string own_refusal_of(Connection& connection, const Addressee& addressee, std::string_view purpose) {
  const Statements statements = statements_about(connection, addressee);
  if (is_withdrawn(statements, kAnyContact)) return kDoNotContact;
  if (purpose.empty()) return {};
  if (statements.count(std::string(purpose)) == 0) return "no consent";
  return is_withdrawn(statements, purpose) ? kConsentWithdrawn : "";
}

std::string refusal_of(Connection& connection, const Addressee& addressee, std::string_view purpose) {
  std::string refusal = own_refusal_of(connection, addressee, purpose);
  if (!refusal.empty() || !addressee.record) return refusal;
  const Param params[] = {kAnyContact, purpose};
  if (!connection.exists("SELECT 1 FROM consent WHERE state = 'withdrawn' AND purpose IN ($1, $2)", params))
    return {};
  const Statements statements = statements_about_person(connection, addressee);
  if (is_withdrawn(statements, kAnyContact)) return kDoNotContact;
  return is_withdrawn(statements, purpose) ? kConsentWithdrawn : "";
}

}  // namespace crm
