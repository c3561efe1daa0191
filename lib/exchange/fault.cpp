#include "exchange/fault.h"

#include <string>
#include <utility>
#include <vector>

namespace crm {

void throw_fault(Problem problem, ErrorCode code) {
  Problem plain = problem;
  plain.hint.clear();
  const std::string message = describe(plain, false);
  std::string hint = problem.hint;
  std::vector<Problem> problems;
  problems.push_back(std::move(problem));
  throw Error(code, message, std::move(hint)).with_problems(std::move(problems));
}

}  // namespace crm
