// What a simulation says is what then happens; pictures.
#include <doctest/doctest.h>

#include <cstdlib>
#include <random>
#include <string_view>

#include "crm/followups.h"
#include "crm/leads.h"
#include "crm/ownership.h"
#include "unit/engine/engine_desk.h"

using namespace crm;
using crm::test::CollectedRows;
using crm::test::EngineDesk;

namespace {

// Words of a random condition on leads.
std::string condition(std::mt19937& random) {
  static const char* const kParts[] = {"source = 'web'",  "source = 'fair'", "amount > 50",  "amount is null",
                                       "region = 'East'", "stage = 'new'",   "title is null"};
  const auto part = [&] { return std::string(kParts[random() % std::size(kParts)]); };
  switch (random() % 3) {
    case 0:
      return part();
    case 1:
      return part() + " and " + part();
    default:
      return "(" + part() + " or " + part() + ")";
  }
}

std::string action(std::mt19937& random) {
  static const char* const kActions[] = {"tag: x",        "set: {title: t}", "set: {region: East}",
                                         "stage: talked", "untag: x",        "set: {amount: 70}"};
  return std::string("{") + kActions[random() % std::size(kActions)] + "}";
}

std::string rules(std::mt19937& random) {
  std::string text =
      "stages: {lead: [{name: new, within: 2d}, {name: talked, from: any}, {name: won, outcome: "
      "won}]}\nrules:\n";
  static const char* const kEvents[] = {"lead.created",  "lead.updated", "lead.stage",
                                        "lead.assigned", "lead.overdue", "lead.stage.talked"};
  for (int i = 0; i < 6; ++i) {
    text += "  - {name: e" + std::to_string(i) + ", on: " + kEvents[random() % std::size(kEvents)] +
            ", when: \"" + condition(random) + "\", do: [" + action(random) + ", " + action(random) + "]}\n";
  }
  for (int i = 0; i < 3; ++i) {
    text += "  - {name: s" + std::to_string(i) + ", every: day at 02:00, for: lead, when: \"" +
            condition(random) + "\", do: [{tag: s" + std::to_string(i) + "}]}\n";
  }
  return text;
}

// What people do to a lead; the workflow may refuse it.
void happen(EngineDesk& desk, std::mt19937& random, RecordId lead) {
  try {
    switch (random() % 4) {
      case 0:
        advance_lead(desk.session(), lead, random() % 2 == 0 ? "talked" : "won");
        break;
      case 1:
        log_followup(desk.session(), {lead, {{"type", "call"}}, {}, {}, false});
        break;
      case 2:
        assign(desk.session(), lead, "li");
        break;
      default:
        remove(desk.session(), lead);
        restore(desk.session(), lead);
    }
  } catch (const Error&) {
    return;
  }
}

// How many seeds a property is tried with.
unsigned seeds(unsigned quick) {
  const char* scale = std::getenv("CRM_TEST_SCALE");
  return scale != nullptr && std::string_view(scale) == "full" ? quick * 25 : quick;
}

using Counts = std::map<std::string, std::int64_t>;

// What a simulation says of each line of a section.
Counts said_of(const CollectedRows& rows, const std::string& section) {
  Counts counts;
  for (const auto& row : rows.rows) {
    const std::int64_t records = std::stoll(row.at("records"));
    if (row.at("section") == section && records > 0) counts[row.at("line") + row.at("name")] += records;
  }
  return counts;
}

}  // namespace

TEST_SUITE_BEGIN("engine/simulate");

TEST_CASE("a level may be one of the workflow's own fields") {
  EngineDesk desk;
  desk.lead("A", {{"source", "web"}});
  SimulateOptions options;
  options.kind = Kind::lead;
  CollectedRows rows;
  simulate_workflow(desk.session(), R"yaml(workflow: test
fields: {lead: {level: {type: text}, level_until: {type: date}}}
level: {lead: [{when: "source = 'web'", level: A}, {level: B}]}
)yaml",
                    "w.yaml", options, rows);
  const auto change = std::find_if(rows.rows.begin(), rows.rows.end(), [](CollectedRows::Texts& row) {
    return row["section"] == "level" && row["name"] == "changes";
  });
  REQUIRE(change != rows.rows.end());
  CHECK((*change)["records"] == "1");
}

TEST_CASE("random tables, limits and schedules: what a simulation says is what then happens") {
  for (unsigned seed = 1; seed <= seeds(8); ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    EngineDesk desk;
    for (const char* name : {"li", "wang"}) desk.user(name);
    for (int i = 0; i < 20; ++i) {
      std::vector<FieldText> fields = {{"source", random() % 2 == 0 ? "web" : "fair"}};
      if (random() % 2 == 0) fields.push_back({"amount", std::to_string(random() % 100)});
      if (random() % 2 == 0) fields.push_back({"region", random() % 2 == 0 ? "East" : "West"});
      desk.at("2026-03-0" + std::to_string(2 + random() % 4) + "T10:00");
      desk.lead("L" + std::to_string(i), fields);
    }
    std::string file =
        "workflow: test\nstages: {lead: [{name: new, within: 2d}, {name: won, outcome: won}]}\nassign:\n  "
        "lead:\n";
    for (int i = 0; i < 3; ++i)
      file += "    - {when: \"" + condition(random) + " or id = " + std::to_string(i + 1) +
              "\", to: [li, wang]}\n";
    file += "    - {to: pool}\nrules:\n  - {name: late, on: lead.overdue, do: [{tag: late}]}\n";
    for (int i = 0; i < 3; ++i) {
      file += "  - {name: s" + std::to_string(i) + ", every: day at 02:00, for: lead, when: \"" +
              condition(random) + "\", do: [{tag: s" + std::to_string(i) + "}]}\n";
    }
    CAPTURE(file);
    desk.at("2026-03-06T12:00");
    std::vector<Problem> faults = check_workflow(file, "w.yaml");
    if (!faults.empty()) continue;  // a row that an earlier one shadows
    CollectedRows said;
    SimulateOptions options;
    options.kind = Kind::lead;
    simulate_workflow(desk.session(), file, "w.yaml", options, said);

    apply_workflow(desk.session(), file, "w.yaml");
    desk.run("2026-03-06T12:00");
    const Counts late = said_of(said, "limit");
    CHECK(desk.count("SELECT count(*) FROM tag WHERE name = 'late'") ==
          (late.empty() ? 0 : late.begin()->second));
    desk.run("2026-03-07T02:00");
    for (int i = 0; i < 3; ++i) {
      const std::string name = "s" + std::to_string(i);
      std::int64_t expected = 0;
      for (const auto& row : said.rows) {
        if (row.at("section") == "schedule" && row.at("name") == name)
          expected = std::stoll(row.at("records"));
      }
      CHECK(desk.count("SELECT count(*) FROM tag WHERE name = '" + name + "'") == expected);
    }
    for (int i = 1; i <= 20; ++i) {
      const RecordId lead{Kind::lead, i};
      assign_automatically(desk.session(), {&lead, 1});
    }
    for (const auto& row : said.rows) {
      if (row.at("section") != "assign") continue;
      const std::string where = row.at("name") == "pool"
                                    ? "lead WHERE owner IS NULL"
                                    : "ownership WHERE how = 'table' AND line = " + row.at("line");
      CHECK(desk.count("SELECT count(*) FROM " + where) == std::stoll(row.at("records")));
    }
  }
}

TEST_CASE(
    "random workflows and events: no rule acts twice for a change, every chain ends, a simulation is what "
    "then happens") {
  for (unsigned seed = 1; seed <= seeds(12); ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const std::string workflow = rules(random);
    CAPTURE(workflow);
    EngineDesk desk;
    desk.user("li");
    desk.apply(workflow);
    static const char* const kSources[] = {"web", "fair", "other"};
    for (int i = 0; i < 12; ++i) {
      std::vector<FieldText> fields = {{"source", kSources[random() % 3]}};
      if (random() % 2 == 0) fields.push_back({"amount", std::to_string(random() % 100)});
      if (random() % 2 == 0) fields.push_back({"region", random() % 2 == 0 ? "East" : "West"});
      const RecordId lead = desk.lead("L" + std::to_string(i), fields);
      edit(desk.session(), lead, std::vector<FieldText>{{"note", std::to_string(random())}});
      happen(desk, random, lead);
    }
    CHECK(desk.count("SELECT count(*) FROM (SELECT 1 FROM rule_run WHERE outcome = 'acted' AND change IS NOT "
                     "NULL GROUP BY rule, kind, record, change HAVING count(*) > 1)") == 0);
    desk.at("2026-03-03T02:00");
    CollectedRows said;
    SimulateOptions options;
    options.kind = Kind::lead;
    simulate_workflow(desk.session(), "workflow: test\n" + workflow, "w.yaml", options, said);
    desk.run("2026-03-03T02:00");
    std::map<std::string, std::int64_t> acted;
    for (const auto& row : desk.runs()) {
      if (row.at("cause").starts_with("at-") && row.at("outcome") == "acted") ++acted[row.at("rule")];
    }
    // The first to run may change what the next one finds.
    bool first = true;
    for (const auto& row : said.rows) {
      if (row.at("section") != "schedule" || !first) continue;
      CHECK(row.at("records") == std::to_string(acted[row.at("name")]));
      first = false;
    }
    desk.run("2026-03-12T12:00");
    CHECK(verify(desk.session()).problems.empty());
  }
}

TEST_CASE("a simulation counts checks, rows of tables, rules and limits, and changes nothing") {
  EngineDesk desk("stages: {lead: [{name: new}, {name: old}, {name: won, outcome: won}]}\n");
  desk.lead("A", {{"source", "web"}});
  desk.lead("B", {{"source", "fair"}, {"amount", "5"}});
  desk.lead("C", {{"stage", "old"}});
  desk.at("2026-03-05T10:00");
  CollectedRows rows;
  SimulateOptions options;
  options.kind = Kind::lead;
  simulate_workflow(desk.session(), R"yaml(workflow: next
fields: {lead: {budget: {type: money}}}
stages: {lead: [{name: new, within: 1d}, {name: won, outcome: won}]}
validate: {lead: [{check: "amount is null or amount > 10", message: too little}]}
sla: {lead: [{when: "source = 'web'", respond: 1h}, {respond: 2d}]}
rules:
  - {name: r, on: lead.created, when: "budget is null and source = 'web'", do: [{tag: x}]}
  - {name: s, every: 15m, for: lead, when: "amount = 5", do: [{tag: x}]}
)yaml",
                    "next.yaml", options, rows);
  std::map<std::string, std::string> counts;
  for (const auto& row : rows.rows)
    counts[row.at("section") + "/" + row.at("name")] = row.at("records") + " " + row.at("first");
  CHECK(counts["records/looked at"] == "3 ");
  CHECK(counts["stage/old"] == "1 lead/3");
  CHECK(counts["limit/new"] == "2 lead/1");
  CHECK(counts["check/too little"] == "1 lead/2");
  CHECK(counts["sla/respond in 1h"] == "1 lead/1");
  CHECK(counts["sla/respond in 2d"] == "2 lead/2");
  CHECK(counts["rule/r"] == "1 lead/1");
  CHECK(counts["schedule/s"] == "1 lead/2");
  CHECK(desk.session().view(Kind::lead).find("budget") == nullptr);
  CHECK(desk.text({Kind::lead, 1}, "tags").empty());
}

TEST_CASE("pictures have the stages with their counts and the moves that were made") {
  EngineDesk desk(
      "stages: {lead: [{name: new}, {name: \"a<b\"}, {name: won, outcome: won}]}\nrules: [{name: r, on: "
      "lead.stage.won, do: [{tag: x}]}]\n");
  const RecordId lead = desk.lead("A");
  advance_lead(desk.session(), lead);
  CHECK(draw_workflow(desk.session(), std::nullopt, {}, "mermaid") ==
        "flowchart LR\n  s1[\"new<br/>0\"]\n  s2[\"a#lt;b<br/>1\"]\n  s3([\"won<br/>0\"])\n  "
        "r4{{\"r<br/>lead.stage.won\"}}\n"
        "  s1 -->|1| s2\n  s2 --> s3\n  s3 -.-> r4\n");
  CHECK(draw_workflow(desk.session(), std::nullopt, {}, "dot")
            .find("\"lead/new\" -> \"lead/a<b\" [label=\"1\"];") != std::string::npos);
  CHECK(draw_workflow(desk.session(), std::nullopt, {}, "svg").find("a&lt;b") != std::string::npos);
  CHECK_THROWS_AS(draw_workflow(desk.session(), std::nullopt, {}, "png"), Error);
}

TEST_SUITE_END();
