// Where the fields of a lead stand among its values.
#pragma once

#include "entity/descriptors.h"

namespace crm::lead_fields {

inline constexpr std::size_t kName = field<Kind::lead>("name");
inline constexpr std::size_t kCompany = field<Kind::lead>("company");
inline constexpr std::size_t kStage = field<Kind::lead>("stage");
inline constexpr std::size_t kOwner = field<Kind::lead>("owner");
inline constexpr std::size_t kAmount = field<Kind::lead>("amount");
inline constexpr std::size_t kCurrency = field<Kind::lead>("currency");
inline constexpr std::size_t kCustomer = field<Kind::lead>("customer");
inline constexpr std::size_t kContact = field<Kind::lead>("contact");
inline constexpr std::size_t kLostReason = field<Kind::lead>("lost_reason");
inline constexpr std::size_t kCreatedAt = field<Kind::lead>("created_at");
inline constexpr std::size_t kAssignedAt = field<Kind::lead>("assigned_at");
inline constexpr std::size_t kStageEnteredAt = field<Kind::lead>("stage_entered_at");
inline constexpr std::size_t kClosedAt = field<Kind::lead>("closed_at");

}  // namespace crm::lead_fields
