// The stages and rules of a workflow as a picture.
#include <algorithm>
#include <map>

#include "base/text.h"
#include "crm/error.h"
#include "crm/rules.h"
#include "crm/workflow_picture.h"
#include "engine/graph.h"
#include "records/rights.h"
#include "records/session_state.h"
#include "workflow/definition.h"

namespace crm {
namespace {

using Moves = std::map<std::pair<std::string, std::string>, std::int64_t>;

// Of the records that are counted in the stages.
Moves moves_of(Session& session, Kind kind) {
  Moves moves;
  const Param params[] = {static_cast<std::int64_t>(kind)};
  session.state().connection->each(
      "SELECT from_stage, to_stage, count(*) FROM stage_change r WHERE record_kind = $1 AND from_stage IS "
      "NOT "
      "NULL AND deleted_at IS NULL AND EXISTS (SELECT 1 FROM \"" +
          std::string(entity(kind).table) + "\" c WHERE c.id = r.record_id AND c.deleted_at IS NULL)" +
          visible_sql(session, Kind::stage_change) + " GROUP BY 1, 2",
      params, [&](const Row& row) {
        moves[{std::string(row.text(0)), std::string(row.text(1))}] = row.integer(2);
      });
  return moves;
}

// Whether the file says that one may go from one stage to the other; between neighbours it need not. Out of
// an outcome arrows are drawn where the file names it, or somebody went.
bool is_drawn(const std::vector<Stage>& stages, std::size_t from, std::size_t to) {
  const Stage& target = stages[to];
  if (target.from_any) return stages[from].outcome == Outcome::none;
  if (!target.from.empty())
    return std::find(target.from.begin(), target.from.end(), stages[from].name) != target.from.end();
  // From the nearest earlier one that has no outcome.
  for (std::size_t i = to; i-- > 0;) {
    if (stages[i].outcome == Outcome::none) return i == from;
  }
  return false;
}

std::map<std::string, std::int64_t> records_in_stages(Session& session, const Entity& kind) {
  std::map<std::string, std::int64_t> counts;
  session.state().connection->each(
      "SELECT stage, count(*) FROM \"" + std::string(kind.table) + "\" r WHERE deleted_at IS NULL" +
          visible_sql(session, kind.kind) + " GROUP BY stage",
      {}, [&](const Row& row) { counts[std::string(row.text(0))] = row.integer(1); });
  return counts;
}

void add_stages(Session* session, const Process& process, const Entity& kind, Graph& graph) {
  const auto& stages = process.stages_of(kind.kind);
  std::map<std::string, std::int64_t> counts;
  Moves moves;
  if (session != nullptr) {
    counts = records_in_stages(*session, kind);
    moves = moves_of(*session, kind.kind);
  }
  const std::string prefix = std::string(kind.name) + '/';
  for (const Stage& stage : stages)
    graph.nodes.push_back({prefix + stage.name, stage.name,
                           session != nullptr ? std::to_string(counts[stage.name]) : std::string(),
                           stage.outcome, false});
  for (std::size_t from = 0; from < stages.size(); ++from) {
    for (std::size_t to = 0; to < stages.size(); ++to) {
      const auto found = moves.find({stages[from].name, stages[to].name});
      const std::int64_t count = found == moves.end() ? 0 : found->second;
      if (from == to || (count == 0 && !is_drawn(stages, from, to))) continue;
      graph.edges.push_back({prefix + stages[from].name, prefix + stages[to].name,
                             count > 0 ? std::to_string(count) : std::string(), false});
    }
  }
}

void add_rule(const Process& process, const Rule& rule, Graph& graph) {
  const std::string id = "rule/" + rule.name;
  graph.nodes.push_back({id, rule.name, rule.on.empty() ? rule.every : rule.on, Outcome::none, true});
  const std::string prefix = std::string(entity(rule.kind).name) + '/';
  const auto& stages = process.stages_of(rule.kind);
  if (rule.event.type == EventType::stage && !rule.event.detail.empty())
    graph.edges.push_back({prefix + rule.event.detail, id, {}, true});
  if (rule.event.type == EventType::created && !stages.empty())
    graph.edges.push_back({prefix + stages.front().name, id, {}, true});
  for (const RuleAction& action : rule.actions) {
    if (action.type == ActionType::stage) graph.edges.push_back({id, prefix + action.target, {}, true});
  }
}

std::unique_ptr<Process> process_of_file(std::string_view text, const std::string& file) {
  std::vector<Problem> problems;
  std::unique_ptr<Process> process = read_definition(text, file, problems);
  if (process == nullptr)
    throw Error(ErrorCode::invalid, "the workflow file " + quoted(file) + " has problems",
                "see 'crm workflow check'")
        .with_problems(std::move(problems));
  return process;
}

std::string picture(Session* session, const Process& process, std::string_view format) {
  Graph graph;
  graph.name = process.name;
  for (const Entity& kind : entities()) {
    if (kind.has_stages) add_stages(session, process, kind, graph);
  }
  for (const Rule& rule : process.rules) add_rule(process, rule, graph);
  if (format == "dot") return as_dot(graph);
  if (format == "mermaid") return as_mermaid(graph);
  if (format == "svg") return as_svg(graph);
  throw Error(ErrorCode::usage, "there is no picture of the format " + quoted(format),
              "take dot, mermaid or svg");
}

}  // namespace

std::string draw_workflow(Session& session, const std::optional<std::string>& text, const std::string& file,
                          std::string_view format) {
  if (!text) return picture(&session, session.state().process(), format);
  return picture(&session, *process_of_file(*text, file), format);
}

std::string draw_workflow_file(std::string_view text, const std::string& file, std::string_view format) {
  return picture(nullptr, *process_of_file(text, file), format);
}

}  // namespace crm
