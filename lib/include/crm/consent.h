// Who may be written to: what people said, purpose by purpose, with moment and evidence.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "crm/export.h"
#include "crm/records.h"

namespace crm {

// The purpose that stands for any contact: withdrawn, it means "do not contact".
inline constexpr const char* kAnyContact = "contact";

// About a customer, contact or lead, or about an address, or both.
struct ConsentStatement {
  std::optional<RecordId> person = {};
  std::string address = {};  // e-mail; empty: the person's
  std::string purpose = {};
  bool given = false;
  std::string at = {};  // when it was said, as a user types it; empty: now
  std::string evidence = {};
};

// Each statement is a record of kind consent; the latest one on a purpose counts, and at the same moment a
// withdrawal. A withdrawal is written when no message to the person is on its way: from then on none goes
// out. For that it waits as long as a sender may take; inside a surrounding Write it cannot, and throws
// Error{busy}. Throws Error{invalid} for a purpose or an address that is none.
CRM_API std::vector<WriteResult> state_consent(Session& session,
                                               std::span<const ConsentStatement> statements);

// How it stands with a person (or an address): purpose, state, since, evidence, by, statement, about
// (whom it was said about: an opt-out counts under whatever record of the same person). For each purpose one
// row, any contact first.
CRM_API void show_consent(Session& session, const std::optional<RecordId>& person, const std::string& address,
                          RowSink& sink);

}  // namespace crm
