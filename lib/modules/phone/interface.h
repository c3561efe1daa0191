// What the phone module and libcrm say to each other. The module links libphonenumber and nothing of libcrm.
#pragma once

#include <string>
#include <string_view>

namespace crm {

// What the entry point `crm_module_phone` returns.
struct PhoneModule {
  // Writes the E.164 form of the number as dialled from the country (ISO 3166 alpha-2, may be empty). False
  // where it is no number that can be dialled from anywhere; `key` is then empty. `valid`: its country gives
  // out such numbers. Throws nothing of its own.
  bool (*e164)(std::string_view text, std::string_view country, std::string& key, bool& valid);
};

}  // namespace crm
