// Teams.
#pragma once

#include "entity/kinds/shared_fields.h"

namespace crm::descriptors {

inline constexpr Field kTeamFields[] = {
    kId,
    {.name = "name",
     .type = FieldType::text,
     .label = {"name", "名称"},
     .help = {"the name used everywhere, unique", "名称,唯一"},
     .aliases = "team|team name|团队|部门|名称",
     .required = true,
     .searchable = true,
     .listed = true},
    {.name = "lead",
     .type = FieldType::reference,
     .label = {"lead", "负责人"},
     .help = {"the user who leads it", "团队负责人"},
     .aliases = "leader|manager|主管|经理",
     .listed = true,
     .target = Kind::user},
    kRef,
    kTags,
    kCreatedAt,
    kUpdatedAt,
    kVersion,
};

}  // namespace crm::descriptors
