#include "unit/source_directory.h"

#include <doctest/doctest.h>

#include <cstdlib>

namespace crm::test {

// Only this file is compiled with the directory's name: a compiler cache then serves work trees in different
// places.
std::filesystem::path source_directory() {
  return CRM_SOURCE_DIR;
}

std::optional<std::string> shared_data(const std::string& name) {
  const char* folder = std::getenv("CRM_SHARED_DATA");
  const std::filesystem::path root =
      folder != nullptr ? std::filesystem::path(folder) : source_directory().parent_path() / "shared/data";
  if (std::filesystem::exists(root / name)) return (root / name).string();
  MESSAGE("skipped: there is no " << (root / name).string());
  return std::nullopt;
}

}  // namespace crm::test
