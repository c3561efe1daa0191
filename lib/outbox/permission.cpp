#include "outbox/permission.h"

#include <algorithm>

#include "crm/consent.h"
#include "outbox/standing.h"

namespace crm {

bool is_purpose(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  const auto is_small = [](char c) { return c >= 'a' && c <= 'z'; };
  return !text.empty() && text.size() <= kLongest && is_small(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_small(c) || (c >= '0' && c <= '9') || c == '-' || c == '_'; });
}

std::string refusal_of(Connection& connection, const Addressee& addressee, std::string_view purpose) {
  const auto statements = statements_about(connection, addressee);
  const auto any_contact = statements.find(kAnyContact);
  if (any_contact != statements.end() && !decisive(any_contact->second).given) return "do not contact";
  if (purpose.empty()) return {};
  const auto for_purpose = statements.find(std::string(purpose));
  if (for_purpose == statements.end()) return "no consent";
  return decisive(for_purpose->second).given ? std::string() : "consent withdrawn";
}

}  // namespace crm
