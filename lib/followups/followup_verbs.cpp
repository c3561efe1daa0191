#include <algorithm>

#include "base/text.h"
#include "crm/error.h"
#include "crm/followups.h"
#include "entity/descriptors.h"
#include "followups/followup_fields.h"
#include "followups/followup_rules.h"
#include "records/read_value.h"
#include "records/write_record.h"

namespace crm {
namespace {

using namespace followup_fields;

const Field& followup_field(Session& session, std::size_t position) {
  return *session.view(Kind::followup).fields()[position];
}

bool names(const std::vector<FieldText>& fields, std::string_view name) {
  return std::any_of(fields.begin(), fields.end(),
                     [&](const FieldText& field) { return field.field == name && !field.text.empty(); });
}

std::string user_name(Session& session, std::optional<std::int64_t> user) {
  return user ? session.state().name_of(Kind::user, *user) : std::string();
}

// An open plan, or Error: it may be settled already, or be a talk that happened.
StoredRecord load_open_plan(Session& session, RecordId id) {
  StoredRecord plan = load_record(session, id);
  if (is_null(plan[kDueAt]) || (!is_null(plan[kAt]) && is_null(plan[kDoneAt]))) {
    throw Error(ErrorCode::conflict, to_string(id) + " is no plan: it records a talk that happened",
                "list open plans with 'crm followup agenda'")
        .about_record(to_string(id));
  }
  if (!is_null(plan[kDoneAt])) {
    throw Error(ErrorCode::conflict, to_string(id) + " is settled already",
                "list open plans with 'crm followup agenda'")
        .about_record(to_string(id));
  }
  return plan;
}

template <typename Change>
WriteResult change_plan(Session& session, RecordId id, std::string_view verb, Change&& change) {
  Write write(session);
  const StoredRecord before = load_open_plan(session, id);
  begin_verb(session, id, verb);
  StoredRecord after = before;
  change(after);
  const bool changed = update_record(session, before, after, Action::edit, Origin::command);
  write.commit();
  return {id, changed ? Written::updated : Written::unchanged};
}

void set_texts(Session& session, StoredRecord& record, const std::vector<FieldText>& fields) {
  const KindView& view = session.view(Kind::followup);
  for (const FieldText& text : fields) {
    const std::size_t position = view.position(text.field);
    if (position == KindView::npos)
      throw Error(ErrorCode::invalid, "follow-ups have no field " + quoted(text.field))
          .about_field(text.field);
    record[position] = read_value(session, {view.fields()[position], text.text, {}, nullptr});
  }
}

}  // namespace

LoggedFollowup log_followup(Session& session, const LogFollowup& log) {
  Write write(session);
  LoggedFollowup result;
  std::vector<FieldText> fields = log.fields;
  fields.push_back({"about", to_string(log.about)});
  if (!names(fields, "at")) fields.push_back({"at", "now"});
  if (!names(fields, "type")) fields.push_back({"type", "other"});
  if (!names(fields, "owner")) {
    const auto me = find_own_user(session);
    fields.push_back({"owner", user_name(session, me ? me : owner_of_subject(session, log.about))});
  }
  // What is settled is looked for first: the talk itself is no plan, but a plan named by --plan must be open.
  std::optional<RecordId> plan =
      log.plan ? std::optional(RecordId{Kind::followup, *log.plan}) : oldest_open_plan(session, log.about);
  if (log.keep_plan) plan.reset();
  if (log.plan && load_open_plan(session, *plan).text(kAbout) != to_string(log.about)) {
    throw Error(ErrorCode::invalid,
                to_string(*plan) + " is a plan about another record than " + to_string(log.about),
                "list open plans with 'crm followup agenda'")
        .about_record(to_string(*plan));
  }
  result.followup = add(session, Kind::followup, fields).record;
  const StoredRecord talk = load_record(session, result.followup);
  const std::int64_t at = talk.integer(kAt).value_or(0);
  if (plan) {
    settle_plan(session, *plan, at, Origin::command);
    result.completed = plan;
  }
  if (!log.next.empty()) {
    const Value due = read_value(session, {&followup_field(session, kDueAt), log.next, {}, nullptr});
    if (is_closed(session, log.about)) {
      session.notice(to_string(log.about) + " is closed: nothing was planned");
    } else {
      StoredRecord next = talk;
      if (const auto owner = owner_of_subject(session, log.about)) next[kOwner] = *owner;
      result.next = plan_next(session, next, *integer_of(due), Origin::command);
    }
  }
  write.commit();
  return result;
}

WriteResult plan_followup(Session& session, RecordId about, std::vector<FieldText> fields) {
  Write write(session);
  if (is_closed(session, about)) throw closed_to_plans(about);
  if (!names(fields, "due_at"))
    throw Error(ErrorCode::invalid, "a plan needs a time", "give it with --due +3d").about_field("due_at");
  fields.push_back({"about", to_string(about)});
  if (!names(fields, "owner")) {
    auto owner = owner_of_subject(session, about);
    // What a rule plans is nobody's own plan, such as that of the account that cron runs under.
    if (!owner && session.state().rule.empty()) owner = find_own_user(session);
    fields.push_back({"owner", user_name(session, owner)});
  }
  const WriteResult result = add(session, Kind::followup, fields);
  begin_verb(session, result.record, "plan");
  write.commit();
  return result;
}

WriteResult complete_followup(Session& session, RecordId id, std::vector<FieldText> fields) {
  return change_plan(session, id, "done", [&](StoredRecord& plan) {
    if (!names(fields, "at")) fields.push_back({"at", "now"});
    set_texts(session, plan, fields);
    plan[kDoneAt] = plan[kAt];
  });
}

WriteResult reschedule_followup(Session& session, RecordId id, const std::string& due) {
  return change_plan(session, id, "reschedule", [&](StoredRecord& plan) {
    set_texts(session, plan, {{"due_at", due}});
    plan[kSnoozedUntil] = {};
    plan[kAcknowledgedAt] = {};
  });
}

WriteResult snooze_followup(Session& session, RecordId id, const std::string& until) {
  return change_plan(session, id, "snooze", [&](StoredRecord& plan) {
    set_texts(session, plan, {{"snoozed_until", until}});
    if (plan.integer(kSnoozedUntil).value_or(0) <= now_seconds(session)) {
      throw Error(ErrorCode::invalid, quoted(until) + " has passed",
                  "give a moment to come: +2h, tomorrow, 2026-03-09")
          .about_field("snoozed_until");
    }
  });
}

WriteResult acknowledge_followup(Session& session, RecordId id) {
  return change_plan(session, id, "acknowledge", [&](StoredRecord& plan) {
    if (is_null(plan[kAcknowledgedAt])) plan[kAcknowledgedAt] = now_seconds(session);
  });
}

WriteResult cancel_followup(Session& session, RecordId id, const std::string& reason) {
  return change_plan(session, id, "cancel", [&](StoredRecord& plan) {
    plan[kDoneAt] = now_seconds(session);
    plan[kOutcome] = reason.empty() ? std::string("cancelled") : reason;
  });
}

ListResult list_plans(Session& session, const PlanQuery& plans, RowSink& sink) {
  ListQuery query = plans.query;
  query.kind = Kind::followup;
  query.subject_names = true;
  const auto add_condition = [&](const std::string& condition) {
    query.selection.where =
        query.selection.where.empty() ? condition : "(" + query.selection.where + ") and " + condition;
  };
  add_condition("due_at is not null and done_at is null and at is null and not about_deleted");
  const TimeZone& zone = session.zone();
  const LocalTime today = zone.to_local(session.now());
  const auto day = [&](int ahead) {
    const Date date = std::chrono::sys_days(today.date) + std::chrono::days(ahead);
    return "'" + format_moment(zone.to_moment({date, std::chrono::seconds(0)}), zone) + "'";
  };
  switch (plans.list) {
    case PlanList::overdue:
      add_condition("due_at < now");
      break;
    case PlanList::due:
      add_condition("due_at < " + day(1));
      break;
    case PlanList::agenda:
      add_condition("due_at < " + day(plans.days));
      break;
  }
  if (!plans.owner.empty()) {
    const std::string name = session.state().name_of(Kind::user, require_user(session, plans.owner));
    query.selection.terms.push_back("owner=" + name);
  }
  if (query.sort.empty()) query.sort = {"due_at"};
  return list(session, query, sink);
}

}  // namespace crm
