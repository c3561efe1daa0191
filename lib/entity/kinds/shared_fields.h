// What several kinds have.
#pragma once

#include "crm/kind.h"

namespace crm::descriptors {

// What most kinds share.
inline constexpr Field kId{.name = "id",
                           .type = FieldType::integer,
                           .label = {"ID", "编号"},
                           .help = {"number of the record, from 1 for each kind", "记录编号"},
                           .access = Access::imported,
                           .listed = true};
inline constexpr Field kRef{
    .name = "ref",
    .type = FieldType::refs,
    .label = {"reference", "外部编号"},
    .help = {"reference SOURCE/KEY in another system", "其他系统中的编号,形如 来源/编号"},
    .aliases = "external id|external reference|refs"};
inline constexpr Field kTags{.name = "tags",
                             .type = FieldType::tags,
                             .label = {"tags", "标签"},
                             .help = {"tags, separated by ';'", "标签,以 ; 分隔"},
                             .aliases = "tag|labels"};
inline constexpr Field kCreatedAt{
    .name = "created_at",
    .type = FieldType::moment,
    .label = {"created", "创建时间"},
    .help = {"when the record came to be", "创建时间"},
    .aliases = "created at|create time|creation date|created date|createdate|创建日期|录入时间",
    .access = Access::imported};
inline constexpr Field kUpdatedAt{
    .name = "updated_at",
    .type = FieldType::moment,
    .label = {"updated", "更新时间"},
    .help = {"when it was last changed", "最后修改时间"},
    .aliases = "updated at|modified|last modified|modified date|修改时间|最后修改时间",
    .access = Access::imported};
inline constexpr Field kVersion{.name = "version",
                                .type = FieldType::integer,
                                .label = {"version", "版本"},
                                .help = {"counts the changes of the record, for --if-version", "版本号"},
                                .access = Access::closed};
inline constexpr Field kPhone{
    .name = "phone",
    .type = FieldType::phone,
    .label = {"phone", "电话"},
    .help = {"phone number, in any usual form", "电话号码"},
    .aliases = "mobile|mobile phone|phone number|telephone|tel|cell|手机|手机号|手机号码|联系电话|电话号码",
    .searchable = true};
inline constexpr Field kEmail{.name = "email",
                              .type = FieldType::email,
                              .label = {"e-mail", "邮箱"},
                              .help = {"e-mail address", "电子邮箱"},
                              .aliases = "email address|mail|e-mail address|电子邮箱|电子邮件|邮件|邮箱地址",
                              .searchable = true};
inline constexpr Field kWechat{.name = "wechat",
                               .type = FieldType::text,
                               .label = {"WeChat", "微信"},
                               .help = {"WeChat ID", "微信号"},
                               .aliases = "weixin|wechat id|微信号",
                               .searchable = true};
inline constexpr Field kRegion{.name = "region",
                               .type = FieldType::text,
                               .label = {"region", "地区"},
                               .help = {"region or province", "地区或省份"},
                               .aliases = "province|state|省份|省|区域|所在地区|地域"};
inline constexpr Field kSource{.name = "source",
                               .type = FieldType::text,
                               .label = {"source", "来源"},
                               .help = {"where it came from: web, fair, referral …", "来源渠道"},
                               .aliases = "lead source|origin|来源渠道|线索来源|客户来源"};
inline constexpr Field kOwner{
    .name = "owner",
    .type = FieldType::reference,
    .label = {"owner", "负责人"},
    .help = {"the user who looks after it; nobody: the shared pool", "负责人;无则在公海"},
    .aliases = "owner name|assigned to|sales rep|salesperson|record owner|所属人|销售|跟进人|归属人",
    .listed = true,
    .target = Kind::user};
inline constexpr Field kNote{.name = "note",
                             .type = FieldType::note,
                             .label = {"note", "备注"},
                             .help = {"free text", "备注"},
                             .aliases = "notes|description|comment|comments|remark|描述|说明",
                             .searchable = true};
inline constexpr Field kCompany{
    .name = "company",
    .type = FieldType::text,
    .label = {"company", "公司"},
    .help = {"company", "公司名称"},
    .aliases = "company name|organization|organisation|account|公司名称|单位|企业|企业名称",
    .searchable = true,
    .listed = true};

consteval Field required(Field field) {
  field.required = true;
  return field;
}
consteval Field listed(Field field) {
  field.listed = true;
  return field;
}

inline constexpr Field kAge{.name = "age",
                            .type = FieldType::duration,
                            .label = {"age", "存在时长"},
                            .help = {"time since it came to be", "创建至今的时长"},
                            .access = Access::closed,
                            .derived = "(:now - r.created_at)"};

}  // namespace crm::descriptors
