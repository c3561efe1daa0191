#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

#include "crm/error.h"
#include "workflow/definition.h"

namespace {

std::string refused(const std::string& text) {
  std::vector<crm::Problem> problems;
  CHECK(crm::read_definition(text, "a.yaml", problems) == nullptr);
  std::string lines;
  for (const crm::Problem& problem : problems) lines += crm::describe(problem, false) + '\n';
  return lines;
}

std::string refused_body(const std::string& body) {
  return refused("workflow: a\n" + body);
}

}  // namespace

TEST_CASE("hostile files end soon with an answer") {
  const auto repeated = [](const std::string& piece, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += piece;
    return out;
  };
  const auto begin = std::chrono::steady_clock::now();
  CHECK(refused_body("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n") != "");
  CHECK(refused_body("stages: " + repeated("[", 100'000)) != "");
  CHECK(refused_body("fields: {lead: {" + repeated("a", 900'000) + ": {type: text}}}\n") != "");
  CHECK(refused_body("validate: {lead: [{message: m, check: \"" + repeated("(", 900'000) + "\"}]}\n") != "");
  CHECK(refused_body("description: \"" + repeated("x", 2'000'000) + "\"\n") != "");
  std::string many = "fields:\n  lead:\n";
  for (int i = 0; i < 10'000; ++i)
    many += "    f" + std::to_string(i) + ": {type: choice, choices: [a, b]}\n";
  CHECK(refused_body(many) == "a.yaml:204:5: more than 200 custom fields of one kind\n");
  std::string stages = "stages:\n  lead:\n";
  for (int i = 0; i < 10'000; ++i) stages += "    - {name: s" + std::to_string(i) + "}\n";
  CHECK(refused_body(stages) == "a.yaml:104:7: more than 100 stages\n");
  std::string unknown;
  for (int i = 0; i < 40'000; ++i) unknown += "k" + std::to_string(i) + ": 1\n";
  CHECK(refused_body(unknown).ends_with("a.yaml: there are more faults; put these right first\n"));
  CHECK(refused(",") != "");
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(60));
}

TEST_CASE("holding conditions against each other ends soon too") {
  const auto list = [](int row, int values) {
    std::string in = "region in (";
    for (int i = 0; i < values; ++i)
      in += (i == 0 ? "'a" : ",'a") + std::to_string(row) + '_' + std::to_string(i) + '\'';
    return in + ')';
  };
  const auto accepted = [](const std::string& body) {
    const auto begin = std::chrono::steady_clock::now();
    std::vector<crm::Problem> problems;
    CHECK(crm::read_definition("workflow: a\n" + body, "a.yaml", problems) != nullptr);
    CHECK(problems.empty());
    // Of what the sanitizers take, most is reading. What comparing may cost has a test without a clock.
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(60));
  };
  std::string rules = "rules:\n";
  std::string rows = "assign:\n  lead:\n";
  for (int i = 0; i < 450; ++i) {
    const std::string number = std::to_string(i);
    rules += "  - {name: r" + number + ", on: lead.created, when: \"" + list(i, 150) +
             "\", do: [{set: {note: n" + number + "}}]}\n";
    rows += "    - {when: \"" + list(i, 50) + " or " + list(1000 + i, 50) + "\", to: a}\n";
  }
  accepted(rules);
  accepted(rows);
}

TEST_CASE("what a file names in lists has bounds, and nothing is looked up for faults that nobody reads") {
  const auto names = [](const std::string& name, int count) {
    std::string list = name + "0";
    for (int i = 1; i < count; ++i) list += ", " + name + std::to_string(i);
    return list;
  };
  const auto tells = [](const std::string& body, const char* what) {
    return refused_body(body).find(what) != std::string::npos;
  };
  CHECK(tells("assign: {lead: [{to: [" + names("u", 501) + "]}]}\n",
              ": more than 500 names; make a team of them\n"));
  CHECK(tells("fields: {lead: {c: {type: choice, choices: [" + names("c", 1001) + "]}}}\n",
              ": more than 1000 choices; make it a field of type 'text', or a reference\n"));
  const auto begin = std::chrono::steady_clock::now();
  std::string checks =
      "fields: {lead: {c: {type: choice, choices: [" + names("c", 1000) + "]}}}\nvalidate:\n  lead:\n";
  for (int i = 0; i < 10'000; ++i)
    checks += "    - {check: \"c = 'd" + std::to_string(i) + "'\", message: x}\n";
  CHECK(refused_body(checks).ends_with("a.yaml: there are more faults; put these right first\n"));
  std::string roles = "roles:\n";
  for (int i = 0; i < 90; ++i)
    roles += "  r" + std::to_string(i) + ": {reveal: [" + names("nmae", 900) + "]}\n";
  CHECK(refused_body(roles).ends_with("a.yaml: there are more faults; put these right first\n"));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20));
}
