#include "engine/rule_runner.h"

#include "base/text.h"
#include "engine/actions.h"
#include "engine/run_log.h"
#include "entity/descriptors.h"
#include "records/why_not.h"
#include "records/write_record.h"

namespace crm {
namespace {

// While a rule acts, writes are in its name and what they set off comes from it.
class InTheNameOf {
 public:
  InTheNameOf(Session& session, const Rule& rule, RecordId record, std::vector<std::string> chain)
      : state_(session.state()),
        reactions_(Reactions::of(session)),
        rule_(std::exchange(state_.rule, rule.name)) {
    chain.push_back(rule.name + " on " + to_string(record));
    chain_ = std::exchange(reactions_.chain, std::move(chain));
  }
  ~InTheNameOf() {
    state_.rule = rule_;
    // A step that failed has taken what was in hand with it.
    if (state_.pending) reactions_.chain = std::move(chain_);
  }
  InTheNameOf(const InTheNameOf&) = delete;
  InTheNameOf& operator=(const InTheNameOf&) = delete;

 private:
  Session::State& state_;
  Reactions& reactions_;
  std::string rule_;
  std::vector<std::string> chain_;
};

Error in_rule(Session& session, const Rule& rule, int line, const Error& error) {
  const auto file = session.state().connection->query_text(
      "SELECT file FROM workflow_revision WHERE file IS NOT NULL AND id = (SELECT max(id) FROM "
      "workflow_revision)");
  const std::string place = (file ? *file : session.state().process().name) + ":" + std::to_string(line);
  Error named(error.code(), "the rule " + quoted(rule.name) + " (" + place + "): " + error.message(),
              error.hint());
  named.about_field(error.field()).about_record(error.record()).with_problems(error.problems());
  return named;
}

void check_chain(Session& session, const Rule& rule, RecordId record, const std::vector<std::string>& chain) {
  if (chain.size() < kMaxChain) return;
  std::string text;
  for (const std::string& link : chain) text += link + ", then ";
  throw in_rule(
      session, rule, rule.line,
      Error(ErrorCode::failed,
            "rules set each other off without end: " + text + rule.name + " on " + to_string(record),
            "give one of them a condition that its own doing ends"));
}

// The failure goes with the transaction: it is noted once that is rolled back. An action that has to wait for
// an approval has not failed.
void note_failure(Session& session, RuleRun run, const Error& error) {
  run.outcome = error.code() == ErrorCode::waiting ? run_outcome::kNot : run_outcome::kFailed;
  run.detail = error.message();
  session.state().aftermath.push_back([run](Session& after) {
    log_run(after, run);
    return std::string();
  });
}

// The record that the rule is about; nothing where the event does not concern such a one.
std::optional<RecordId> subject(Session& session, const Rule& rule, const PendingEvent& event) {
  if (event.event.type != EventType::logged || rule.kind == Kind::followup)
    return event.record.kind == rule.kind ? std::optional(event.record) : std::nullopt;
  const auto talk = find_record(session, event.record);
  if (!talk) return std::nullopt;
  const auto about = parse_record_id(talk->text(field<Kind::followup>("about")));
  return about && about->kind == rule.kind ? about : std::nullopt;
}

void consider(Session& session, const Rule& rule, const PendingEvent& event) {
  const auto id = subject(session, rule, event);
  if (!id) return;
  const auto record = find_record(session, *id, event.event.type == EventType::deleted);
  if (!record) return;
  Reactions& reactions = Reactions::of(session);
  const auto before = reactions.before.find(key_of(*id));
  // A record that only its verb or clock concerns is as it was.
  const StoredRecord* earlier = before == reactions.before.end() ? &*record : before->second.get();
  RuleRun run{rule.name, *id, event_text(event.event), run_outcome::kNot, {}};
  std::optional<std::string> failing;
  try {
    failing = why_not(session, rule.when, *record, earlier);
  } catch (const Error& error) {
    throw in_rule(session, rule, rule.line, error);
  }
  if (failing) {
    run.detail = std::move(*failing);
    log_run(session, run);
    return;
  }
  if (!reactions.claim(session.state(), rule, *id)) return;
  try {
    check_chain(session, rule, *id, event.chain);
  } catch (const Error& error) {
    note_failure(session, run, error);
    throw;
  }
  const InTheNameOf name(session, rule, *id, event.chain);
  run_actions(session, rule, *id, run.cause);
}

}  // namespace

bool is_set_off_by(const Rule& rule, const RuleEvent& event) {
  if (rule.event.type != event.type || rule.event.type == EventType::schedule) return false;
  if (event.type == EventType::decided) return rule.kind == event.kind;
  return rule.event.kind == event.kind && (rule.event.detail.empty() || rule.event.detail == event.detail);
}

std::string event_text(const RuleEvent& event) {
  const std::string kind(entity(event.kind).name);
  switch (event.type) {
    case EventType::created:
      return kind + ".created";
    case EventType::updated:
      return kind + ".updated";
    case EventType::deleted:
      return kind + ".deleted";
    case EventType::assigned:
      return kind + ".assigned";
    case EventType::stage:
      return kind + ".stage." + event.detail;
    case EventType::overdue:
      return kind + ".overdue";
    case EventType::logged:
      return "followup.logged";
    case EventType::decided:
      return "approval.decided";
    default:
      return kind + '.' + event.detail;
  }
}

void run_rules(Session& session, const PendingEvent& event) {
  for (const Rule& rule : session.state().process().rules) {
    if (is_set_off_by(rule, event.event)) consider(session, rule, event);
  }
}

void run_actions(Session& session, const Rule& rule, RecordId record, const std::string& cause) {
  const Reactions& reactions = Reactions::of(session);
  std::optional<InTheNameOf> name;
  if (session.state().rule != rule.name) name.emplace(session, rule, record, reactions.chain);
  std::string done;
  for (const RuleAction& action : rule.actions) {
    try {
      done += (done.empty() ? "" : "; ") + act(session, rule, action, record);
    } catch (const Error& error) {
      const Error named = in_rule(session, rule, action.line, error);
      note_failure(session, {rule.name, record, cause, run_outcome::kFailed, {}}, named);
      throw named;
    }
  }
  log_run(session, {rule.name, record, cause, run_outcome::kActed, done});
}

}  // namespace crm
