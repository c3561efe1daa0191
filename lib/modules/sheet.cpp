#include "modules/sheet.h"

#include "base/text.h"
#include "crm/error.h"
#include "modules/module.h"

namespace crm {

std::unique_ptr<Package> open_package(const std::string& path, const PackageLimits& limits) {
  static const auto* module = static_cast<const SheetModule*>(load_module("sheet"));
  const char* fault = nullptr;
  std::unique_ptr<Package> package = module->open_package(path.c_str(), limits, fault);
  if (package == nullptr) throw Error(ErrorCode::invalid, quoted(path) + " cannot be read: " + fault);
  return package;
}

}  // namespace crm
