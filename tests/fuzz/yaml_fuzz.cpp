// YAML files: the bounds hold, every fault has a place, and what is read is plain data.
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "crm/error.h"
#include "fuzz/require.h"
#include "modules/yaml.h"

namespace crm {
namespace {

void check(const Node& node, int depth) {
  require(depth <= 64);
  require(node.line >= 1 && node.column >= 1);
  require(is_valid_utf8(node.text));
  require(node.kind == Node::Kind::scalar || node.text.empty());
  for (const Node& item : node.items) check(item, depth + 1);
  std::set<std::string_view> keys;
  for (const auto& [key, value] : node.entries) {
    require(key.kind == Node::Kind::scalar);
    require(keys.insert(key.text).second);
    check(value, depth + 1);
  }
}

}  // namespace
}  // namespace crm

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace crm;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<Problem> problems;
  const auto root = read_yaml(text, "a.yaml", problems);
  require(root.has_value() == problems.empty());
  if (root) check(*root, 0);
  for (const Problem& problem : problems) {
    require(problem.location.line >= 1 && problem.location.column >= 1);
    require(is_valid_utf8(describe(problem, true)));
  }
  return 0;
}
