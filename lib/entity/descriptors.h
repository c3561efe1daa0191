// The descriptor tables of all kinds.
#pragma once

#include "crm/kind.h"

namespace crm::descriptors {

inline constexpr Choice kCustomerTypes[] = {
    {"company", {"company", "公司"}, "企业|organisation|organization"},
    {"person", {"person", "个人"}, "individual"},
};
inline constexpr Choice kContactRoles[] = {
    {"decision maker", {"decision maker", "决策人"}, "decision-maker|decision_maker|决策者"},
    {"influencer", {"influencer", "影响者"}, "影响人"},
    {"user", {"user", "使用者"}, "使用人"},
    {"other", {"other", "其他"}, "其它"},
};
inline constexpr Choice kFollowupTypes[] = {
    {"call", {"call", "电话"}, "phone|phone call|打电话|通话"},
    {"wechat", {"WeChat", "微信"}, "weixin"},
    {"email", {"e-mail", "邮件"}, "mail|电子邮件"},
    {"visit", {"visit", "拜访"}, "上门拜访|上门|到访"},
    {"meeting", {"meeting", "会议"}, "meet|见面"},
    {"other", {"other", "其他"}, "其它"},
};
inline constexpr Choice kLanguages[] = {
    {"en", {"English", "英语"}, "英文"},
    {"zh", {"Chinese", "中文"}, "汉语|简体中文|zh-cn|zh_CN"},
};

inline constexpr Choice kConsentStates[] = {
    {"given", {"given", "同意"}, "yes|agreed|opt-in|opted in|已同意"},
    {"withdrawn", {"withdrawn", "撤回"}, "no|refused|opt-out|opted out|unsubscribed|拒绝|退订"},
};

// What most kinds share.
inline constexpr Field kId{.name = "id", .type = FieldType::integer, .label = {"ID", "编号"},
                           .help = {"number of the record, from 1 for each kind", "记录编号"},
                           .access = Access::imported, .listed = true};
inline constexpr Field kRef{.name = "ref", .type = FieldType::refs, .label = {"reference", "外部编号"},
                            .help = {"reference SOURCE/KEY in another system", "其他系统中的编号,形如 来源/编号"},
                            .aliases = "external id|external reference|refs"};
inline constexpr Field kTags{.name = "tags", .type = FieldType::tags, .label = {"tags", "标签"},
                             .help = {"tags, separated by ';'", "标签,以 ; 分隔"}, .aliases = "tag|labels"};
inline constexpr Field kCreatedAt{.name = "created_at", .type = FieldType::moment, .label = {"created", "创建时间"},
                                  .help = {"when the record came to be", "创建时间"},
                                  .aliases = "created at|create time|creation date|created date|createdate|创建日期|录入时间",
                                  .access = Access::imported};
inline constexpr Field kUpdatedAt{.name = "updated_at", .type = FieldType::moment, .label = {"updated", "更新时间"},
                                  .help = {"when it was last changed", "最后修改时间"},
                                  .aliases = "updated at|modified|last modified|modified date|修改时间|最后修改时间",
                                  .access = Access::imported};
inline constexpr Field kVersion{.name = "version", .type = FieldType::integer, .label = {"version", "版本"},
                                .help = {"counts the changes of the record, for --if-version", "版本号"},
                                .access = Access::closed};
inline constexpr Field kPhone{.name = "phone", .type = FieldType::phone, .label = {"phone", "电话"},
                              .help = {"phone number, in any usual form", "电话号码"},
                              .aliases = "mobile|mobile phone|phone number|telephone|tel|cell|手机|手机号|手机号码|联系电话|电话号码",
                              .searchable = true};
inline constexpr Field kEmail{.name = "email", .type = FieldType::email, .label = {"e-mail", "邮箱"},
                              .help = {"e-mail address", "电子邮箱"},
                              .aliases = "email address|mail|e-mail address|电子邮箱|电子邮件|邮件|邮箱地址", .searchable = true};
inline constexpr Field kWechat{.name = "wechat", .type = FieldType::text, .label = {"WeChat", "微信"},
                               .help = {"WeChat ID", "微信号"}, .aliases = "weixin|wechat id|微信号", .searchable = true};
inline constexpr Field kRegion{.name = "region", .type = FieldType::text, .label = {"region", "地区"},
                               .help = {"region or province", "地区或省份"}, .aliases = "province|state|省份|省|区域|所在地区|地域"};
inline constexpr Field kSource{.name = "source", .type = FieldType::text, .label = {"source", "来源"},
                               .help = {"where it came from: web, fair, referral …", "来源渠道"},
                               .aliases = "lead source|origin|来源渠道|线索来源|客户来源"};
inline constexpr Field kOwner{.name = "owner", .type = FieldType::reference, .label = {"owner", "负责人"},
                              .help = {"the user who looks after it; nobody: the shared pool", "负责人;无则在公海"},
                              .aliases = "owner name|assigned to|sales rep|salesperson|record owner|所属人|销售|跟进人|归属人",
                              .listed = true, .target = Kind::user};
inline constexpr Field kNote{.name = "note", .type = FieldType::note, .label = {"note", "备注"},
                             .help = {"free text", "备注"}, .aliases = "notes|description|comment|comments|remark|描述|说明",
                             .searchable = true};
inline constexpr Field kCompany{.name = "company", .type = FieldType::text, .label = {"company", "公司"},
                                .help = {"company", "公司名称"},
                                .aliases = "company name|organization|organisation|account|公司名称|单位|企业|企业名称", .searchable = true,
                                .listed = true};

consteval Field required(Field field) {
  field.required = true;
  return field;
}
consteval Field listed(Field field) {
  field.listed = true;
  return field;
}

// The subqueries of derived fields; `r` is the record's row. Kinds by number: 3 customer, 5 lead. Each is answered by
// the index followup_about (about_kind, about_id, at).
inline constexpr Field kLeadLastFollowup{
    .name = "last_followup_at", .type = FieldType::moment, .label = {"last follow-up", "最近跟进"},
    .help = {"when the latest follow-up happened", "最近一次跟进时间"}, .access = Access::closed,
    .derived = "(SELECT max(f.at) FROM followup f WHERE f.about_kind = 5 AND f.about_id = r.id AND f.deleted_at IS NULL)"};
inline constexpr Field kLeadNextFollowup{
    .name = "next_followup_at", .type = FieldType::moment, .label = {"next follow-up", "下次跟进"},
    .help = {"when the next open plan is due", "下次计划跟进时间"}, .access = Access::closed,
    .derived = "(SELECT min(f.due_at) FROM followup f WHERE f.about_kind = 5 AND f.about_id = r.id AND f.done_at IS NULL AND f.at IS NULL AND f.deleted_at IS NULL)"};
inline constexpr Field kLeadFollowupCount{
    .name = "followup_count", .type = FieldType::integer, .label = {"follow-ups", "跟进次数"},
    .help = {"how many follow-ups happened", "跟进次数"}, .access = Access::closed,
    .derived = "(SELECT count(f.at) FROM followup f WHERE f.about_kind = 5 AND f.about_id = r.id AND f.deleted_at IS NULL)"};
inline constexpr Field kLeadOverdue{
    .name = "overdue", .type = FieldType::boolean, .label = {"overdue", "逾期"},
    .help = {"whether an open plan's due time has passed", "是否有逾期计划"}, .access = Access::closed,
    .derived = "EXISTS (SELECT 1 FROM followup f WHERE f.about_kind = 5 AND f.about_id = r.id AND f.due_at < :now AND f.done_at IS NULL AND f.at IS NULL AND f.deleted_at IS NULL)"};
inline constexpr Field kCustomerLastFollowup{
    .name = "last_followup_at", .type = FieldType::moment, .label = {"last follow-up", "最近跟进"},
    .help = {"when the latest follow-up happened", "最近一次跟进时间"}, .access = Access::closed,
    .derived = "(SELECT max(f.at) FROM followup f WHERE f.about_kind = 3 AND f.about_id = r.id AND f.deleted_at IS NULL)"};
inline constexpr Field kCustomerNextFollowup{
    .name = "next_followup_at", .type = FieldType::moment, .label = {"next follow-up", "下次跟进"},
    .help = {"when the next open plan is due", "下次计划跟进时间"}, .access = Access::closed,
    .derived = "(SELECT min(f.due_at) FROM followup f WHERE f.about_kind = 3 AND f.about_id = r.id AND f.done_at IS NULL AND f.at IS NULL AND f.deleted_at IS NULL)"};
inline constexpr Field kCustomerFollowupCount{
    .name = "followup_count", .type = FieldType::integer, .label = {"follow-ups", "跟进次数"},
    .help = {"how many follow-ups happened", "跟进次数"}, .access = Access::closed,
    .derived = "(SELECT count(f.at) FROM followup f WHERE f.about_kind = 3 AND f.about_id = r.id AND f.deleted_at IS NULL)"};
inline constexpr Field kCustomerOverdue{
    .name = "overdue", .type = FieldType::boolean, .label = {"overdue", "逾期"},
    .help = {"whether an open plan's due time has passed", "是否有逾期计划"}, .access = Access::closed,
    .derived = "EXISTS (SELECT 1 FROM followup f WHERE f.about_kind = 3 AND f.about_id = r.id AND f.due_at < :now AND f.done_at IS NULL AND f.at IS NULL AND f.deleted_at IS NULL)"};
inline constexpr Field kFollowupOverdue{
    .name = "overdue", .type = FieldType::boolean, .label = {"overdue", "逾期"},
    .help = {"whether it is an open plan whose due time has passed", "是否逾期"}, .access = Access::closed,
    .derived = "(r.due_at IS NOT NULL AND r.due_at < :now AND r.done_at IS NULL AND r.at IS NULL)"};
inline constexpr Field kFollowupLate{
    .name = "late", .type = FieldType::boolean, .label = {"logged late", "迟录"},
    .help = {"whether it was logged more than 24 hours after it happened", "是否在发生24小时之后才记录"}, .access = Access::closed,
    .derived = "(r.at IS NOT NULL AND r.logged_at > r.at + 86400)"};
inline constexpr Field kAge{.name = "age", .type = FieldType::duration, .label = {"age", "存在时长"},
                            .help = {"time since it came to be", "创建至今的时长"}, .access = Access::closed,
                            .derived = "(:now - r.created_at)"};

inline constexpr Field kUserFields[] = {
    kId,
    {.name = "name", .type = FieldType::text, .label = {"name", "姓名"}, .help = {"the name used everywhere, unique", "姓名,唯一"},
     .aliases = "user|user name|username|full name|用户|用户名|员工", .required = true, .searchable = true, .listed = true},
    {.name = "login", .type = FieldType::text, .label = {"login", "登录名"},
     .help = {"name in the operating system; else the name", "操作系统登录名"}, .aliases = "account|登录|账号"},
    listed(kEmail),
    {.name = "team", .type = FieldType::reference, .label = {"team", "团队"}, .help = {"the team the user works in", "所属团队"},
     .aliases = "department|group|部门|小组", .listed = true, .target = Kind::team},
    {.name = "manager", .type = FieldType::reference, .label = {"manager", "上级"}, .help = {"the user's manager", "上级"},
     .aliases = "supervisor|主管|经理|直属上级", .listed = true, .target = Kind::user},
    {.name = "role", .type = FieldType::text, .label = {"role", "角色"}, .help = {"role, as the workflow file names it", "角色"},
     .aliases = "职位|职务", .listed = true},
    {.name = "timezone", .type = FieldType::text, .label = {"time zone", "时区"},
     .help = {"IANA time zone; else the workflow's", "时区"}, .aliases = "tz"},
    {.name = "language", .type = FieldType::choice, .label = {"language", "语言"}, .help = {"language of messages", "消息语言"},
     .choices = kLanguages},
    {.name = "active", .type = FieldType::boolean, .label = {"active", "在职"},
     .help = {"works here: gets records and messages", "是否在职"}, .aliases = "enabled|启用", .listed = true, .initial = "yes"},
    {.name = "absent_until", .type = FieldType::date, .label = {"absent until", "请假至"},
     .help = {"gets nothing before that day", "请假至该日"}, .aliases = "absent"},
    kRef,
    kTags,
    kCreatedAt,
    kUpdatedAt,
    kVersion,
};

inline constexpr Field kTeamFields[] = {
    kId,
    {.name = "name", .type = FieldType::text, .label = {"name", "名称"}, .help = {"the name used everywhere, unique", "名称,唯一"},
     .aliases = "team|team name|团队|部门|名称", .required = true, .searchable = true, .listed = true},
    {.name = "lead", .type = FieldType::reference, .label = {"lead", "负责人"}, .help = {"the user who leads it", "团队负责人"},
     .aliases = "leader|manager|主管|经理", .listed = true, .target = Kind::user},
    kRef,
    kTags,
    kCreatedAt,
    kUpdatedAt,
    kVersion,
};

inline constexpr Field kCustomerFields[] = {
    kId,
    {.name = "name", .type = FieldType::text, .label = {"name", "客户名称"}, .help = {"name of the company or person", "客户名称"},
     .aliases = "customer|customer name|account name|full name|姓名|名称|客户|客户姓名", .required = true, .searchable = true,
     .listed = true},
    {.name = "company", .type = FieldType::text, .label = {"company", "公司"}, .help = {"company, where the customer is a person", "所属公司"},
     .aliases = "company name|organization|organisation|公司名称|单位|企业|企业名称", .searchable = true},
    {.name = "type", .type = FieldType::choice, .label = {"type", "类型"}, .help = {"company or person", "公司或个人"},
     .aliases = "customer type|客户类型", .choices = kCustomerTypes},
    listed(kPhone),
    kEmail,
    {.name = "website", .type = FieldType::text, .label = {"website", "网址"}, .help = {"web address", "网址"},
     .aliases = "web|url|homepage|网站|官网", .searchable = true},
    {.name = "industry", .type = FieldType::text, .label = {"industry", "行业"}, .help = {"industry", "所属行业"},
     .aliases = "sector|所属行业|行业类别", .listed = true},
    listed(kRegion),
    {.name = "address", .type = FieldType::text, .label = {"address", "地址"}, .help = {"postal address", "地址"},
     .aliases = "street|详细地址|公司地址|联系地址", .searchable = true},
    {.name = "level", .type = FieldType::text, .label = {"level", "等级"}, .help = {"importance: A, B, C …", "客户等级"},
     .aliases = "grade|tier|rating|客户等级|级别|客户级别", .listed = true},
    {.name = "level_reason", .type = FieldType::text, .label = {"level reason", "等级原因"}, .help = {"why it has its level", "等级原因"}},
    {.name = "level_until", .type = FieldType::date, .label = {"level by hand until", "手工等级有效期"},
     .help = {"up to that day the level set by hand stays, whatever the workflow's table says", "手工设置的等级保留至该日"}},
    kSource,
    kOwner,
    {.name = "parent", .type = FieldType::reference, .label = {"parent", "上级客户"}, .help = {"the customer it belongs to", "上级客户"},
     .aliases = "parent account|parent customer|上级单位", .target = Kind::customer},
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

inline constexpr Field kContactFields[] = {
    kId,
    {.name = "name", .type = FieldType::text, .label = {"name", "姓名"}, .help = {"name of the person", "姓名"},
     .aliases = "contact|contact name|full name|联系人|联系人姓名", .required = true, .searchable = true, .listed = true},
    {.name = "customer", .type = FieldType::reference, .label = {"customer", "客户"}, .help = {"the customer the person works for", "所属客户"},
     .aliases = "account|company|account name|company name|公司|客户名称|公司名称|所属客户", .listed = true, .target = Kind::customer},
    {.name = "title", .type = FieldType::text, .label = {"title", "职务"}, .help = {"job title", "职务"},
     .aliases = "job title|position|职位|岗位", .searchable = true, .listed = true},
    {.name = "role", .type = FieldType::choice, .label = {"role", "角色"}, .help = {"part in the decision", "决策角色"},
     .aliases = "buying role|决策角色", .listed = true, .choices = kContactRoles},
    listed(kPhone),
    listed(kEmail),
    kWechat,
    {.name = "birthday", .type = FieldType::date, .label = {"birthday", "生日"}, .help = {"date of birth", "生日"},
     .aliases = "birth date|date of birth|出生日期"},
    kNote,
    kRef,
    kTags,
    kCreatedAt,
    kUpdatedAt,
    kVersion,
    kAge,
};

inline constexpr Field kLeadFields[] = {
    kId,
    {.name = "name", .type = FieldType::text, .label = {"name", "姓名"}, .help = {"name of the person; else the company's, else the reference", "姓名;未填则用公司名或外部编号"},
     .aliases = "lead|lead name|full name|contact name|线索|线索名称|客户姓名|名称", .required = true, .searchable = true, .listed = true},
    kCompany,
    {.name = "title", .type = FieldType::text, .label = {"title", "职务"}, .help = {"job title", "职务"},
     .aliases = "job title|position|职位|岗位", .searchable = true},
    kPhone,
    kEmail,
    kWechat,
    listed(kRegion),
    listed(kSource),
    {.name = "stage", .type = FieldType::stage, .label = {"stage", "阶段"}, .help = {"stage of the workflow", "销售阶段"},
     .aliases = "status|deal stage|lead status|状态|线索状态|销售阶段|跟进状态", .listed = true},
    {.name = "amount", .type = FieldType::money, .label = {"amount", "金额"}, .help = {"expected amount", "预计金额"},
     .aliases = "value|deal value|deal amount|revenue|预计金额|成交金额|商机金额", .listed = true},
    {.name = "currency", .type = FieldType::currency, .label = {"currency", "币种"},
     .help = {"ISO 4217 code; else the workflow's", "币种代码"}, .aliases = "货币"},
    kOwner,
    {.name = "team", .type = FieldType::reference, .label = {"team", "团队"}, .help = {"the team it belongs to", "所属团队"},
     .aliases = "department|部门|小组", .target = Kind::team},
    {.name = "score", .type = FieldType::integer, .label = {"score", "评分"}, .help = {"how promising, higher is better", "线索评分"},
     .aliases = "lead score|rating|得分|分数"},
    {.name = "score_until", .type = FieldType::date, .label = {"score by hand until", "手工评分有效期"},
     .help = {"up to that day the score set by hand stays, whatever the workflow's table says", "手工设置的评分保留至该日"}},
    {.name = "lost_reason", .type = FieldType::text, .label = {"lost reason", "丢单原因"}, .help = {"why it was lost", "丢单原因"},
     .aliases = "loss reason|reason lost|closed lost reason|输单原因|失败原因|流失原因"},
    kNote,
    {.name = "customer", .type = FieldType::reference, .label = {"customer", "客户"}, .help = {"the customer it became", "转化成的客户"},
     .access = Access::imported, .target = Kind::customer},
    {.name = "contact", .type = FieldType::reference, .label = {"contact", "联系人"}, .help = {"the contact it became", "转化成的联系人"},
     .access = Access::imported, .target = Kind::contact},
    kRef,
    kTags,
    kCreatedAt,
    kUpdatedAt,
    {.name = "assigned_at", .type = FieldType::moment, .label = {"assigned", "分配时间"},
     .help = {"when the present owner got it", "分配给现负责人的时间"}, .aliases = "assigned at|分配日期", .access = Access::imported},
    {.name = "stage_entered_at", .type = FieldType::moment, .label = {"in stage since", "进入阶段时间"},
     .help = {"when it came into its present stage", "进入当前阶段的时间"}, .aliases = "stage entered at|进入阶段日期",
     .access = Access::imported},
    {.name = "closed_at", .type = FieldType::moment, .label = {"closed", "关闭时间"},
     .help = {"when it reached a stage with an outcome", "成交或丢单时间"},
     .aliases = "closed at|close date|closed date|成交时间|成交日期|结束时间|关闭日期", .access = Access::imported},
    kVersion,
    kLeadLastFollowup,
    kLeadNextFollowup,
    kLeadFollowupCount,
    kLeadOverdue,
    kAge,
};

inline constexpr Field kFollowupFields[] = {
    kId,
    {.name = "about", .type = FieldType::record, .label = {"about", "关于"}, .help = {"the record: lead/42, customer/7", "所跟进的记录"},
     .aliases = "record|related to|regarding|关联|跟进对象|关联对象", .required = true, .listed = true, .column = "about_id"},
    {.name = "type", .type = FieldType::choice, .label = {"type", "方式"},
     .help = {"call, wechat, email, visit, meeting or other", "跟进方式"},
     .aliases = "channel|followup type|activity type|method|跟进方式|跟进类型|渠道|方式", .listed = true, .choices = kFollowupTypes},
    {.name = "at", .type = FieldType::moment, .label = {"happened", "跟进时间"}, .help = {"when it happened; a plan has none", "发生时间"},
     .aliases = "happened at|date|followup date|activity date|跟进日期|发生时间|联系时间", .listed = true},
    {.name = "logged_at", .type = FieldType::moment, .label = {"logged", "记录时间"}, .help = {"when it was entered", "录入时间"},
     .aliases = "logged at|entered at|录入日期", .access = Access::imported},
    {.name = "due_at", .type = FieldType::moment, .label = {"due", "计划时间"}, .help = {"when it is to happen", "计划跟进时间"},
     .aliases = "due|due at|due date|planned at|计划日期|截止时间|到期时间", .listed = true},
    {.name = "done_at", .type = FieldType::moment, .label = {"done", "完成时间"}, .help = {"when the plan was settled", "完成时间"},
     .aliases = "done|done at|completed at|完成日期", .access = Access::imported},
    {.name = "snoozed_until", .type = FieldType::moment, .label = {"snoozed until", "暂缓提醒至"},
     .help = {"nobody is reminded of the plan before that", "在此之前不提醒"}, .aliases = "snoozed until", .access = Access::imported},
    {.name = "acknowledged_at", .type = FieldType::moment, .label = {"acknowledged", "已知悉时间"},
     .help = {"when its owner said that they know: nobody is reminded until it is rescheduled", "负责人确认知悉的时间"},
     .aliases = "acknowledged at", .access = Access::imported},
    listed(kOwner),
    {.name = "outcome", .type = FieldType::text, .label = {"outcome", "结果"}, .help = {"what came of it", "跟进结果"},
     .aliases = "result|跟进结果", .searchable = true, .listed = true},
    {.name = "note", .type = FieldType::note, .label = {"note", "内容"}, .help = {"what was said", "跟进内容"},
     .aliases = "notes|content|description|comment|comments|备注|跟进内容|跟进记录", .searchable = true, .listed = true},
    kRef,
    kTags,
    kCreatedAt,
    kUpdatedAt,
    kVersion,
    kFollowupOverdue,
    kFollowupLate,
};

inline constexpr Field kStageChangeFields[] = {
    kId,
    {.name = "record", .type = FieldType::record, .label = {"record", "记录"}, .help = {"the record that moved: lead/42", "所属记录"},
     .required = true, .listed = true, .column = "record_id"},
    {.name = "from", .type = FieldType::stage, .label = {"from", "原阶段"}, .help = {"the stage it left; none at first", "原阶段"},
     .aliases = "from_stage|from stage|old stage|previous stage", .listed = true, .column = "from_stage"},
    {.name = "to", .type = FieldType::stage, .label = {"to", "新阶段"}, .help = {"the stage it came into", "新阶段"},
     .aliases = "to_stage|to stage|new stage|stage", .required = true, .listed = true, .column = "to_stage"},
    {.name = "at", .type = FieldType::moment, .label = {"at", "时间"}, .help = {"when it moved", "变更时间"},
     .aliases = "changed_at|changed at|date|变更日期", .required = true, .listed = true},
    {.name = "by", .type = FieldType::reference, .label = {"by", "操作人"}, .help = {"who moved it", "操作人"},
     .aliases = "changed by|user|owner|变更人", .listed = true, .target = Kind::user, .column = "by_user"},
    kRef,
    kCreatedAt,
    kUpdatedAt,
    kVersion,
};

// A person's word on being written to, one statement each: the latest counts.
inline constexpr Field kConsentFields[] = {
    kId,
    {.name = "about", .type = FieldType::record, .label = {"about", "关于"}, .help = {"the person: contact/7, lead/42, customer/3", "相关人员"},
     .aliases = "record|person|关联", .listed = true, .column = "about_id"},
    {.name = "address", .type = FieldType::email, .label = {"address", "地址"}, .help = {"the e-mail address that it holds for", "适用的邮箱地址"},
     .aliases = "email|e-mail|e-mail address|email address|邮箱", .listed = true},
    {.name = "purpose", .type = FieldType::text, .label = {"purpose", "用途"},
     .help = {"what for: newsletter, offers …; 'contact' stands for any contact", "用途;contact 表示任何联系"}, .aliases = "topic|list|用途",
     .required = true, .listed = true},
    {.name = "state", .type = FieldType::choice, .label = {"state", "状态"}, .help = {"given or withdrawn", "同意或撤回"},
     .aliases = "consent|status|状态", .required = true, .listed = true, .choices = kConsentStates},
    {.name = "at", .type = FieldType::moment, .label = {"at", "时间"}, .help = {"when it was said", "表示的时间"},
     .aliases = "date|given at|withdrawn at|日期", .required = true, .listed = true},
    {.name = "evidence", .type = FieldType::note, .label = {"evidence", "凭据"}, .help = {"how it is known: form, mail, call …", "凭据"},
     .aliases = "proof|source|note|凭证|来源", .listed = true},
    {.name = "by", .type = FieldType::reference, .label = {"by", "操作人"}, .help = {"who entered it", "录入人"},
     .aliases = "user|录入人", .listed = true, .target = Kind::user, .column = "by_user"},
    kRef,
    kCreatedAt,
    kUpdatedAt,
    kVersion,
};

inline constexpr Entity kEntities[] = {
    {Kind::user, "user", "user", "", {"user", "用户"}, {"users", "用户"}, kUserFields},
    {Kind::team, "team", "team", "", {"team", "团队"}, {"teams", "团队"}, kTeamFields},
    {Kind::customer, "customer", "customer", "account", {"customer", "客户"}, {"customers", "客户"}, kCustomerFields},
    {Kind::contact, "contact", "contact", "", {"contact", "联系人"}, {"contacts", "联系人"}, kContactFields},
    {Kind::lead, "lead", "lead", "", {"lead", "线索"}, {"leads", "线索"}, kLeadFields, true},
    {Kind::followup, "followup", "followup", "fu", {"follow-up", "跟进"}, {"follow-ups", "跟进"}, kFollowupFields},
    {Kind::stage_change, "stage-change", "stage_change", "", {"stage change", "阶段变更"}, {"stage changes", "阶段变更"},
     kStageChangeFields, false, false},
    {Kind::consent, "consent", "consent", "", {"consent", "同意记录"}, {"consents", "同意记录"}, kConsentFields, false, false},
};

consteval bool numbered_in_order() {
  for (std::size_t i = 0; i < std::size(kEntities); ++i) {
    if (static_cast<std::size_t>(kEntities[i].kind) != i + 1) return false;
  }
  return true;
}
static_assert(numbered_in_order(), "entity(Kind) indexes the table by the kind's number");

}  // namespace crm::descriptors

namespace crm {

// The place of a built-in field in its kind's fields. A name that the kind does not have fails the build.
template <Kind kind>
consteval std::size_t field(std::string_view name) {
  const auto fields = descriptors::kEntities[static_cast<std::size_t>(kind) - 1].fields;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == name) return i;
  }
  throw "no such field";
}

}  // namespace crm
