// The records that a reminder rule finds, each as what its template may say of it.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/function_ref.h"
#include "filter/condition.h"
#include "filter/render.h"
#include "outbox/template.h"
#include "process/process.h"
#include "records/concealment.h"
#include "records/present.h"
#include "reminders/people.h"

namespace crm {

struct MatchingRow {
  std::int64_t id = 0;
  std::int64_t due = 0;              // of a follow-up, else 0
  std::optional<std::int64_t> team;  // of the record, or of the one a follow-up is about
  TemplateScope scope;
};

// How a recipient reads.
struct Reader {
  std::int64_t id = 0;
  bool chinese = false;
  TimeZone zone;
  Concealed concealed{};  // fields that they may not see
};

class MatchingRows {
 public:
  // `names`: what the template names. Throws Error{invalid} for a condition that no longer fits the fields.
  MatchingRows(Session& session, const Reminder& reminder, const std::set<std::string, std::less<>>& names);

  // The records of an owner (or of nobody) that match, in the order they are due; with `escalated` only those
  // that have matched for so long that the rule escalates them. Records about a deleted one are
  // left out, and plans that are snoozed or acknowledged.
  void each(const Person* owner, bool escalated, const Reader& reader,
            FunctionRef<void(MatchingRow&&)> visit);

 private:
  // A field in a row, as the template's reader sees it.
  struct Slot {
    const Field* field;
    std::size_t cell;  // of the presenter
    int moment = -1;   // the column of its seconds, where it is a moment
  };

  void select_fields(const std::set<std::string, std::less<>>& names);
  Condition condition_at(const Reminder& reminder, Moment moment) const;
  std::string rendered(const Condition& condition);
  // Whether a record that is to be escalated was so, and was there, all the time since it would have to be.
  bool has_matched_throughout(std::int64_t id) const;
  MatchingRow read(const Row& row, const Person* owner, const Reader& reader);
  static std::string shown(const Slot& slot, const Row& row, const Cell& cell, const Reader& reader);
  std::string overdue_by(std::int64_t due, bool chinese) const;

  Session& session_;
  const KindView& view_;
  bool followup_;
  std::vector<Slot> slots_;
  std::optional<Presenter> presenter_;
  std::string select_;
  int own_ = 0;  // the first column after the presenter's and the moments'
  std::string condition_;
  std::string escalation_;              // also held that long ago; empty: nothing escalates
  std::optional<Condition> escalated_;  // the same for a record at hand
  std::vector<Value> values_;           // of both
};

}  // namespace crm
