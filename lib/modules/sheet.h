// Office documents as packages of XML parts, by the sheet module (libzip, expat), loaded on first use.
#pragma once

#include <memory>
#include <string>

#include "modules/sheet/interface.h"

namespace crm {

// Throws Error{invalid} for a file that is no ZIP archive, Error{failed} where the module cannot be loaded.
std::unique_ptr<Package> open_package(const std::string& path, const PackageLimits& limits = {});

}  // namespace crm
