// Contacts.
#pragma once

#include "entity/kinds/shared_fields.h"

namespace crm::descriptors {

inline constexpr Choice kContactRoles[] = {
    {"decision maker", {"decision maker", "决策人"}, "decision-maker|decision_maker|决策者"},
    {"influencer", {"influencer", "影响者"}, "影响人"},
    {"user", {"user", "使用者"}, "使用人"},
    {"other", {"other", "其他"}, "其它"},
};

inline constexpr Field kContactFields[] = {
    kId,
    {.name = "name",
     .type = FieldType::text,
     .label = {"name", "姓名"},
     .help = {"name of the person", "姓名"},
     .aliases = "contact|contact name|full name|联系人|联系人姓名",
     .required = true,
     .searchable = true,
     .listed = true},
    {.name = "customer",
     .type = FieldType::reference,
     .label = {"customer", "客户"},
     .help = {"the customer the person works for", "所属客户"},
     .aliases = "account|company|account name|company name|公司|客户名称|公司名称|所属客户",
     .listed = true,
     .target = Kind::customer},
    {.name = "title",
     .type = FieldType::text,
     .label = {"title", "职务"},
     .help = {"job title", "职务"},
     .aliases = "job title|position|职位|岗位",
     .searchable = true,
     .listed = true},
    {.name = "role",
     .type = FieldType::choice,
     .label = {"role", "角色"},
     .help = {"part in the decision", "决策角色"},
     .aliases = "buying role|决策角色",
     .listed = true,
     .choices = kContactRoles},
    listed(kPhone),
    listed(kEmail),
    kWechat,
    {.name = "birthday",
     .type = FieldType::date,
     .label = {"birthday", "生日"},
     .help = {"date of birth", "生日"},
     .aliases = "birth date|date of birth|出生日期"},
    kNote,
    kRef,
    kTags,
    kCreatedAt,
    kUpdatedAt,
    kVersion,
    kAge,
};

}  // namespace crm::descriptors
