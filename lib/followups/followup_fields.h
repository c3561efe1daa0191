// Where the fields of a follow-up stand among its values.
#pragma once

#include "entity/descriptors.h"

namespace crm::followup_fields {

inline constexpr std::size_t kAbout = field<Kind::followup>("about");
inline constexpr std::size_t kType = field<Kind::followup>("type");
inline constexpr std::size_t kAt = field<Kind::followup>("at");
inline constexpr std::size_t kLoggedAt = field<Kind::followup>("logged_at");
inline constexpr std::size_t kDueAt = field<Kind::followup>("due_at");
inline constexpr std::size_t kSnoozedUntil = field<Kind::followup>("snoozed_until");
inline constexpr std::size_t kAcknowledgedAt = field<Kind::followup>("acknowledged_at");
inline constexpr std::size_t kDoneAt = field<Kind::followup>("done_at");
inline constexpr std::size_t kOwner = field<Kind::followup>("owner");
inline constexpr std::size_t kOutcome = field<Kind::followup>("outcome");

}  // namespace crm::followup_fields
