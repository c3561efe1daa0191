// Customers.
#pragma once

#include "entity/kinds/shared_fields.h"

namespace crm::descriptors {

inline constexpr Choice kCustomerTypes[] = {
    {"company", {"company", "公司"}, "企业|organisation|organization"},
    {"person", {"person", "个人"}, "individual"},
};

// The subqueries of derived fields; `r` is the record's row. Kinds by number: 3 customer, 5 lead. Each is
// answered by the index followup_about (about_kind, about_id, at).
inline constexpr Field kCustomerLastFollowup{
    .name = "last_followup_at",
    .type = FieldType::moment,
    .label = {"last follow-up", "最近跟进"},
    .help = {"when the latest follow-up happened", "最近一次跟进时间"},
    .access = Access::closed,
    .derived =
        "(SELECT max(f.at) FROM followup f WHERE f.about_kind = 3 AND f.about_id = r.id AND f.deleted_at IS "
        "NULL)"};
inline constexpr Field kCustomerNextFollowup{
    .name = "next_followup_at",
    .type = FieldType::moment,
    .label = {"next follow-up", "下次跟进"},
    .help = {"when the next open plan is due", "下次计划跟进时间"},
    .access = Access::closed,
    .derived =
        "(SELECT min(f.due_at) FROM followup f WHERE f.about_kind = 3 AND f.about_id = r.id AND f.done_at IS "
        "NULL AND f.at IS NULL AND f.deleted_at IS NULL)"};
inline constexpr Field kCustomerFollowupCount{.name = "followup_count",
                                              .type = FieldType::integer,
                                              .label = {"follow-ups", "跟进次数"},
                                              .help = {"how many follow-ups happened", "跟进次数"},
                                              .access = Access::closed,
                                              .derived =
                                                  "(SELECT count(f.at) FROM followup f WHERE f.about_kind = "
                                                  "3 AND f.about_id = r.id AND f.deleted_at IS NULL)"};
inline constexpr Field kCustomerOverdue{
    .name = "overdue",
    .type = FieldType::boolean,
    .label = {"overdue", "逾期"},
    .help = {"whether an open plan's due time has passed", "是否有逾期计划"},
    .access = Access::closed,
    .derived =
        "EXISTS (SELECT 1 FROM followup f WHERE f.about_kind = 3 AND f.about_id = r.id AND f.due_at < :now "
        "AND f.done_at IS NULL AND f.at IS NULL AND f.deleted_at IS NULL)"};

inline constexpr Field kCustomerFields[] = {
    kId,
    {.name = "name",
     .type = FieldType::text,
     .label = {"name", "客户名称"},
     .help = {"name of the company or person", "客户名称"},
     .aliases = "customer|customer name|account name|full name|姓名|名称|客户|客户姓名",
     .required = true,
     .searchable = true,
     .listed = true},
    {.name = "company",
     .type = FieldType::text,
     .label = {"company", "公司"},
     .help = {"company, where the customer is a person", "所属公司"},
     .aliases = "company name|organization|organisation|公司名称|单位|企业|企业名称",
     .searchable = true},
    {.name = "type",
     .type = FieldType::choice,
     .label = {"type", "类型"},
     .help = {"company or person", "公司或个人"},
     .aliases = "customer type|客户类型",
     .choices = kCustomerTypes},
    listed(kPhone),
    kEmail,
    {.name = "website",
     .type = FieldType::text,
     .label = {"website", "网址"},
     .help = {"web address", "网址"},
     .aliases = "web|url|homepage|网站|官网",
     .searchable = true},
    {.name = "industry",
     .type = FieldType::text,
     .label = {"industry", "行业"},
     .help = {"industry", "所属行业"},
     .aliases = "sector|所属行业|行业类别",
     .listed = true},
    listed(kRegion),
    {.name = "address",
     .type = FieldType::text,
     .label = {"address", "地址"},
     .help = {"postal address", "地址"},
     .aliases = "street|详细地址|公司地址|联系地址",
     .searchable = true},
    {.name = "level",
     .type = FieldType::text,
     .label = {"level", "等级"},
     .help = {"importance: A, B, C …", "客户等级"},
     .aliases = "grade|tier|rating|客户等级|级别|客户级别",
     .listed = true},
    {.name = "level_reason",
     .type = FieldType::text,
     .label = {"level reason", "等级原因"},
     .help = {"why it has its level", "等级原因"}},
    {.name = "level_until",
     .type = FieldType::date,
     .label = {"level by hand until", "手工等级有效期"},
     .help = {"up to that day the level set by hand stays, whatever the workflow's table says",
              "手工设置的等级保留至该日"}},
    kSource,
    kOwner,
    {.name = "parent",
     .type = FieldType::reference,
     .label = {"parent", "上级客户"},
     .help = {"the customer it belongs to", "上级客户"},
     .aliases = "parent account|parent customer|上级单位",
     .target = Kind::customer},
    kNote,
    kRef,
    kTags,
    kCreatedAt,
    kUpdatedAt,
    kVersion,
    kCustomerLastFollowup,
    kCustomerNextFollowup,
    kCustomerFollowupCount,
    kCustomerOverdue,
    kAge,
};

}  // namespace crm::descriptors
