// Data that is too large, or not ours, to be kept with the sources: beside the source tree, or where
// CRM_SHARED_DATA says.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

namespace crm::test {

// Nothing, with a message, where it is not there.
inline std::optional<std::string> shared_data(const std::string& name) {
  const char* folder = std::getenv("CRM_SHARED_DATA");
  const std::filesystem::path root = folder != nullptr ? folder : CRM_SOURCE_DIR "/../shared/data";
  if (std::filesystem::exists(root / name)) return (root / name).string();
  MESSAGE("skipped: there is no " << (root / name).string());
  return std::nullopt;
}

}  // namespace crm::test
