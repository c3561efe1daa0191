#include "modules/yaml.h"

#include <doctest/doctest.h>

#include <ctime>
#include <string>
#include <vector>

using crm::Node;
using crm::Problem;

namespace {

Node read(const std::string& text) {
  std::vector<Problem> problems;
  auto node = crm::read_yaml(text, "a.yaml", problems);
  for (const Problem& problem : problems) INFO(crm::describe(problem, true));
  REQUIRE(problems.empty());
  REQUIRE(node.has_value());
  return *node;
}

// "line:column: message" of each problem.
std::vector<std::string> faults(const std::string& text) {
  std::vector<Problem> problems;
  const auto node = crm::read_yaml(text, "a.yaml", problems);
  CHECK(node.has_value() == problems.empty());
  std::vector<std::string> out;
  for (const Problem& problem : problems) {
    CHECK(problem.location.file == "a.yaml");
    out.push_back(std::to_string(problem.location.line) + ':' + std::to_string(problem.location.column) +
                  ": " + problem.message);
  }
  return out;
}

std::string first_fault(const std::string& text) {
  const auto all = faults(text);
  return all.empty() ? "" : all.front();
}

std::string repeated(const std::string& piece, std::size_t bytes) {
  std::string out;
  while (out.size() + piece.size() <= bytes) out += piece;
  return out;
}

}  // namespace

TEST_CASE("a document is read as it was written") {
  const Node root =
      read("workflow: b2b\nfields:\n  lead: {码: '007', n: 007, empty: , nil: ~}\nlist:\n- 1\n- \"a\\tb\"\n");
  REQUIRE(root.kind == Node::Kind::map);
  CHECK(root.find("workflow")->text == "b2b");
  CHECK_FALSE(root.find("workflow")->quoted);
  const Node& lead = *root.find("fields")->find("lead");
  CHECK(lead.line == 3);
  CHECK(lead.column == 9);
  CHECK(lead.find("码")->text == "007");
  CHECK(lead.find("码")->quoted);
  CHECK(lead.find("n")->text == "007");
  CHECK_FALSE(lead.find("n")->quoted);
  CHECK(lead.find("n")->column == 23);
  CHECK(lead.find("empty")->kind == Node::Kind::null);
  CHECK(lead.find("nil")->kind == Node::Kind::null);
  const Node& list = *root.find("list");
  REQUIRE(list.items.size() == 2);
  CHECK(list.items[0].text == "1");
  CHECK(list.items[1].text == "a\tb");
}

TEST_CASE("a block of text counts as quoted, and line ends are plain") {
  const Node root = read(
      "\xEF\xBB\xBF"
      "a: |\r\n  1\r\n  2\r\nb: x\r\n");
  CHECK(root.find("a")->text == "1\n2\n");
  CHECK(root.find("a")->quoted);
  CHECK(root.find("b")->line == 4);
}

TEST_CASE("an empty document is a null node") {
  for (const char* text : {"", "\n\n", "# nothing\n", "---\n", "~"}) {
    CAPTURE(text);
    CHECK(read(text).kind == Node::Kind::null);
  }
}

TEST_CASE("what plain data does not contain is refused with its place") {
  CHECK(first_fault("a: &x 1\n") == "1:4: an anchor ('&name') is not taken here");
  CHECK(faults("a: &x 1\nb: *x\n").size() == 2);
  CHECK(first_fault("a: *x\n") == "1:4: an alias ('*name') is not taken here");
  CHECK(first_fault("a: !!int 1\n") == "1:4: a tag ('!name') is not taken here");
  CHECK(first_fault("a: ! 1\n") == "1:4: a tag ('!name') is not taken here");
  CHECK(first_fault("x: 1\n<<: {b: 1}\n") == "2:1: the merge key '<<' is not taken here");
  CHECK(first_fault("? [a]\n: 1\n") == "1:3: a key is a list or a map");
  CHECK(first_fault("{: 1}") != "");
  CHECK(first_fault("~: 1") == "1:1: a key is empty or null");
  CHECK(first_fault("a: 1\n---\nb: 1\n") == "2:1: a second document begins here");
  CHECK(first_fault("a: 1\n...\nb: 1\n") == "3:1: unexpected text after the end of the document");
  CHECK(first_fault("a: 1\nb: '\xFF'\n") == "2:5: this is not valid UTF-8");
  CHECK(first_fault("a: \"张\x01\"\n") == "1:6: a control character");
  CHECK(first_fault("a: \xC2\x9B") == "1:4: a control character");
  CHECK(first_fault(std::string("a: \0", 4)) == "1:4: a control character");
  CHECK(first_fault("a: 1\nb: {c: 1, c: 2}\na: 3\n") == "2:11: the key 'c' occurs twice");
  CHECK(faults("a: 1\nb: {c: 1, c: 2}\na: 3\n").size() == 2);
}

TEST_CASE("faults of syntax are told in plain words") {
  CHECK(first_fault("a: 1\n b: 2\n") == "2:3: a value cannot stand here");
  CHECK(first_fault("a: [1, 2\nb: 3\n") != "");
  CHECK(first_fault("a: @x\n") == "1:4: a value cannot begin with this character");
  CHECK(first_fault("a:\n\tb: 1\n") == "2:1: a tab in the indentation");
  CHECK(first_fault("a: \"x\\y\"\n") == "1:8: unknown escape after '\\' in double quotes");
  CHECK(first_fault("a: \"x").ends_with("the file ends inside quotes"));
  CHECK(first_fault("a: \"x\n") == "1:4: the quotes opened here are never closed");
  CHECK(first_fault("a: 'it''s\nb: 1\n") == "1:4: the quotes opened here are never closed");
  CHECK(faults("a: 'it''s'\nb: \"\\\"\"\n").empty());
  CHECK(first_fault("a: ]\n") == "1:4: this bracket closes nothing");
  CHECK(first_fault("a: 'x' y\n") != "");
}

TEST_CASE("a problem carries the line it lies in") {
  std::vector<Problem> problems;
  CHECK_FALSE(crm::read_yaml("ok: 1\r\n名字: @x\r\n", "a.yaml", problems));
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].line_text == "名字: @x");
  CHECK(crm::describe(problems[0], true) ==
        "a.yaml:2:5: a value cannot begin with this character; put text with such characters in quotes\n"
        "  名字: @x\n"
        "        ^");
}

TEST_CASE("bounds hold at the limit and one past it") {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(faults(nested(64)).empty());
  CHECK(first_fault(nested(65)) == "1:65: lists and maps nested more than 64 deep");
  const auto list = [](std::size_t items) { return "[" + repeated("1,", 2 * (items - 1)) + "1]"; };
  CHECK(faults(list(99'999)).empty());
  CHECK(first_fault(list(100'000)).ends_with("more than 100,000 values"));
  const std::size_t mebibyte = std::size_t{1} << 20;
  CHECK(faults("a: " + std::string(mebibyte - 3, 'x')).empty());
  CHECK(first_fault("a: " + std::string(mebibyte - 2, 'x')) == "0:0: the file is larger than 1 MiB");
}

TEST_CASE("no input takes long") {
  const std::size_t mebibyte = std::size_t{1} << 20;
  std::vector<std::string> bombs = {","};
  for (const char* piece :
       {"{a: {a: ", "[", "- ",  "? ",  "[? ",   "{a: b, ", "[''", "\"", "a: ",    "a\n",          "\n",
        "#",        "!", "&a ", "*a ", "---\n", "- |\n ",  "[,",  ": ", "a: [\n", "&a [*a, *a]\n"}) {
    bombs.push_back(repeated(piece, mebibyte));
    bombs.push_back("a: [" + repeated(piece, mebibyte - 5));
  }
  for (const std::string& bomb : bombs) {
    CAPTURE(bomb.substr(0, 12));
    std::vector<Problem> problems;
    const std::clock_t start = std::clock();  // processor time: other work on the machine does not count
    (void)crm::read_yaml(bomb, "a.yaml", problems);
    CHECK(std::clock() - start < 2 * CLOCKS_PER_SEC);
  }
}
