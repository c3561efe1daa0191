// A file of tests of a workflow, as it is written.
#pragma once

#include <string>
#include <vector>

#include "base/document.h"
#include "crm/error.h"

namespace crm {

struct TestStep {
  enum class Kind { expect, advance, act } kind = Kind::expect;
  Node value;
  int fails = 0;  // the exit code that a command is expected to end with
  int line = 0;
  int column = 0;
};

struct TestCase {
  std::string name;
  std::string at;           // wall time in the workflow's zone
  std::vector<Node> given;  // each a map of one kind to its fields
  std::vector<TestStep> steps;
  int line = 0;
  int at_line = 0, at_column = 0;
};

struct TestFile {
  std::string workflow;  // path, from the directory of the file
  std::vector<TestCase> tests;
};

// All that is wrong is appended to the problems; the file is then of no use.
TestFile read_test_file(const std::string& text, const std::string& file, std::vector<Problem>& problems);

}  // namespace crm
