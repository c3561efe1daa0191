#include <crm/workflow.h>

#include <crm/error.h>
#include <crm/text.h>

#include <algorithm>
#include <array>

#include "app/context.h"
#include "commands/commands.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

// For scripts that ask for a format: a row for each problem.
void write_rows(Writer& writer, const CheckedWorkflows& checked) {
  static const std::array<Column, 6> kColumns{{{.name = "file", .label = "file"},
                                               {.name = "line", .label = "line", .right = true},
                                               {.name = "column", .label = "column", .right = true},
                                               {.name = "message", .label = "message", .wide = true},
                                               {.name = "hint", .label = "hint", .wide = true},
                                               {.name = "severity", .label = "severity"}}};
  writer.begin(kColumns);
  const auto write = [&](const Problem& problem, const char* severity) {
    const std::string line = std::to_string(problem.location.line);
    const std::string column = std::to_string(problem.location.column);
    const std::array<Cell, 6> cells{{{CellType::text, problem.location.file, {}},
                                     {CellType::number, line, {}},
                                     {CellType::number, column, {}},
                                     {CellType::text, problem.message, {}},
                                     problem.hint.empty() ? Cell() : Cell{CellType::text, problem.hint, {}},
                                     {CellType::text, severity, {}}}};
    writer.row(cells);
  };
  for (const Problem& problem : checked.problems) write(problem, "error");
  for (const Problem& warning : checked.warnings) write(warning, "warning");
  writer.end();
}

int run_check(Context& context, const Arguments& arguments) {
  const std::vector<std::string>& files = arguments.arguments("FILE");
  const CheckedWorkflows checked = check_workflow_files(files);
  const std::vector<Problem>& problems = checked.problems;
  if (context.settings().format) {
    write_rows(*context.picking_writer(Shape::list), checked);
  } else {
    const bool with_source = context.out().is_terminal();
    for (const Problem& problem : problems) context.out().write(describe(problem, with_source) + '\n');
    for (Problem warning : checked.warnings) {
      warning.message.insert(0, "warning: ");
      context.out().write(describe(warning, with_source) + '\n');
    }
  }
  if (!checked.unreadable.empty()) {
    const Error& first = checked.unreadable.front();
    std::string all = first.message();
    for (std::size_t i = 1; i < checked.unreadable.size(); ++i) all += "; " + checked.unreadable[i].message();
    throw Error(first.code(), all, first.hint());
  }
  std::vector<std::string> faulty;
  for (const std::string& file : files) {
    const bool has_one = std::any_of(problems.begin(), problems.end(),
                                     [&](const Problem& problem) { return problem.location.file == file; });
    if (has_one) {
      faulty.push_back(file);
    } else {
      context.say(quoted(file) + " has no problems");
    }
  }
  if (problems.empty()) return 0;
  context.say(std::to_string(problems.size()) + (problems.size() == 1 ? " problem" : " problems") + " in " +
              listed(faulty.empty() ? files : faulty));
  return static_cast<int>(ErrorCode::invalid);
}

}  // namespace

CommandSpec workflow_check_command() {
  CommandSpec spec;
  spec.words = {"workflow", "check"};
  spec.summary = "check workflow files without a database";
  spec.details =
      "Keys, types, expressions, templates, and names that are used but not defined. All problems are told "
      "at "
      "once on the standard output, each with its place, on a terminal with the line and a caret too; the "
      "exit code is then 4. A warning, that rules on one event set one field to different values, does not "
      "count. Rows of "
      "tables that an earlier one always shadows and stages that can never be reached are problems as well. "
      "Names of users are checked by 'crm workflow "
      "apply'.";
  spec.examples = {{"crm workflow check b2b.yaml", "each problem as FILE:LINE:COLUMN: message"},
                   {"crm workflow show | crm workflow check -", "the one in force, held to this version"}};
  spec.arguments = {{.name = "FILE",
                     .help = "a workflow file; - for the standard input",
                     .repeated = true,
                     .completion = Completion::file}};
  spec.needs = Needs::nothing;
  spec.run = run_check;
  return spec;
}

}  // namespace crm::cmd
