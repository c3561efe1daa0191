#include "commands/kind_argument.h"

#include <crm/error.h>
#include <crm/text.h>

#include <vector>

namespace crm::cmd {

const Entity& kind_argument(const std::string& word) {
  if (const Entity* kind = find_entity(word)) return *kind;
  std::vector<std::string> names;
  for (const Entity& kind : entities()) names.emplace_back(kind.name);
  const auto near = nearest(word, names);
  throw Error(ErrorCode::usage, "unknown kind " + crm::quoted(word),
              near ? "did you mean " + crm::quoted(*near) + "?" : "one of " + listed(names));
}

}  // namespace crm::cmd
