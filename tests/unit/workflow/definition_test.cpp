#include "workflow/definition.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "process/process.h"

using crm::Kind;
using crm::Problem;

namespace {

struct Read {
  std::unique_ptr<crm::Process> process;
  std::string problems;  // each as the user sees it without the source, one a line
};

Read read(const std::string& text) {
  std::vector<Problem> problems;
  Read result;
  result.process = crm::read_definition(text, "a.yaml", problems);
  for (const Problem& problem : problems) result.problems += crm::describe(problem, false) + '\n';
  CHECK((result.process == nullptr) == !problems.empty());
  return result;
}

std::string problems_of(const std::string& text) {
  return read(text).problems;
}

// Of a file that has this besides its name.
std::string faults_in(const std::string& body) {
  return problems_of("workflow: a\n" + body);
}

constexpr const char* kDigest = "templates: {t: {subject: s, body: b}}\n";

// What workflow.md's example says, without the keys that are not yet supported.
constexpr const char* kExample = R"(workflow: b2b-sales
description: Inbound B2B sales of one company
timezone: Asia/Shanghai
country: CN
currency: CNY
fields:
  lead:
    budget:    {type: money, label: {en: Budget, zh: 预算}}
    id_card:   {type: text, sensitive: true}
    partner:   {type: reference, to: customer, label: 合作伙伴}
  customer:
    tier:      {type: choice, choices: [strategic, key, {name: normal, label: {zh: 普通}}], default: normal}
stages:
  lead:
    - {name: new,        within: 8h business}
    - {name: contacted,  within: 16h business, requires: [phone]}
    - {name: qualified,  requires: [budget], probability: 30}
    - {name: converted,  outcome: won}
    - {name: lost,       outcome: lost, requires: [lost_reason], from: any}
validate:
  customer:
    - {check: "phone is not null or email is not null", message: a phone or an e-mail is needed}
reminders:
  - name: overdue-followups
    for: followup
    when: due_at < now and done_at is null
    to: owner
    every: day at 09:00
    channel: email
    template: overdue-digest
    escalate: {after: 2d, to: manager}
templates:
  new-lead: {subject: "New lead: {{name}}", body: "{{name}} ({{company}}) is yours."}
  overdue-digest: {subject: "{{count}} follow-ups are overdue", body: "{{#each rows}}{{about_name}} {{due_at}}\n{{/each}}"}
)";

}  // namespace

TEST_CASE("the example of the language is read as it stands") {
  const Read result = read(kExample);
  CHECK(result.problems == "");
  REQUIRE(result.process != nullptr);
  const crm::Process& process = *result.process;
  CHECK(process.name == "b2b-sales");
  CHECK(process.timezone == "Asia/Shanghai");
  CHECK(process.country == "CN");
  CHECK(process.currency == "CNY");
  CHECK(process.stage_names(Kind::lead) ==
        std::vector<std::string>{"new", "contacted", "qualified", "converted", "lost"});
  CHECK(process.find_stage(Kind::lead, "new")->within == "8h business");
  CHECK(process.find_stage(Kind::lead, "contacted")->required_fields == std::vector<std::string>{"phone"});
  CHECK(process.find_stage(Kind::lead, "qualified")->probability == 30);
  CHECK_FALSE(process.find_stage(Kind::lead, "new")->probability.has_value());
  CHECK(process.find_stage(Kind::lead, "converted")->outcome == crm::Outcome::won);
  CHECK(process.find_stage(Kind::lead, "lost")->outcome == crm::Outcome::lost);
  CHECK(process.find_stage(Kind::lead, "lost")->from_any);
  REQUIRE(process.validations.size() == 1);
  CHECK(process.validations[0].kind == Kind::customer);
  CHECK(process.validations[0].line == 22);
  REQUIRE(process.reminders.size() == 1);
  CHECK(process.reminders[0].kind == Kind::followup);
  CHECK(process.reminders[0].every == "day at 09:00");
  CHECK(process.reminders[0].escalate_after == "2d");
  CHECK(process.reminders[0].escalate_to == "manager");
  CHECK(process.find_template("new-lead")->subject == "New lead: {{name}}");
}

TEST_CASE("custom fields stand behind the built-in ones") {
  const Read result = read(kExample);
  REQUIRE(result.process != nullptr);
  const crm::KindView view = result.process->view(Kind::lead);
  const crm::Field* budget = view.find("budget");
  REQUIRE(budget != nullptr);
  CHECK(budget->type == crm::FieldType::money);
  CHECK(budget->column_name() == "x_budget");
  CHECK(budget->custom);
  CHECK(budget->label.en == "Budget");
  CHECK(budget->label.zh == "预算");
  CHECK(view.find("id_card")->sensitive);
  CHECK(view.find("id_card")->label.en == "id_card");
  CHECK(view.find("partner")->target == Kind::customer);
  CHECK(view.find("partner")->label.zh == "合作伙伴");
  CHECK(view.position("budget") == crm::entity(Kind::lead).fields.size());
  const crm::KindView customer = result.process->view(Kind::customer);
  const crm::Field* tier = customer.find("tier");
  REQUIRE(tier->choices.size() == 3);
  CHECK(tier->choices[2].name == "normal");
  CHECK(tier->choices[2].label.en == "normal");
  CHECK(tier->choices[2].label.zh == "普通");
}

TEST_CASE("the built-in process has the stages that reports and verbs count on") {
  const auto process = crm::default_process();
  CHECK(process->stage_names(Kind::lead) ==
        std::vector<std::string>{"new", "contacted", "qualified", "proposal", "negotiation", "won", "lost"});
  for (const crm::Stage& stage : process->stages_of(Kind::lead)) {
    CHECK(stage.required_fields.empty());
    CHECK_FALSE(stage.label_zh.empty());
  }
  CHECK(process->find_stage(Kind::lead, "won")->outcome == crm::Outcome::won);
  CHECK(process->find_stage(Kind::lead, "lost")->outcome == crm::Outcome::lost);
  CHECK(process->validations.empty());
  REQUIRE(process->reminders.size() == 1);
  CHECK(process->reminders[0].name == "overdue-followups");
  CHECK(process->find_template(process->reminders[0].template_name) != nullptr);
}

TEST_CASE("a kind whose stages are not named has the built-in ones") {
  const Read result = read("workflow: small\n");
  REQUIRE(result.process != nullptr);
  CHECK(result.process->stage_names(Kind::lead) == crm::default_process()->stage_names(Kind::lead));
  CHECK(result.process->reminders.empty());
}

TEST_CASE("the head of a file") {
  CHECK(problems_of("") == "a.yaml:1:1: the file is empty; it needs at least 'workflow: NAME'\n");
  CHECK(problems_of("[]") == "a.yaml:1:1: a workflow file must be a map, 'key: value'\n");
  CHECK(problems_of("description: x\n") == "a.yaml:1:1: a workflow file needs 'workflow'\n");
  CHECK(problems_of("workflow: B2B sales\n") ==
        "a.yaml:1:11: 'B2B sales' cannot be a name; take a letter a-z, then letters, digits and '-', at most "
        "60\n");
  CHECK(problems_of("workflow:\n") == "a.yaml:1:1: 'workflow' is empty; fill it in, or leave the key out\n");
  CHECK(problems_of("workflow: [a]\n") == "a.yaml:1:11: 'workflow' must be a text\n");
  CHECK(faults_in("timezone: Asia/Shangai\n") ==
        "a.yaml:2:11: unknown time zone 'Asia/Shangai'; did you mean 'Asia/Shanghai'?\n");
  CHECK(faults_in("country: cn\n") ==
        "a.yaml:2:10: unknown country 'cn'; write an ISO 3166 code of two capital letters, such as CN\n");
  CHECK(faults_in("country: XX\n") ==
        "a.yaml:2:10: unknown country 'XX'; write an ISO 3166 code of two capital letters, such as CN\n");
  CHECK(faults_in("country: ZW\n").empty());
  CHECK(faults_in("calendar: {hours: {sun-thu: \"09:00-17:00\", sat: \"10:00-12:00\"}}\n").empty());
  CHECK(faults_in("calendar: {hours: {sun-fri: \"09:00-17:00\", mon: \"10:00-12:00\"}}\n") != std::string());
  CHECK(faults_in("currency: RMB\n") ==
        "a.yaml:2:11: unknown currency 'RMB'; write an ISO 4217 code, such as CNY\n");
}

TEST_CASE("unknown keys get the nearest one") {
  CHECK(faults_in("stagse: {}\n") == "a.yaml:2:1: unknown key 'stagse'; did you mean 'stages'?\n");
  CHECK(faults_in("stages: {lead: [{name: new, owner: li}]}\n") ==
        "a.yaml:2:29: unknown key 'owner'; known here: 'name', 'label', 'within', 'requires', 'from', "
        "'outcome' and "
        "'probability'\n");
  CHECK(faults_in("workflow: b\n") ==
        "a.yaml:2:1: the key 'workflow' occurs twice; it also stands in line 1\n");
}

TEST_CASE("all faults are told at once, in the order of the file") {
  CHECK(
      problems_of(R"(stages:
  lead:
    - {name: new, outcome: won}
    - {name: contacted, probability: 101, within: soon}
workflow: A
timezone: Mars/Olympus
reminders:
  - {name: r, for: followup, when: due_at < noww, every: dayly, template: gone}
)") ==
      "a.yaml:3:28: the first stage is where records begin: it cannot have an outcome\n"
      "a.yaml:4:38: 'probability' must be a whole number from 0 to 100, not '101'\n"
      "a.yaml:4:51: 'soon' is no length of time; write 30m, 16h, 3d, 2w, '8h business' or '3d business'\n"
      "a.yaml:5:11: 'A' cannot be a name; take a letter a-z, then letters, digits and '-', at most 60\n"
      "a.yaml:6:11: unknown time zone 'Mars/Olympus'; time zones have names such as 'Asia/Shanghai'\n"
      "a.yaml:8:45: follow-ups have no field 'noww'; a text stands in single quotes: 'noww'\n"
      "a.yaml:8:58: 'dayly' is no schedule; write 15m, 'day at 09:00', 'workday at 09:00', 'mon at 09:00' or "
      "'month on 1 at 09:00'\n"
      "a.yaml:8:75: unknown template 'gone'; write it under 'templates'\n");
}

TEST_CASE("faults in custom fields") {
  CHECK(faults_in("fields: {leed: {a: {type: text}}}\n") ==
        "a.yaml:2:10: unknown kind 'leed'; did you mean 'lead'?\n");
  CHECK(faults_in("fields: {stage-change: {a: {type: text}}}\n") ==
        "a.yaml:2:10: a stage change takes no custom fields\n");
  CHECK(
      faults_in("fields: {lead: {Größe: {type: text}}}\n") ==
      "a.yaml:2:17: 'Größe' cannot be a name; take a letter a-z, then letters, digits and '_', at most 60\n");
  CHECK(faults_in("fields: {lead: {phone: {type: text}}}\n") ==
        "a.yaml:2:17: the lead has a built-in field 'phone'; use that one, or choose another name\n");
  CHECK(faults_in("fields: {lead: {overdue: {type: text}}}\n") ==
        "a.yaml:2:17: the lead has a built-in field 'overdue'; use that one, or choose another name\n");
  CHECK(faults_in("fields: {lead: {between: {type: text}}}\n") ==
        "a.yaml:2:17: 'between' is a word of the expression language; choose another name\n");
  CHECK(faults_in("fields: {lead: {a: {label: A}}}\n") == "a.yaml:2:20: a field needs 'type'\n");
  CHECK(faults_in("fields: {lead: {a: {type: txt}}}\n") ==
        "a.yaml:2:27: unknown type 'txt'; did you mean 'text'?\n");
  CHECK(faults_in("fields: {lead: {a: text}}\n") == "a.yaml:2:20: a field must be a map, 'key: value'\n");
  CHECK(faults_in("fields: {lead: {a: {type: text, label: [x]}}}\n") ==
        "a.yaml:2:40: 'label' must be a text, or a map of 'en' and 'zh'\n");
  CHECK(faults_in("fields: {lead: {a: {type: text, label: {de: x}}}}\n") ==
        "a.yaml:2:41: unknown key 'de'; known here: 'en' and 'zh'\n");
  CHECK(faults_in("fields: {lead: {a: {type: text, sensitive: yes}}}\n") ==
        "a.yaml:2:44: 'sensitive' must be true or false, not 'yes'\n");
  CHECK(faults_in("fields: {lead: {a: {type: text, sensitive: true, searchable: true}}}\n") ==
        "a.yaml:2:62: a sensitive field is kept out of the search text; leave 'searchable' out\n");
  CHECK(faults_in("fields: {lead: {a: {type: text, choices: [x]}}}\n") ==
        "a.yaml:2:42: a field of type 'text' has no choices; give it 'type: choice'\n");
  CHECK(faults_in("fields: {lead: {a: {type: choice}}}\n") == "a.yaml:2:20: a field needs 'choices'\n");
  CHECK(faults_in("fields: {lead: {a: {type: choice, choices: []}}}\n") ==
        "a.yaml:2:44: 'choices' is an empty list; fill it in, or leave the key out\n");
  CHECK(faults_in("fields: {lead: {a: {type: choice, choices: [x, X]}}}\n") ==
        "a.yaml:2:48: the choice 'X' occurs twice\n");
  CHECK(faults_in("fields: {lead: {a: {type: reference}}}\n") == "a.yaml:2:20: a field needs 'to'\n");
  CHECK(faults_in("fields: {lead: {a: {type: reference, to: costumer}}}\n") ==
        "a.yaml:2:42: unknown kind 'costumer'; did you mean 'customer'?\n");
  CHECK(faults_in("fields: {lead: {a: {type: reference, to: stage-change}}}\n") ==
        "a.yaml:2:42: a field cannot refer to a stage change\n");
  CHECK(faults_in("fields: {lead: {a: {type: text, to: lead}}}\n") ==
        "a.yaml:2:37: a field of type 'text' refers to nothing; give it 'type: reference'\n");
}

TEST_CASE("a default is a value of its field's type") {
  const auto fault = [](const std::string& type, const std::string& value) {
    return faults_in("fields: {lead: {a: {type: " + type + ", default: " + value + "}}}\n");
  };
  CHECK(fault("integer", "12") == "");
  CHECK(fault("integer", "many") == "a.yaml:2:45: the default 'many' is no value of type 'integer'\n");
  CHECK(fault("boolean", "true") == "");
  CHECK(fault("boolean", "ja") == "a.yaml:2:45: the default 'ja' is no value of type 'boolean'\n");
  CHECK(fault("money", "12.50") == "");
  CHECK(fault("money", "12.505") == "a.yaml:2:43: the default '12.505' is no value of type 'money'\n");
  CHECK(fault("date", "2026-02-28") == "");
  CHECK(fault("date", "2026-02-30") == "a.yaml:2:42: the default '2026-02-30' is no value of type 'date'\n");
  CHECK(fault("email", "nobody") == "a.yaml:2:43: the default 'nobody' is no value of type 'email'\n");
  CHECK(fault("moment", "now") == "a.yaml:2:44: a field of type 'moment' takes no default\n");
  CHECK(faults_in("fields: {lead: {a: {type: choice, choices: [red, blue], default: blu}}}\n") ==
        "a.yaml:2:66: the default 'blu' is none of the choices; did you mean 'blue'?\n");
}

TEST_CASE("faults in stages") {
  CHECK(faults_in("stages: {customer: [{name: a}]}\n") == "a.yaml:2:10: a customer has no stages\n");
  CHECK(faults_in("stages: {lead: []}\n") ==
        "a.yaml:2:16: the list of stages is an empty list; fill it in, or leave the key out\n");
  CHECK(faults_in("stages: {lead: [new]}\n") == "a.yaml:2:17: a stage must be a map, 'key: value'\n");
  CHECK(faults_in("stages: {lead: [{within: 3d}]}\n") == "a.yaml:2:17: a stage needs 'name'\n");
  CHECK(faults_in("stages: {lead: [{name: any}]}\n") ==
        "a.yaml:2:24: 'any' cannot be the name of a stage; take up to 60 characters without = , ; and "
        "quotes; 'any' "
        "means every stage\n");
  CHECK(faults_in("stages: {lead: [{name: new}, {name: New}]}\n") ==
        "a.yaml:2:37: the stage 'New' occurs twice, before as 'new'\n");
  CHECK(faults_in("stages: {lead: [{name: new}, {name: done, outcome: win}]}\n") ==
        "a.yaml:2:52: unknown outcome 'win'; did you mean 'won'?\n");
  CHECK(faults_in("stages: {lead: [{name: new, requires: [phon, age]}]}\n") ==
        "a.yaml:2:40: leads have no field 'phon'; did you mean 'phone'?\n"
        "a.yaml:2:46: 'age' is worked out by the program and cannot be required\n");
  CHECK(faults_in("stages: {lead: [{name: new}, {name: b, from: [neu, b]}]}\n") ==
        "a.yaml:2:47: there is no stage 'neu'; did you mean 'new'?\n"
        "a.yaml:2:52: the stage 'b' cannot be reached from itself\n");
  CHECK(faults_in("stages: {lead: [{name: new, probability: '30'}]}\n") ==
        "a.yaml:2:42: 'probability' must be a whole number from 0 to 100, not '30'\n");
  for (const char* within : {"0h", "8x business", "2w business", "business", "-3d", "8 h"}) {
    CAPTURE(within);
    CHECK(faults_in("stages: {lead: [{name: new, within: " + std::string(within) + "}]}\n") != "");
  }
}

TEST_CASE("a stage that can never be reached is found") {
  CHECK(faults_in("stages:\n  lead:\n  - {name: a}\n  - {name: b, from: c}\n  - {name: c, from: [b]}\n") ==
        "a.yaml:5:12: the stage 'b' can never be reached; name a stage in its 'from' that can be, or leave "
        "'from' out\n"
        "a.yaml:6:12: the stage 'c' can never be reached; name a stage in its 'from' that can be, or leave "
        "'from' out\n");
  CHECK(faults_in(
            "stages:\n  lead:\n  - {name: a}\n  - {name: won, outcome: won}\n  - {name: c, from: won}\n") ==
        "");
  CHECK(faults_in("stages:\n  lead:\n  - {name: a}\n  - {name: b, from: [c]}\n  - {name: c}\n") == "");
}

TEST_CASE("faults in validations point into the expression") {
  CHECK(faults_in("validate: {lead: [{check: amount > 0}]}\n") ==
        "a.yaml:2:19: a validation needs 'message'\n");
  CHECK(faults_in("validate: {lead: [{check: amuont > 0, message: m}]}\n") ==
        "a.yaml:2:27: leads have no field 'amuont'; did you mean 'amount'?\n");
  CHECK(faults_in("validate:\n  lead:\n  - check: >\n      name is not null\n      and amuont > 0\n    "
                  "message: m\n") != "");
  CHECK(faults_in("validate:\n  lead:\n  - check: |\n      name is not null\n      and amuont > 0\n    "
                  "message: m\n") == "a.yaml:6:11: leads have no field 'amuont'; did you mean 'amount'?\n");
  CHECK(faults_in("validate: {lead: [{check: \"phone is null or amuont > 0\", message: m}]}\n") ==
        "a.yaml:2:45: leads have no field 'amuont'; did you mean 'amount'?\n");
  CHECK(faults_in("validate: {lead: [{check: followup_count > 0, message: m}]}\n") ==
        "a.yaml:2:27: 'followup_count' is worked out by the program and cannot be validated\n");
  CHECK(faults_in("validate: {lead: [{check: 'owner = me or changed(stage)', message: m}]}\n") == "");
  CHECK(faults_in("validate: {lead: [{check: \"stage = 'nwe'\", message: m}]}\n") ==
        "a.yaml:2:36: there is no stage 'nwe'; did you mean 'new'?\n");
}

TEST_CASE("an expression on fields that are themselves wrong is not blamed") {
  CHECK(
      faults_in(
          "fields: {lead: {budget: {type: mony}}}\nvalidate: {lead: [{check: budget > 5, message: m}]}\n") ==
      "a.yaml:2:32: unknown type 'mony'; did you mean 'money'?\n");
  // Nor are those on others let off.
  CHECK(faults_in("fields: {lead: {budget: {type: mony}}}\n"
                  "validate: {lead: [{check: buget > 5, message: m}, {check: budget > amuont, message: m}]}\n"
                  "rules: [{name: r, on: lead.created, do: [{set: {budget: x, nots: y}}]}]\n") ==
        "a.yaml:2:32: unknown type 'mony'; did you mean 'money'?\n"
        "a.yaml:3:27: leads have no field 'buget'; did you mean 'budget'?\n"
        "a.yaml:4:60: leads have no field 'nots'; did you mean 'note'?\n");
}

TEST_CASE("a role that approvals name is one of the file's, where it has any") {
  const std::string approvals =
      "approvals: [{name: a, on: lead.convert, by: role/bos, deadline: {after: 1d, to: role/chief}, "
      "fast-track: {role: dirctor}}]\n";
  CHECK(faults_in(approvals).empty());
  CHECK(faults_in(approvals +
                  "roles: {boss: {see: own}, director: {see: all}, admin: {see: all, edit: all}}\n") ==
        "a.yaml:2:45: there is no role 'bos'; did you mean 'boss'?\n"
        "a.yaml:2:81: there is no role 'chief'; known here: 'boss', 'director' and 'admin'\n"
        "a.yaml:2:113: there is no role 'dirctor'; did you mean 'director'?\n");
}

TEST_CASE("faults in reminders") {
  const std::string rest = ", when: due_at < now, every: 15m, template: t}]\n" + std::string(kDigest);
  CHECK(faults_in("reminders: [{name: r, for: followup" + rest) == "");
  CHECK(faults_in("reminders: [{for: followup" + rest) == "a.yaml:2:13: a reminder needs 'name'\n");
  CHECK(faults_in("reminders: [{name: r" + rest) == "a.yaml:2:13: a reminder needs 'for'\n");
  CHECK(faults_in("reminders: [{name: r, for: team" + rest) ==
        "a.yaml:2:28: a team has no owner: nobody could be reminded of it\n");
  CHECK(faults_in("reminders: [{name: r, for: followup, hours: late" + rest) ==
        "a.yaml:2:45: 'late' are no hours; write 09:00-18:00, 'workdays 09:00-18:00', or 'calendar' for the "
        "workflow's\n");
  CHECK(faults_in("reminders: [{name: r, for: followup, escalate: {after: soon}" + rest) ==
        "a.yaml:2:48: 'escalate' needs 'to'\na.yaml:2:56: 'soon' is no length of time; write 30m, 48h, 2d or "
        "1w\n");
  CHECK(faults_in("reminders:\n"
                  "- {name: r, for: followup, when: due_at < now, every: 15m, template: t}\n"
                  "- {name: r, for: followup, when: owner = me, every: 15m, template: t}\n" +
                  std::string(kDigest)) ==
        "a.yaml:4:10: the reminder 'r' occurs twice\n"
        "a.yaml:4:42: 'me' means nobody here\n");
}

TEST_CASE("faults in templates point into the text") {
  const std::string reminder =
      "reminders: [{name: r, for: followup, when: due_at < now, every: 15m, template: t}]\n";
  const auto fault = [&](const std::string& body) {
    return faults_in(reminder + "templates: {t: {subject: s, body: \"" + body + "\"}}\n");
  };
  CHECK(fault("x {{#each rows}}{{nam}}{{/each}}") ==
        "a.yaml:3:52: unknown name 'nam'; did you mean 'name'?\n");
  CHECK(fault("{{about_name}}")
            .starts_with("a.yaml:3:36: unknown name 'about_name'; known here: 'name', 'count'"));
  CHECK(fault("{{#each leads}}{{/each}}") == "a.yaml:3:36: unknown list 'leads'; did you mean 'rows'?\n");
  CHECK(fault("{{rows}}") == "a.yaml:3:36: 'rows' is a list; write {{#each rows}} … {{/each}}\n");
  CHECK(fault("{{#if count}}x") == "a.yaml:3:36: '{{#if' is never closed; end it with '{{/if}}'\n");
  CHECK(faults_in("templates: {t: {subject: s}}\n") == "a.yaml:2:16: a template needs 'body'\n");
  CHECK(faults_in("templates:\n  t:\n    subject: s\n    body: |\n      first\n      second {{oh no}}\n") ==
        "a.yaml:7:14: '{{oh no}}' is no part of a template; write {{name}}, {{#each rows}} … {{/each}}, or "
        "{{#if name}} "
        "… {{else}} … {{/if}}\n");
}

TEST_CASE("a problem shows its line with a caret") {
  std::vector<Problem> problems;
  CHECK(crm::read_definition("workflow: a\ncountry: 中国\n", "a.yaml", problems) == nullptr);
  REQUIRE(problems.size() == 1);
  CHECK(crm::describe(problems[0], true) ==
        "a.yaml:2:10: unknown country '中国'; write an ISO 3166 code of two capital letters, such as CN\n"
        "  country: 中国\n"
        "           ^");
}
