// Folding, widths and escaping of any bytes.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/phone.h"
#include "base/text.h"
#include "base/width.h"
#include "fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace crm;
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  const std::string fold = folded(text);
  require(is_valid_utf8(fold) && folded(fold) == fold);
  const std::string search = search_text(text);
  require(is_valid_utf8(search) && search_text(search) == search);
  require(trimmed(trimmed(text)) == trimmed(text));
  require(email_key(email_key(text)) == email_key(text));
  if (const auto digits = phone_digits(text)) require(phone_digits(*digits) == digits);

  const std::string shown = visible(text);
  require(is_valid_utf8(shown) && visible(shown) == shown);
  for (std::size_t cells = 0; cells < 9; ++cells) require(display_width(cut_to_width(shown, cells)) <= cells);
  require(display_width(text) <= 2 * size);

  std::string json;
  append_json_string(json, text);
  require(is_valid_utf8(json) && json.size() >= 2 && json.back() == '"');
  return 0;
}
