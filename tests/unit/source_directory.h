// Where the sources and the data of the tests are.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace crm::test {

// The top of the source tree.
std::filesystem::path source_directory();

// Data that is too large, or not ours, to be kept with the sources: beside the source tree, or where
// CRM_SHARED_DATA says. Nothing, with a message, where it is not there.
std::optional<std::string> shared_data(const std::string& name);

}  // namespace crm::test
