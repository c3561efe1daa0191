#include <crm/workflow.h>

#include <crm/error.h>
#include <crm/text.h>

#include "app/context.h"
#include "commands/commands.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

int run_check(Context& context, const Arguments& arguments) {
  const std::vector<std::string>& files = arguments.arguments("FILE");
  std::vector<Problem> problems = check_workflow_files(files);
  if (problems.empty()) {
    for (const std::string& file : files) context.say(quoted(file) + " has no problems");
    return 0;
  }
  const std::string count =
      std::to_string(problems.size()) + (problems.size() == 1 ? " problem" : " problems");
  throw Error(ErrorCode::invalid, count + " in " + listed(files)).with_problems(std::move(problems));
}

}  // namespace

CommandSpec workflow_check_command() {
  CommandSpec spec;
  spec.words = {"workflow", "check"};
  spec.summary = "check workflow files without a database";
  spec.details =
      "Keys, types, expressions, templates, and names that are used but not defined. All problems are told "
      "at "
      "once, each with its place; the exit code is then 4. Names of users are checked by 'crm workflow "
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
