// A desk under a workflow of a test's own.
#pragma once

#include <string>

#include "crm/rules.h"
#include "crm/workflow.h"
#include "records/session_state.h"
#include "unit/desk.h"

namespace crm::test {

class EngineDesk : public Desk {
 public:
  EngineDesk() = default;
  // `sections`: what comes after 'workflow: test' in the file.
  explicit EngineDesk(const std::string& sections) { apply(sections); }

  void apply(const std::string& sections) {
    apply_workflow(session(), "workflow: test\n" + sections, "test.yaml");
  }
  WorkflowRun run(const std::string& now) {
    at(now);
    return run_workflow(session());
  }
  std::vector<CollectedRows::Texts> runs(const std::string& rule = {}) {
    CollectedRows rows;
    list_rule_runs(session(), {rule, std::nullopt, std::nullopt}, rows);
    return rows.rows;
  }
  std::int64_t count(const std::string& sql) {
    return session().state().connection->query_integer(sql).value_or(-1);
  }
  std::int64_t messages() { return count("SELECT count(*) FROM outbox"); }
};

}  // namespace crm::test
