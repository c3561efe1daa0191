// Follow-ups: talks that happened, and plans.
#pragma once

#include "entity/kinds/shared_fields.h"

namespace crm::descriptors {

inline constexpr Choice kFollowupTypes[] = {
    {"call", {"call", "电话"}, "phone|phone call|打电话|通话"},
    {"wechat", {"WeChat", "微信"}, "weixin"},
    {"email", {"e-mail", "邮件"}, "mail|电子邮件"},
    {"visit", {"visit", "拜访"}, "上门拜访|上门|到访"},
    {"meeting", {"meeting", "会议"}, "meet|见面"},
    {"other", {"other", "其他"}, "其它"},
};
inline constexpr Field kFollowupOverdue{
    .name = "overdue",
    .type = FieldType::boolean,
    .label = {"overdue", "逾期"},
    .help = {"whether it is an open plan whose due time has passed", "是否逾期"},
    .access = Access::closed,
    .derived = "(r.due_at IS NOT NULL AND r.due_at < :now AND r.done_at IS NULL AND r.at IS NULL)"};
inline constexpr Field kFollowupAboutDeleted{
    .name = "about_deleted",
    .type = FieldType::boolean,
    .label = {"about a deleted record", "关联记录已删除"},
    .help = {"whether the record that it is about is deleted: then nobody is reminded of it",
             "关联记录是否已删除"},
    .access = Access::closed,
    .derived =
        "CASE r.about_kind WHEN 3 THEN EXISTS (SELECT 1 FROM customer s WHERE s.id = r.about_id AND "
        "s.deleted_at IS NOT NULL) WHEN 4 THEN EXISTS (SELECT 1 FROM contact s WHERE s.id = r.about_id "
        "AND s.deleted_at IS NOT NULL) WHEN 5 THEN EXISTS (SELECT 1 FROM lead s WHERE s.id = r.about_id "
        "AND s.deleted_at IS NOT NULL) ELSE 0 END"};
inline constexpr Field kFollowupAboutName{
    .name = "about_name",
    .type = FieldType::text,
    .label = {"who", "对象名称"},
    .help = {"what the record is called that it is about", "所跟进记录的名称"},
    .access = Access::closed,
    .listed = true,
    .derived =
        "CASE r.about_kind WHEN 3 THEN (SELECT s.name FROM customer s WHERE s.id = r.about_id) "
        "WHEN 4 THEN (SELECT s.name FROM contact s WHERE s.id = r.about_id) "
        "WHEN 5 THEN (SELECT s.name FROM lead s WHERE s.id = r.about_id) END",
    .name_of = "about"};
inline constexpr Field kFollowupLate{
    .name = "late",
    .type = FieldType::boolean,
    .label = {"logged late", "迟录"},
    .help = {"whether it was logged more than 24 hours after it happened", "是否在发生24小时之后才记录"},
    .access = Access::closed,
    .derived = "(r.at IS NOT NULL AND r.logged_at > r.at + 86400)"};

inline constexpr Field kFollowupFields[] = {
    kId,
    {.name = "about",
     .type = FieldType::record,
     .label = {"about", "关于"},
     .help = {"the record: lead/42, customer/7", "所跟进的记录"},
     .aliases = "record|related to|regarding|关联|跟进对象|关联对象",
     .required = true,
     .listed = true,
     .column = "about_id"},
    kFollowupAboutName,
    {.name = "type",
     .type = FieldType::choice,
     .label = {"type", "方式"},
     .help = {"call, wechat, email, visit, meeting or other", "跟进方式"},
     .aliases = "channel|followup type|activity type|method|跟进方式|跟进类型|渠道|方式",
     .listed = true,
     .choices = kFollowupTypes},
    {.name = "at",
     .type = FieldType::moment,
     .label = {"happened", "跟进时间"},
     .help = {"when it happened; a plan has none", "发生时间"},
     .aliases = "happened at|date|followup date|activity date|跟进日期|发生时间|联系时间",
     .listed = true},
    {.name = "logged_at",
     .type = FieldType::moment,
     .label = {"logged", "记录时间"},
     .help = {"when it was entered", "录入时间"},
     .aliases = "logged at|entered at|录入日期",
     .access = Access::imported},
    {.name = "due_at",
     .type = FieldType::moment,
     .label = {"due", "计划时间"},
     .help = {"when it is to happen; a day means by its end", "计划跟进时间；只写日期即当天结束前"},
     .aliases = "due|due at|due date|planned at|计划日期|截止时间|到期时间",
     .listed = true,
     .deadline = true},
    {.name = "done_at",
     .type = FieldType::moment,
     .label = {"done", "完成时间"},
     .help = {"when the plan was settled", "完成时间"},
     .aliases = "done|done at|completed at|完成日期",
     .access = Access::imported},
    {.name = "snoozed_until",
     .type = FieldType::moment,
     .label = {"snoozed until", "暂缓提醒至"},
     .help = {"nobody is reminded of the plan before that", "在此之前不提醒"},
     .aliases = "snoozed until",
     .access = Access::imported},
    {.name = "acknowledged_at",
     .type = FieldType::moment,
     .label = {"acknowledged", "已知悉时间"},
     .help = {"when its owner said that they know: nobody is reminded until it is rescheduled",
              "负责人确认知悉的时间"},
     .aliases = "acknowledged at",
     .access = Access::imported},
    listed(kOwner),
    {.name = "outcome",
     .type = FieldType::text,
     .label = {"outcome", "结果"},
     .help = {"what came of it", "跟进结果"},
     .aliases = "result|跟进结果",
     .searchable = true,
     .listed = true},
    {.name = "note",
     .type = FieldType::note,
     .label = {"note", "内容"},
     .help = {"what was said", "跟进内容"},
     .aliases = "notes|content|description|comment|comments|备注|跟进内容|跟进记录",
     .searchable = true,
     .listed = true},
    kRef,
    kTags,
    kCreatedAt,
    kUpdatedAt,
    kVersion,
    kFollowupOverdue,
    kFollowupAboutDeleted,
    kFollowupLate,
};

}  // namespace crm::descriptors
