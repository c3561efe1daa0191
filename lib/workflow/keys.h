// The keys of a workflow file, map by map. The JSON Schema (schemas/workflow.schema.json) is held against
// these by a test.
#pragma once

#include <span>
#include <string_view>

namespace crm {

// The keys of one kind of map.
struct MapKeys {
  std::string_view definition;  // its name under $defs in the JSON Schema; empty: the file itself
  std::span<const std::string_view> known;
  std::span<const std::string_view> later = {};  // of the language, but not of this version
};

namespace workflow_keys {

inline constexpr std::string_view kFileNames[] = {
    "workflow",  "description", "timezone", "country", "currency", "calendar", "fields",
    "stages",    "validate",    "assign",   "score",   "level",    "pool",     "reminders",
    "templates", "dedupe",      "roles",    "history", "rules",    "sla",      "approvals"};
inline constexpr std::string_view kCalendarNames[] = {"hours", "holidays", "workdays"};
inline constexpr std::string_view kFieldNames[] = {"type",    "label",   "help",      "to",
                                                   "choices", "default", "sensitive", "searchable",
                                                   "listed",  "mask",    "check"};
inline constexpr std::string_view kLabelNames[] = {"en", "zh"};
inline constexpr std::string_view kChoiceNames[] = {"name", "label"};
inline constexpr std::string_view kStageNames[] = {"name", "label",   "within",     "requires",
                                                   "from", "outcome", "probability"};
inline constexpr std::string_view kValidationNames[] = {"check", "message"};
inline constexpr std::string_view kReminderNames[] = {"name",  "for",     "when",     "to",      "every",
                                                      "hours", "channel", "template", "escalate"};
inline constexpr std::string_view kEscalationNames[] = {"after", "to"};
inline constexpr std::string_view kTemplateNames[] = {"subject", "body", "html"};
inline constexpr std::string_view kAssignmentNames[] = {"when", "to",      "by",   "weights",
                                                        "cap",  "per-day", "same", "else"};
inline constexpr std::string_view kScoreRowNames[] = {"when", "points"};
inline constexpr std::string_view kLevelRowNames[] = {"when", "level", "reason"};
inline constexpr std::string_view kPoolNames[] = {"claims-per-day", "hold", "cooling-off", "recycle",
                                                  "template"};
inline constexpr std::string_view kRecycleNames[] = {"when", "after", "warn"};
inline constexpr std::string_view kDedupeNames[] = {"same", "similar", "threshold"};
inline constexpr std::string_view kRoleNames[] = {"see", "edit", "reveal", "as"};

inline constexpr std::string_view kRuleNames[] = {"name", "on",    "every",   "for",
                                                  "when", "again", "backlog", "do"};
inline constexpr std::string_view kActionNames[] = {"set",    "tag",     "untag",           "stage",
                                                    "assign", "release", "followup",        "create",
                                                    "notify", "webhook", "require-approval"};
inline constexpr std::string_view kFollowupNames[] = {"type", "due", "note", "owner"};
inline constexpr std::string_view kCreateNames[] = {"kind", "set"};
inline constexpr std::string_view kNotifyNames[] = {"to", "template", "channel"};
inline constexpr std::string_view kWebhookNames[] = {"channel", "fields"};
inline constexpr std::string_view kSlaNames[] = {"when", "respond", "resolve", "pause", "escalate"};
inline constexpr std::string_view kSlaStepNames[] = {"at", "to", "template"};
inline constexpr std::string_view kApprovalNames[] = {"name", "on",       "when",      "by",
                                                      "own",  "deadline", "fast-track"};
inline constexpr std::string_view kApproversNames[] = {"in-order", "any-of", "all-of"};
inline constexpr std::string_view kDeadlineNames[] = {"after", "to"};
inline constexpr std::string_view kFastTrackNames[] = {"role", "reason"};

inline constexpr MapKeys kFile = {"", kFileNames};
inline constexpr MapKeys kField = {"field", kFieldNames};
inline constexpr MapKeys kLabel = {"label", kLabelNames};
inline constexpr MapKeys kChoice = {"choice", kChoiceNames};
inline constexpr MapKeys kStage = {"stage", kStageNames};
inline constexpr MapKeys kValidation = {"validation", kValidationNames};
inline constexpr MapKeys kReminder = {"reminder", kReminderNames};
inline constexpr MapKeys kEscalation = {"escalation", kEscalationNames};
inline constexpr MapKeys kTemplate = {"template", kTemplateNames};
inline constexpr MapKeys kCalendar = {"calendar", kCalendarNames};
inline constexpr MapKeys kAssignment = {"assignment", kAssignmentNames};
inline constexpr MapKeys kScoreRow = {"scoreRow", kScoreRowNames};
inline constexpr MapKeys kLevelRow = {"levelRow", kLevelRowNames};
inline constexpr MapKeys kPool = {"pool", kPoolNames};
inline constexpr MapKeys kRecycle = {"recycle", kRecycleNames};
inline constexpr MapKeys kDedupe = {"dedupe", kDedupeNames};
inline constexpr MapKeys kRole = {"role", kRoleNames};
inline constexpr MapKeys kRule = {"rule", kRuleNames};
inline constexpr MapKeys kAction = {"action", kActionNames};
inline constexpr MapKeys kFollowup = {"plannedFollowup", kFollowupNames};
inline constexpr MapKeys kCreate = {"newRecord", kCreateNames};
inline constexpr MapKeys kNotify = {"notification", kNotifyNames};
inline constexpr MapKeys kWebhook = {"webhook", kWebhookNames};
inline constexpr MapKeys kSla = {"sla", kSlaNames};
inline constexpr MapKeys kSlaStep = {"slaStep", kSlaStepNames};
inline constexpr MapKeys kApproval = {"approval", kApprovalNames};
inline constexpr MapKeys kApprovers = {"approvers", kApproversNames};
inline constexpr MapKeys kDeadline = {"deadline", kDeadlineNames};
inline constexpr MapKeys kFastTrack = {"fastTrack", kFastTrackNames};

inline constexpr MapKeys kAll[] = {kFile,     kField,      kLabel,     kChoice,   kStage,      kValidation,
                                   kReminder, kEscalation, kTemplate,  kCalendar, kAssignment, kScoreRow,
                                   kLevelRow, kPool,       kRecycle,   kDedupe,   kRole,       kRule,
                                   kAction,   kFollowup,   kCreate,    kNotify,   kWebhook,    kSla,
                                   kSlaStep,  kApproval,   kApprovers, kDeadline, kFastTrack};

// Words for what a key may hold; enumerations of the JSON Schema.
inline constexpr std::string_view kFieldTypes[] = {
    "text", "note", "integer", "boolean", "money", "date", "moment", "choice", "phone", "email", "reference"};
inline constexpr std::string_view kOutcomes[] = {"won", "lost"};
inline constexpr std::string_view kMethods[] = {"round-robin", "least-open", "weighted", "first"};
inline constexpr std::string_view kElse[] = {"next", "pool"};
inline constexpr std::string_view kScopes[] = {"none", "own", "team", "all"};
inline constexpr std::string_view kBacklogs[] = {"act", "skip"};
inline constexpr std::string_view kReasons[] = {"required", "optional"};

}  // namespace workflow_keys
}  // namespace crm
