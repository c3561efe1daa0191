// YAML files, read by the yaml module (yaml-cpp), which is loaded on first use.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/document.h"
#include "crm/error.h"

namespace crm {

// Reads one YAML 1.2 document of plain data. Refused, each with a place: more than 1 MiB, depth over 64, more
// than 100,000 nodes, anchors, aliases, tags, duplicate keys, keys that are not scalars, `<<`, a second
// document, invalid UTF-8, control characters. Takes at most 1 second and 64 MB for any input. `file` is only
// for the places. Nothing where problems were found. An empty document is a null node. Throws Error{failed}
// where the module cannot be loaded.
std::optional<Node> read_yaml(std::string_view text, const std::string& file, std::vector<Problem>& problems);

}  // namespace crm
