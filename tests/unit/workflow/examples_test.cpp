// The example processes are sound.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "crm/workflow.h"
#include "process/business_calendar.h"
#include "unit/source_directory.h"
#include "workflow/definition.h"

TEST_CASE("every workflow file of the examples has no problems") {
  const std::filesystem::path examples = crm::test::source_directory() / "examples";
  std::vector<std::string> files = {examples / "calendar-cn-2026.yaml"};
  for (const auto& entry : std::filesystem::directory_iterator(examples)) {
    if (std::filesystem::exists(entry.path() / "workflow.yaml"))
      files.push_back(entry.path() / "workflow.yaml");
  }
  CHECK(files.size() > 1);
  const crm::CheckedWorkflows checked = crm::check_workflow_files(files);
  CHECK(checked.unreadable.empty());
  for (const crm::Problem& problem : checked.problems) FAIL_CHECK(describe(problem, true));
}

TEST_CASE("the calendar of mainland China for 2026 has as many working days as the notice leaves") {
  const std::string file = crm::test::source_directory() / "examples" / "calendar-cn-2026.yaml";
  std::vector<crm::Problem> problems;
  const auto process = crm::read_definition(crm::read_workflow_file(file), file, problems);
  REQUIRE(process != nullptr);
  int working = 0;
  for (std::chrono::sys_days day = std::chrono::year(2026) / 1 / 1; day < std::chrono::year(2027) / 1 / 1;
       day += std::chrono::days(1)) {
    if (!crm::open_hours(process->calendar, crm::Date(day)).empty()) ++working;
  }
  CHECK(working == 248);
  using namespace std::chrono_literals;
  CHECK_FALSE(crm::open_hours(process->calendar, 2026y / 2 / 14).empty());
  CHECK(crm::open_hours(process->calendar, 2026y / 2 / 16).empty());
  CHECK(crm::open_hours(process->calendar, 2026y / 10 / 8).size() == 2);
}
