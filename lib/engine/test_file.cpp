#include "engine/test_file.h"

#include "base/text.h"
#include "modules/yaml.h"
#include "workflow/map_reader.h"

namespace crm {
namespace {

constexpr std::string_view kFileNames[] = {"workflow", "tests"};
constexpr std::string_view kTestNames[] = {"name", "at", "given", "steps"};
constexpr std::string_view kStepNames[] = {"expect", "advance", "do", "fails"};
constexpr MapKeys kFile = {"", kFileNames};
constexpr MapKeys kTest = {"test", kTestNames};
constexpr MapKeys kStep = {"step", kStepNames};

bool has_one_entry(const Node& node, std::string_view what, Faults& faults) {
  if (node.kind == Node::Kind::map && node.entries.size() == 1) return true;
  faults.add(node, std::string(what) + " has one key", "begin each with '- '");
  return false;
}

// The exit code that a command is expected to end with.
int read_code(const MapReader& map) {
  constexpr int kMost = 255;
  return map.integer("fails", 1, kMost).value_or(0);
}

void read_step(const Node& item, TestCase& test, Faults& faults) {
  const MapReader map(item, kStep, "a step", faults);
  const bool fails = item.kind == Node::Kind::map && item.find("fails") != nullptr;
  if (item.kind != Node::Kind::map || item.entries.size() != (fails ? 2 : 1) ||
      (fails && item.find("do") == nullptr)) {
    faults.add(item, "a step is one of 'expect', 'advance' and 'do'",
               "begin each with '- '; 'fails: CODE' goes with 'do'");
    return;
  }
  const NodeEntry& entry =
      item.entries.front().key.text == "fails" ? item.entries.back() : item.entries.front();
  TestStep step;
  step.line = entry.key.line;
  step.column = entry.key.column;
  step.value = entry.value;
  step.fails = fails ? read_code(map) : 0;
  step.kind = entry.key.text == "expect"    ? TestStep::Kind::expect
              : entry.key.text == "advance" ? TestStep::Kind::advance
                                            : TestStep::Kind::act;
  const bool fits = step.kind == TestStep::Kind::expect ? entry.value.kind == Node::Kind::map
                                                        : entry.value.kind == Node::Kind::scalar;
  if (!fits)
    faults.add(entry.value,
               quoted(entry.key.text) +
                   (step.kind == TestStep::Kind::expect ? " must be a map" : " must be one text"));
  test.steps.push_back(std::move(step));
}

TestCase read_test(const Node& node, Faults& faults) {
  const MapReader map(node, kTest, "a test", faults);
  TestCase test;
  test.line = node.line;
  test.name = map.required_text("name").value_or("");
  test.at = map.required_text("at").value_or("");
  const Node* at = map.find("at");
  test.at_line = at != nullptr ? at->line : node.line;
  test.at_column = at != nullptr ? at->column : node.column;
  if (const Node* given = map.find("given")) {
    for (const Node& item : items_of(*given, "'given'", faults)) {
      if (has_one_entry(item, "what is given", faults)) test.given.push_back(item);
    }
  }
  if (const Node* steps = map.require("steps")) {
    for (const Node& item : items_of(*steps, "'steps'", faults)) read_step(item, test, faults);
  }
  return test;
}

}  // namespace

TestFile read_test_file(const std::string& text, const std::string& file, std::vector<Problem>& problems) {
  TestFile result;
  const std::optional<Node> root = read_yaml(text, file, problems);
  if (!root) return result;
  Faults faults(text, file, problems);
  const MapReader map(*root, kFile, "a file of tests", faults);
  result.workflow = map.required_text("workflow").value_or("");
  if (const Node* tests = map.require("tests")) {
    for (const Node& item : items_of(*tests, "'tests'", faults))
      result.tests.push_back(read_test(item, faults));
  }
  faults.finish();
  return result;
}

}  // namespace crm
