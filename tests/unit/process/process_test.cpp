#include "process/process.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "crm/error.h"
#include "workflow/definition.h"

using crm::Kind;

namespace {

constexpr const char* kFull = R"(workflow: full
description: all that a process holds
timezone: America/New_York
country: US
currency: USD
fields:
  lead:
    budget: {type: money, label: {en: Budget, zh: 预算}, help: {en: what they can spend, zh: 可用金额}, listed: true}
    colour: {type: choice, choices: [red, {name: blue, label: {en: Blue, zh: 蓝}}], default: red, searchable: true}
    secret: {type: text, sensitive: true}
  customer:
    rival: {type: reference, to: customer}
stages:
  lead:
    - {name: in, label: {en: In, zh: 进}, within: 8h business}
    - {name: up, requires: [budget], probability: 0, from: [in]}
    - {name: done, outcome: won}
    - {name: out, outcome: lost, from: any}
validate:
  lead: [{check: budget > 0, message: 要有预算}]
reminders:
  - {name: r, for: lead, when: "stage = 'in'", to: li, every: mon at 08:00, channel: email, template: t, escalate: {after: 2d, to: manager}}
templates:
  t: {subject: "{{count}}", body: "\"quoted\"\n\\ 张三"}
)";

std::unique_ptr<crm::Process> full_process() {
  std::vector<crm::Problem> problems;
  auto process = crm::read_definition(kFull, "full.yaml", problems);
  for (const crm::Problem& problem : problems) MESSAGE(crm::describe(problem, true));
  REQUIRE(process != nullptr);
  return process;
}

}  // namespace

TEST_CASE("a process is the same after it was stored") {
  const auto process = full_process();
  const std::string stored = crm::compile(*process);
  const auto loaded = crm::from_compiled(stored);
  CHECK(crm::compile(*loaded) == stored);
  CHECK(loaded->name == "full");
  CHECK(loaded->timezone == "America/New_York");
  const crm::Stage* up = loaded->find_stage(Kind::lead, "up");
  REQUIRE(up != nullptr);
  CHECK(up->probability == 0);
  CHECK(up->from == std::vector<std::string>{"in"});
  CHECK(up->required_fields == std::vector<std::string>{"budget"});
  CHECK_FALSE(loaded->find_stage(Kind::lead, "in")->probability.has_value());
  CHECK(loaded->find_stage(Kind::lead, "in")->label_zh == "进");
  CHECK(loaded->find_stage(Kind::lead, "out")->from_any);
  CHECK(loaded->validations.at(0).message == "要有预算");
  CHECK(loaded->reminders.at(0).escalate_to == "manager");
  CHECK(loaded->find_template("t")->body == "\"quoted\"\n\\ 张三");
}

TEST_CASE("a view of a loaded process stands on the process alone") {
  std::unique_ptr<crm::Process> loaded;
  {
    const auto process = full_process();
    const std::string stored = crm::compile(*process);
    loaded = crm::from_compiled(stored);
  }
  const crm::KindView view = loaded->view(Kind::lead);
  const crm::Field* colour = view.find("colour");
  REQUIRE(colour != nullptr);
  CHECK(colour->column_name() == "x_colour");
  CHECK(colour->searchable);
  REQUIRE(colour->choices.size() == 2);
  CHECK(colour->choices[1].name == "blue");
  CHECK(colour->choices[1].label.zh == "蓝");
  CHECK(view.find_heading("预算") == view.find("budget"));
  CHECK(view.find("budget")->help.zh == "可用金额");
  CHECK(view.find("secret")->sensitive);
  const crm::KindView customer = loaded->view(Kind::customer);
  CHECK(customer.find("rival")->target == Kind::customer);
  CHECK(loaded->view(Kind::team).fields().size() == crm::entity(Kind::team).fields.size());
}

TEST_CASE("look-ups") {
  const auto process = full_process();
  CHECK(process->stage_position(Kind::lead, "done") == 2);
  CHECK(process->stage_position(Kind::lead, "gone") == std::string_view::npos);
  CHECK(process->find_stage(Kind::lead, "gone") == nullptr);
  CHECK(process->find_stage(Kind::customer, "in") == nullptr);
  CHECK(process->stage_names(Kind::customer).empty());
  CHECK(process->find_template("gone") == nullptr);
}

TEST_CASE("what compile() did not make is refused without a crash") {
  const std::string stored = crm::compile(*full_process());
  const auto refuses = [](const std::string& text) {
    try {
      crm::from_compiled(text);
      return false;
    } catch (const crm::Error& error) {
      return error.code() == crm::ErrorCode::failed && !error.hint().empty();
    }
  };
  CHECK(refuses(""));
  CHECK(refuses("{}"));
  CHECK(refuses("[1]"));
  CHECK(refuses("{\"format\":2}"));
  for (std::size_t size = 0; size < stored.size(); size += 7) CHECK(refuses(stored.substr(0, size)));
  std::string other = stored;
  other.replace(other.find("\"lead\""), 6, "\"leed\"");
  CHECK(refuses(other));
}
