// Follow-ups: talks that happened and plans to talk. Each verb is one step of the surrounding Write, or a
// Write of its own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crm/export.h"
#include "crm/records.h"

namespace crm {

struct LoggedFollowup {
  RecordId followup;
  std::optional<RecordId> completed;  // the plan that it settled
  std::optional<RecordId> next;       // the plan that it made
};

struct LogFollowup {
  RecordId about;
  std::vector<FieldText>
      fields;        // type, at (default: now), note, outcome, owner (default: who acts), ref, tags
  std::string next;  // when the next one is due; empty: none
  std::optional<std::int64_t> plan;  // settle this plan of the record; default: the record's oldest open one
  bool keep_plan = false;            // settle none
};

// Records a talk that happened. Logged more than 24 h after it happened it counts as late. Completes the
// record's oldest open plan. A follow-up about a record that is in a stage with an outcome plans nothing
// (with a notice).
CRM_API LoggedFollowup log_followup(Session& session, const LogFollowup& log);
// Plans a talk: fields as above, with due_at required. The owner is the record's, else who acts.
CRM_API WriteResult plan_followup(Session& session, RecordId about, std::vector<FieldText> fields);
// The plan was carried out: now, or at `at`; it becomes a talk that happened. Error{conflict} where it is
// settled already.
CRM_API WriteResult complete_followup(Session& session, RecordId plan, std::vector<FieldText> fields);
CRM_API WriteResult reschedule_followup(Session& session, RecordId plan, const std::string& due);
// Nobody is reminded of the plan before that moment, as a user types it; or until it is rescheduled. It stays
// as due as it is.
CRM_API WriteResult snooze_followup(Session& session, RecordId plan, const std::string& until);
CRM_API WriteResult acknowledge_followup(Session& session, RecordId plan);
// Settles the plan without a talk: its outcome is "cancelled", or the given reason.
CRM_API WriteResult cancel_followup(Session& session, RecordId plan, const std::string& reason = {});

// Open plans about records that are not deleted: overdue (due before now), due (before the end of today),
// agenda (the next `days` days, overdue ones first).
enum class PlanList { overdue, due, agenda };
struct PlanQuery {
  PlanList list = PlanList::overdue;
  std::string owner;  // empty: everybody's
  int days = 7;
  ListQuery query;  // fields, further conditions, limit, offset, sort (default: by due time)
};
CRM_API ListResult list_plans(Session& session, const PlanQuery& query, RowSink& sink);

// The same, or any follow-ups, as an iCalendar file (RFC 5545): half an hour each, when it is due or
// happened.
CRM_API std::string plan_calendar(Session& session, PlanQuery query);
CRM_API std::string followup_calendar(Session& session, ListQuery query);

}  // namespace crm
