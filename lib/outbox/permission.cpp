#include "outbox/permission.h"

#include "base/text.h"
#include "crm/consent.h"

namespace crm {

std::string refusal_of(Connection& connection, const Addressee& addressee, std::string_view purpose) {
  std::optional<bool> any_contact;
  std::optional<bool> for_purpose;
  const std::string key = email_key(addressee.address);
  const Param params[] = {
      addressee.record ? Param(static_cast<std::int64_t>(addressee.record->kind)) : Param(),
      addressee.record ? Param(addressee.record->id) : Param(), Param(key), Param(purpose),
      Param(kAnyContact)};
  connection.each(
      "SELECT purpose, state FROM (SELECT purpose, state, at, id FROM consent WHERE about_kind = $1 AND "
      "about_id = "
      "$2 AND purpose IN ($4, $5) AND deleted_at IS NULL UNION SELECT purpose, state, at, id FROM consent "
      "WHERE "
      "address_key = $3 AND $3 <> '' AND purpose IN ($4, $5) AND deleted_at IS NULL) ORDER BY at DESC, state "
      "DESC, "
      "id DESC",
      params, [&](const Row& row) {
        std::optional<bool>& latest = row.text(0) == kAnyContact ? any_contact : for_purpose;
        if (!latest) latest = row.text(1) == "given";
      });
  if (any_contact && !*any_contact) return "do not contact";
  if (purpose.empty() || (for_purpose && *for_purpose)) return {};
  return for_purpose ? "consent withdrawn" : "no consent";
}

}  // namespace crm
