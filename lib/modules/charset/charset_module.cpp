#include <uchardet/uchardet.h>
#include <unicode/ucsdet.h>

#include <algorithm>
#include <cstdint>
#include <memory>

#include "crm/export.h"
#include "modules/charset/interface.h"

namespace crm {
namespace {

bool set_name(CharsetGuess& guess, const char* name) {
  const std::string_view text(name == nullptr ? "" : name);
  if (text.empty() || text.size() >= guess.name.size()) return false;
  guess.name = {};
  std::copy(text.begin(), text.end(), guess.name.begin());
  return true;
}

bool ask_uchardet(std::string_view bytes, CharsetGuess& into) {
  const std::unique_ptr<uchardet, decltype(&uchardet_delete)> detector(uchardet_new(), uchardet_delete);
  if (detector == nullptr || uchardet_handle_data(detector.get(), bytes.data(), bytes.size()) != 0)
    return false;
  uchardet_data_end(detector.get());
  return set_name(into, uchardet_get_charset(detector.get()));
}

std::size_t ask_icu(std::string_view bytes, CharsetGuess* into, std::size_t most) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UCharsetDetector, decltype(&ucsdet_close)> detector(ucsdet_open(&status),
                                                                            ucsdet_close);
  ucsdet_setText(detector.get(), bytes.data(), static_cast<std::int32_t>(bytes.size()), &status);
  std::int32_t found = 0;
  const UCharsetMatch** const matches = ucsdet_detectAll(detector.get(), &found, &status);
  if (U_FAILURE(status)) return 0;
  std::size_t count = 0;
  for (std::int32_t i = 0; i < found && count < most; ++i) {
    into[count].confidence = ucsdet_getConfidence(matches[i], &status);
    if (set_name(into[count], ucsdet_getName(matches[i], &status))) ++count;
  }
  return count;
}

}  // namespace
}  // namespace crm

extern "C" CRM_API void* crm_module_charset() {
  static crm::CharsetModule module{crm::ask_uchardet, crm::ask_icu};
  return &module;
}
