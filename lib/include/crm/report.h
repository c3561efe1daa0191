// Reports: figures over many records. Periods are half-open; times and months are those of the workflow's
// zone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crm/export.h"
#include "crm/kind.h"
#include "crm/session.h"

namespace crm {

// A period as typed: dates of the command line; a `to` that is a day includes it. Empty: no bound.
struct PeriodText {
  std::string from;
  std::string to;
};

// Its first moment, and the first one after it; nothing where there is no bound. Error{invalid} for a date
// that cannot be read, Error{usage} where it ends before it begins.
struct PeriodBounds {
  std::optional<Moment> from;
  std::optional<Moment> to;
};
CRM_API PeriodBounds period_bounds(const Session& session, const PeriodText& text);

struct FunnelQuery {
  Kind kind = Kind::lead;
  std::string by = {};     // owner, source, region or month; empty: all records together
  PeriodText period = {};  // when the record was created
};

// One stage of one group. A record has reached every stage up to its furthest one, by its history and its
// present stage: those below it (whether it was in them or not) it has advanced from. At the furthest it is
// lost if its present stage is, else open, even if it has gone back since; in a stage that is won all are
// open. So advanced + lost + open = reached.
struct FunnelRow {
  std::string stage;
  std::int64_t reached = 0;
  std::int64_t advanced = 0;
  std::int64_t lost = 0;
  std::int64_t open = 0;
  std::optional<double>
      conversion;                 // advanced ÷ reached; nothing in the last stage, or where none reached it
  std::optional<double> overall;  // reached ÷ reached of the first stage
  std::optional<double> median_days;  // of the ended stays: from one change's moment to the next one's
  std::optional<double> p90_days;     // percentiles interpolate linearly
  std::int64_t open_stays = 0;        // stays that have not ended: not in those two
};

struct FunnelGroup {
  std::optional<std::string> name;  // nothing: absent (no owner, no region), or no groups were asked for
  std::vector<FunnelRow> rows;      // the stages that are not lost, in the workflow's order
};

struct Funnel {
  std::vector<FunnelGroup> groups;  // by name, the absent one last; just one without `by`
  std::int64_t records = 0;
  std::int64_t without_history =
      0;  // records with no stage change: they count by their present stage, lost ones at the first
};

// Throws Error{usage} for a kind without stages or another `by`, Error{invalid} for a date that cannot be
// read.
CRM_API Funnel funnel(Session& session, const FunnelQuery& query);

struct ActivityQuery {
  std::string owner;  // empty: everybody's
  PeriodText period;  // when it happened
};

// One person's follow-ups that happened. Logged at most 24 h after it happened is on time (exactly 24:00:00
// too); where it is not known when it was logged, that cannot be measured.
struct ActivityRow {
  std::optional<std::string> owner;
  std::int64_t followups = 0;
  std::vector<std::int64_t> by_type;  // as Activity::types; what has no type is in none
  std::int64_t on_time = 0;
  std::int64_t late = 0;
  std::int64_t not_measurable = 0;
  std::optional<double> on_time_rate;  // on time ÷ (on time + late)
};

struct Activity {
  std::vector<std::string> types;
  std::vector<ActivityRow> rows;  // by owner, nobody last
  ActivityRow total;
};

// Throws Error{not_found} for an unknown owner, Error{invalid} for a date.
CRM_API Activity activity(Session& session, const ActivityQuery& query);

// One person's open plans whose due time has passed; none about deleted records.
struct OverdueRow {
  std::optional<std::string> owner;
  std::int64_t plans = 0;
  Moment oldest{};
  double oldest_days = 0;  // overdue since
  double median_days = 0;
};

struct Overdue {
  std::vector<OverdueRow> rows;  // the most plans first
  std::int64_t plans = 0;
};

CRM_API Overdue overdue(Session& session);

}  // namespace crm
