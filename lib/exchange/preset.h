// What is known of the files of other systems: which column of their export means what.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crm/exchange.h"
#include "exchange/mapping_rules.h"

namespace crm {

struct Preset {
  std::string name;    // "salesforce-contact": the file's name
  std::string system;  // "salesforce"; also the source of references that are a bare key
  std::string about;   // for people
  Kind kind{};
  std::vector<std::vector<std::string>> needs;  // heading keys; the file has all of one of these
  std::vector<std::string> create_missing;
  MappingRules rules;

  // How many of the headings (by heading_key) it knows; nothing where the file lacks what it needs.
  std::optional<std::size_t> fit(const std::vector<std::string>& keys) const;
  bool knows(std::string_view heading) const { return rules.find(heading) != nullptr; }
};

// The built-in presets, of that kind or all. Throws Error{failed} where the yaml module cannot be loaded.
std::vector<Preset> built_in_presets(std::optional<Kind> kind);

// Where the headings fit a built-in preset of another kind, what to say of that; else empty. `system` may be
// empty for any.
std::string told_of_another_kind(Kind kind, const std::vector<std::string>& headings,
                                 std::string_view system);

// A preset that a user wrote. Throws Error{not_found} and Error{io} for the file, Error{invalid} with its
// faults.
Preset read_preset_file(const std::string& path);

// The preset that the headings show, or that is named: by its name, its system, or a file. Nothing where none
// fits. `load` gives the built-in ones and is called only where they matter. Throws Error{invalid} where two
// fit equally, Error{usage} for a name that is none.
std::optional<Preset> choose_preset(const KindView& view, const std::vector<std::string>& headings,
                                    const std::string& named,
                                    const std::function<const std::vector<Preset>&()>& load);

}  // namespace crm
