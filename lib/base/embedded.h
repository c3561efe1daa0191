// The files under schemas/ that the build puts into the library, and the workflow files of the examples.
#pragma once

#include <span>
#include <string_view>

namespace crm {

struct EmbeddedFile {
  std::string_view
      name;  // path below schemas/, such as "sqlite/0001_main.sql"; or "examples/NAME/workflow.yaml"
  std::string_view text;
};

// In order of name.
std::span<const EmbeddedFile> embedded_files();

}  // namespace crm
