#include "entity/heading.h"

#include "base/han.h"
#include "base/text.h"
#include "crm/kind.h"

namespace crm {

std::string heading_key(std::string_view heading) {
  std::string key;
  for (const char c : simplified(folded(heading))) {
    if (c != ' ' && c != '_' && c != '-' && c != '*') key += c;
  }
  // How Chinese templates mark a column that must be filled in.
  constexpr std::string_view kRequired = "(必填)";
  if (key.size() > kRequired.size() && key.ends_with(kRequired)) key.resize(key.size() - kRequired.size());
  return key;
}

bool is_number_heading(std::string_view heading, const Entity& kind) {
  const std::string key = heading_key(heading);
  for (const std::string_view word : {kind.name, kind.alias, kind.label.zh}) {
    const std::string prefix = heading_key(word);
    if (prefix.empty() || !key.starts_with(prefix)) continue;
    const std::string rest = key.substr(prefix.size());
    if (rest == "id" || rest == "no" || rest == "编号") return true;
  }
  return false;
}

bool is_bare_number_heading(std::string_view heading) {
  const std::string key = heading_key(heading);
  return key == "id" || key == "编号" || key == "recordid" || key == "externalid" || key == "uuid" ||
         key == "guid" || key == "记录id" || key == "记录编号";
}

}  // namespace crm
