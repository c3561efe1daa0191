#include "reminders/matching_rows.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "base/text.h"
#include "crm/error.h"
#include "filter/check.h"
#include "filter/parse.h"
#include "outbox/digest_names.h"
#include "outbox/plain_text.h"
#include "records/conditions.h"
#include "records/filter_context.h"
#include "records/old_values.h"
#include "records/record_values.h"
#include "records/session_state.h"
#include "records/write_record.h"

namespace crm {
namespace {

// The numbers of the parameters before the condition's.
constexpr int kFirstValue = 3;  // $1 is now, $2 the owner

bool has_field(const Entity& entity, std::string_view name) {
  return std::any_of(entity.fields.begin(), entity.fields.end(),
                     [&](const Field& field) { return field.name == name; });
}

// A column of the record that a follow-up is about; NULL where its kind has no such field.
std::string of_subject(std::string_view column, std::string_view field) {
  std::string sql = "(CASE r.about_kind";
  for (const Entity& entity : entities()) {
    if (entity.kind == Kind::user || entity.kind == Kind::team || !has_field(entity, field)) continue;
    sql += " WHEN " + std::to_string(static_cast<int>(entity.kind)) + " THEN (SELECT s." +
           std::string(column) + " FROM \"" + std::string(entity.table) + "\" s WHERE s.id = r.about_id)";
  }
  return sql + " END)";
}

std::string choice_label(const Field& field, std::string_view name, bool chinese) {
  for (const Choice& choice : field.choices) {
    if (choice.name != name) continue;
    const std::string_view label = chinese ? choice.label.zh : choice.label.en;
    return std::string(label.empty() ? name : label);
  }
  return std::string(name);
}

bool looks_at(const ConditionNode& node, std::string_view field) {
  return (node.kind == NodeKind::field && node.field->name == field) ||
         std::any_of(node.parts.begin(), node.parts.end(),
                     [&](const ConditionNode& part) { return looks_at(part, field); });
}

std::string joined(std::span<const std::string_view> items) {
  std::string out;
  for (const std::string_view item : items) out += (out.empty() ? "" : ", ") + std::string(item);
  return out;
}

}  // namespace

MatchingRows::MatchingRows(Session& session, const Reminder& reminder,
                           const std::set<std::string, std::less<>>& names)
    : session_(session), view_(session.view(reminder.kind)), followup_(reminder.kind == Kind::followup) {
  select_fields(names);
  condition_ = rendered(condition_at(reminder, session.now()));
  if (reminder.escalate_to.empty()) return;
  const auto after = parse_duration(reminder.escalate_after);
  if (!after) return;
  escalated_ = condition_at(reminder, session.now() - *after);
  escalation_ = rendered(*escalated_);
}

void MatchingRows::select_fields(const std::set<std::string, std::less<>>& names) {
  std::vector<const Field*> fields;
  for (const Field* field : view_.fields()) {
    // The id is always among them: a select list is never empty.
    if (field->name != "id" && (names.count(field->name) == 0 || !field->name_of.empty())) continue;
    slots_.push_back({field, fields.size()});
    fields.push_back(field);
  }
  presenter_.emplace(session_, view_, fields, "$1");
  select_ = "SELECT " + presenter_->select();
  own_ = presenter_->width();
  for (Slot& slot : slots_) {
    if (slot.field->type != FieldType::moment) continue;
    slot.moment = own_++;
    select_ += ", " + field_sql(*slot.field, "$1");
  }
  const bool has_team = view_.find("team") != nullptr;
  const bool names_subject = followup_ && names.count("about_name") > 0;
  select_ += ", r.id, " + std::string(followup_ ? "r.due_at" : "NULL") + ", " +
             (followup_  ? of_subject("team", "team")
              : has_team ? "r.team"
                         : "NULL") +
             ", " + (names_subject ? of_subject("name", "name") : "NULL") + " FROM \"" +
             std::string(view_.entity().table) + "\" r WHERE ";
}

Condition MatchingRows::condition_at(const Reminder& reminder, Moment moment) const {
  FilterContext context = filter_context(session_, reminder.kind);
  context.now = moment;
  context.me.reset();
  return check_expression(parse_expression(reminder.when), context);
}

std::string MatchingRows::rendered(const Condition& condition) {
  SqlCondition sql = render(condition, kFirstValue + static_cast<int>(values_.size()));
  std::move(sql.params.begin(), sql.params.end(), std::back_inserter(values_));
  return sql.sql;
}

void MatchingRows::each(const Person* owner, bool escalated, const Reader& reader,
                        FunctionRef<void(MatchingRow&&)> visit) {
  std::string sql = select_ + (owner != nullptr ? "r.owner = $2" : "r.owner IS NULL") +
                    " AND r.deleted_at IS NULL AND " + condition_;
  if (escalated) sql += " AND " + escalation_;
  if (followup_) {
    sql += " AND (r.snoozed_until IS NULL OR r.snoozed_until <= $1) AND r.acknowledged_at IS NULL AND NOT " +
           field_sql(*view_.find("about_deleted"), "$1");
  }
  sql += followup_ ? " ORDER BY r.due_at, r.id" : " ORDER BY r.id";
  std::vector<Param> params = {now_seconds(session_), owner != nullptr ? Param(owner->id) : Param()};
  for (const Value& value : values_) params.emplace_back(value);
  std::vector<MatchingRow> found;
  session_.state().connection->query_guarded(sql, params, [&](const Row& row) {
    if (escalated) {
      found.push_back(read(row, owner, reader));
    } else {
      visit(read(row, owner, reader));
    }
    return true;
  });
  for (MatchingRow& row : found) {
    if (has_matched_throughout(row.id)) visit(std::move(row));
  }
}

bool MatchingRows::has_matched_throughout(std::int64_t id) const {
  auto record = find_record(session_, {view_.kind(), id});
  const std::int64_t since = escalated_->now.time_since_epoch().count();
  const auto is_later = [&](std::string_view field) {
    const std::size_t at = view_.position(field);
    return at != KindView::npos && record->integer(at).value_or(since) > since;
  };
  // A plan is as old as the moments that it names, whenever it was entered.
  if (!record || (!followup_ && is_later("created_at"))) return false;
  if (looks_at(escalated_->root, "stage") && is_later("stage_entered_at")) return false;
  std::vector<std::string> changes;  // newest first
  const Param params[] = {static_cast<std::int64_t>(view_.kind()), id, since};
  session_.state().connection->each(
      "SELECT e.old FROM event e JOIN change c ON c.id = e.change WHERE e.kind = $1 AND e.record = $2 AND "
      "coalesce(e.acted_at, c.acted_at) > $3 AND e.old IS NOT NULL ORDER BY e.id DESC",
      params, [&](const Row& row) { changes.emplace_back(row.text(0)); });
  const TableShape& shape = session_.state().shape(session_, view_.kind());
  return std::all_of(changes.begin(), changes.end(), [&](const std::string& old) {
    apply_old_values(shape, old, *record);
    return holds(*escalated_, RecordValues(session_, *record, RecordValues::Derived::stored));
  });
}

MatchingRow MatchingRows::read(const Row& row, const Person* owner, const Reader& reader) {
  MatchingRow result;
  result.id = row.integer(own_);
  result.due = row.integer(own_ + 1);
  result.team = row.optional_integer(own_ + 2);
  auto& texts = result.scope.texts;
  const std::span<const Cell> cells = presenter_->cells(row);
  for (const Slot& slot : slots_) texts.emplace(slot.field->name, shown(slot, row, cells[slot.cell], reader));
  texts.emplace("record", to_string(RecordId{view_.kind(), result.id}));
  texts.emplace("about_name", one_line(row.text(own_ + 3)));
  texts.emplace("overdue_by",
                followup_ && !row.is_null(own_ + 1) ? overdue_by(result.due, reader.chinese) : std::string());
  texts.emplace("whose", owner != nullptr && owner->id != reader.id ? one_line(owner->name) : std::string());
  return result;
}

std::string MatchingRows::shown(const Slot& slot, const Row& row, const Cell& cell, const Reader& reader) {
  if (cell.type == CellType::null) return {};
  if (reader.concealed.count(slot.field->name) > 0)
    return text_without(reader.concealed, *slot.field, one_line(cell.text));
  if (slot.moment >= 0)
    return format_moment_short(Moment(std::chrono::seconds(row.integer(slot.moment))), reader.zone);
  if (cell.type == CellType::list) return one_line(joined(cell.items));
  if (slot.field->type == FieldType::choice)
    return one_line(choice_label(*slot.field, cell.text, reader.chinese));
  return one_line(cell.text);
}

std::string MatchingRows::overdue_by(std::int64_t due, bool chinese) const {
  constexpr std::int64_t kMinute = 60;
  constexpr std::int64_t kHour = 60 * kMinute;
  constexpr std::int64_t kDay = 24 * kHour;
  const std::int64_t late = now_seconds(session_) - due;
  if (late < 0) return {};
  const auto [unit, en, zh] = late >= kDay    ? std::tuple(kDay, " day", " 天")
                              : late >= kHour ? std::tuple(kHour, " hour", " 小时")
                                              : std::tuple(kMinute, " minute", " 分钟");
  const std::int64_t count = late / unit;
  if (chinese) return std::to_string(count) + zh;
  return std::to_string(count) + en + (count == 1 ? "" : "s");
}

}  // namespace crm
