// Stage changes.
#pragma once

#include "entity/kinds/shared_fields.h"

namespace crm::descriptors {

inline constexpr Field kStageChangeFields[] = {
    kId,
    {.name = "record",
     .type = FieldType::record,
     .label = {"record", "记录"},
     .help = {"the record that moved: lead/42", "所属记录"},
     .required = true,
     .listed = true,
     .column = "record_id"},
    {.name = "from",
     .type = FieldType::stage,
     .label = {"from", "原阶段"},
     .help = {"the stage it left; none at first", "原阶段"},
     .aliases = "from_stage|from stage|old stage|previous stage",
     .listed = true,
     .column = "from_stage"},
    {.name = "to",
     .type = FieldType::stage,
     .label = {"to", "新阶段"},
     .help = {"the stage it came into", "新阶段"},
     .aliases = "to_stage|to stage|new stage|stage",
     .required = true,
     .listed = true,
     .column = "to_stage"},
    {.name = "at",
     .type = FieldType::moment,
     .label = {"at", "时间"},
     .help = {"when it moved", "变更时间"},
     .aliases = "changed_at|changed at|date|变更日期",
     .required = true,
     .listed = true},
    {.name = "by",
     .type = FieldType::reference,
     .label = {"by", "操作人"},
     .help = {"who moved it", "操作人"},
     .aliases = "changed by|user|owner|变更人",
     .listed = true,
     .target = Kind::user,
     .column = "by_user"},
    kRef,
    kCreatedAt,
    kUpdatedAt,
    kVersion,
};

}  // namespace crm::descriptors
