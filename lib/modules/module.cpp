#include "modules/module.h"

#include <dlfcn.h>

#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "base/text.h"
#include "crm/error.h"

#ifdef CRM_STATIC_MODULES
extern "C" void* crm_module_yaml();
extern "C" void* crm_module_phone();
extern "C" void* crm_module_charset();
#endif

namespace crm {
namespace {

[[noreturn]] void throw_missing(std::string_view name, std::string_view reason) {
  throw Error(ErrorCode::failed, "cannot load the module " + crm::quoted(name) + ": " + std::string(reason),
              "install crm again, modules included");
}

using Entry = void* (*)();

// What this program carries itself.
Entry linked_entry([[maybe_unused]] std::string_view name) {
#ifdef CRM_STATIC_MODULES
  if (name == "yaml") return crm_module_yaml;
  if (name == "phone") return crm_module_phone;
  if (name == "charset") return crm_module_charset;
#endif
  return nullptr;
}

// The file that this code was loaded from. Absolute: a module must never come from where somebody happens to
// work.
std::filesystem::path own_file() {
  Dl_info info{};
  static const char here = 0;
  if (dladdr(&here, &info) != 0 && info.dli_fname != nullptr && info.dli_fname[0] == '/')
    return info.dli_fname;
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error);
}

std::vector<std::string> places_of(std::string_view name) {
  const std::string file = std::string(name) + ".so";
  std::vector<std::string> places;
  if (const std::filesystem::path own = own_file(); own.is_absolute()) {
    places.push_back(own.parent_path() / "crm" / file);
    places.push_back(own.parent_path().parent_path() / "lib" / "crm" / file);
  }
  places.push_back(std::filesystem::path(CRM_MODULE_DIR) / file);
  return places;
}

Entry find_entry(std::string_view name) {
  if (const Entry linked = linked_entry(name)) return linked;
  for (const std::string& place : places_of(name)) {
    std::error_code error;
    if (!std::filesystem::exists(place, error)) continue;
    void* const module = dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (module == nullptr) throw_missing(name, dlerror());
    void* const entry = dlsym(module, ("crm_module_" + std::string(name)).c_str());
    if (entry == nullptr) throw_missing(name, crm::quoted(place) + " is no module");
    return reinterpret_cast<Entry>(entry);
  }
  throw_missing(name, crm::quoted(std::string(name) + ".so") + " is in none of the places for modules");
}

}  // namespace

void* load_module(std::string_view name) {
  return find_entry(name)();
}

}  // namespace crm
