#include "exchange/fault.h"

#include <string>
#include <utility>
#include <vector>

namespace crm {

void throw_fault(Problem problem, ErrorCode code) {
  const std::string message = problem.message;
  std::string hint = std::exchange(problem.hint, {});
  std::vector<Problem> problems;
  problems.push_back(std::move(problem));
  throw Error(code, message, std::move(hint)).with_problems(std::move(problems));
}

}  // namespace crm
