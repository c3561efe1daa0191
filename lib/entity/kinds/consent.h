// A person's word on being written to.
#pragma once

#include "entity/kinds/shared_fields.h"

namespace crm::descriptors {

inline constexpr Choice kConsentStates[] = {
    {"given", {"given", "同意"}, "yes|agreed|opt-in|opted in|已同意"},
    {"withdrawn", {"withdrawn", "撤回"}, "no|refused|opt-out|opted out|unsubscribed|拒绝|退订"},
};

// A person's word on being written to, one statement each: the latest counts.
inline constexpr Field kConsentFields[] = {
    kId,
    {.name = "about",
     .type = FieldType::record,
     .label = {"about", "关于"},
     .help = {"the person: contact/7, lead/42, customer/3", "相关人员"},
     .aliases = "record|person|关联",
     .listed = true,
     .column = "about_id"},
    {.name = "address",
     .type = FieldType::email,
     .label = {"address", "地址"},
     .help = {"the e-mail address that it holds for", "适用的邮箱地址"},
     .aliases = "email|e-mail|e-mail address|email address|邮箱",
     .listed = true},
    {.name = "purpose",
     .type = FieldType::text,
     .label = {"purpose", "用途"},
     .help = {"what for: newsletter, offers …; 'contact' stands for any contact",
              "用途;contact 表示任何联系"},
     .aliases = "topic|list|用途",
     .required = true,
     .listed = true},
    {.name = "state",
     .type = FieldType::choice,
     .label = {"state", "状态"},
     .help = {"given or withdrawn", "同意或撤回"},
     .aliases = "consent|status|状态",
     .required = true,
     .listed = true,
     .choices = kConsentStates},
    {.name = "at",
     .type = FieldType::moment,
     .label = {"at", "时间"},
     .help = {"when it was said", "表示的时间"},
     .aliases = "date|given at|withdrawn at|日期",
     .required = true,
     .listed = true},
    {.name = "evidence",
     .type = FieldType::note,
     .label = {"evidence", "凭据"},
     .help = {"how it is known: form, mail, call …", "凭据"},
     .aliases = "proof|source|note|凭证|来源",
     .listed = true},
    {.name = "by",
     .type = FieldType::reference,
     .label = {"by", "操作人"},
     .help = {"who entered it", "录入人"},
     .aliases = "user|录入人",
     .listed = true,
     .target = Kind::user,
     .column = "by_user"},
    kRef,
    kCreatedAt,
    kUpdatedAt,
    kVersion,
};

}  // namespace crm::descriptors
