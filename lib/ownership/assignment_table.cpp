#include "ownership/assignment_table.h"

#include <algorithm>

#include "ownership/ownership_log.h"
#include "records/read_value.h"
#include "records/rights.h"
#include "records/session_state.h"
#include "records/why_not.h"
#include "records/write_record.h"

namespace crm {
namespace {

// Before what is said of one person.
constexpr std::string_view kCandidateIndent = "  ";

std::vector<AssignmentCandidate> explained(const std::vector<Candidate>& candidates, std::size_t picked) {
  std::vector<AssignmentCandidate> all;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const Candidate& one = candidates[i];
    all.push_back({one.name, one.why_not, one.open, one.today, i == picked, one.full});
  }
  return all;
}

}  // namespace

AssignmentDecision decide_assignment(Session& session, const StoredRecord& record,
                                     RecordValues::Derived derived) {
  AssignmentDecision decision;
  const Kind kind = record.id.kind;
  const RecordValues values(session, record, derived);
  for (const AssignmentRow& row : session.state().process().assignments[slot(kind)]) {
    AssignmentStep& step = decision.explanation.steps.emplace_back();
    step.line = row.line;
    step.when = row.when;
    const auto failing = why_not(session, kind, row.when, values);
    step.matched = !failing;
    if (failing) {
      step.why_not = *failing;
      continue;
    }
    step.pool = row.to.empty();
    decision.row = &row;
    if (step.pool) break;
    decision.candidates = candidates_of(session, row, record);
    decision.picked = pick(session, kind, row, decision.candidates);
    step.candidates = explained(decision.candidates, decision.picked);
    if (decision.picked != std::string::npos) {
      decision.explanation.owner = decision.candidates[decision.picked].name;
      break;
    }
    if (!row.else_next) break;
  }
  return decision;
}

void carry_out(Session& session, RecordId record, const AssignmentDecision& decision) {
  if (decision.user()) take_turn(session, record.kind, *decision.row, decision.candidates, decision.picked);
  OwnershipEntry entry{record, decision.user(), ownership_how::kTable,
                       decision.row == nullptr ? 0 : decision.row->line};
  for (const std::string& line : describe(decision.explanation))
    entry.explanation += (entry.explanation.empty() ? "" : "\n") + line;
  log_ownership(session, entry);
}

namespace {

// A total must not give away what a list hides.
bool may_know_load(Session& session, std::int64_t user) {
  if (sees_all(session)) return true;
  const Rights& mine = rights(session);
  return mine.user == user || (mine.see == Scope::team &&
                               std::find(mine.people.begin(), mine.people.end(), user) != mine.people.end());
}

void hide_load(AssignmentCandidate& shown) {
  if (shown.full) shown.why_not = "has as many as the row allows";
  shown.open.reset();
  shown.today.reset();
}

}  // namespace

AssignmentExplanation explain_assignment(Session& session, RecordId id) {
  const StoredRecord record = load_record(session, id);
  AssignmentDecision decision = decide_assignment(session, record, RecordValues::Derived::stored);
  for (AssignmentStep& step : decision.explanation.steps) {
    for (AssignmentCandidate& shown : step.candidates) {
      const auto user = find_user(session, shown.user);
      if (!user || !may_know_load(session, *user)) hide_load(shown);
    }
  }
  return std::move(decision.explanation);
}

std::string without_loads(Session& session, std::string_view explanation) {
  if (sees_all(session)) return std::string(explanation);
  std::string shown;
  while (!explanation.empty()) {
    const std::string_view line = explanation.substr(0, explanation.find('\n'));
    explanation.remove_prefix(std::min(line.size() + 1, explanation.size()));
    if (line.starts_with(kCandidateIndent)) continue;
    shown.append(shown.empty() ? "" : "\n").append(line);
  }
  return shown;
}

std::vector<std::string> describe(const AssignmentExplanation& explanation) {
  std::vector<std::string> lines;
  for (const AssignmentStep& step : explanation.steps) {
    std::string line = "line " + std::to_string(step.line) + ", " +
                       (step.when.empty() ? "every record" : "when " + step.when) + ": ";
    if (!step.matched) {
      lines.push_back(line + "no, " + step.why_not);
      continue;
    }
    lines.push_back(line + (step.pool ? "yes, to the pool" : "yes"));
    if (!step.pool && step.candidates.empty()) lines.push_back("  nobody is in it");
    for (const AssignmentCandidate& one : step.candidates) {
      const std::string has = one.open ? ", with " + std::to_string(*one.open) + " open" : std::string();
      lines.push_back(std::string(kCandidateIndent) + one.user +
                      (one.chosen            ? ": chosen" + has
                       : one.why_not.empty() ? ": could" + has
                                             : ": not, " + one.why_not));
    }
  }
  if (!explanation.steps.empty() && explanation.owner.empty()) lines.emplace_back("it stays in the pool");
  return lines;
}

}  // namespace crm
