// Amounts of money.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/money.h"
#include "fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace crm;
  if (size == 0) return 0;
  constexpr std::array<std::string_view, 6> kCurrencies = {"CNY", "JPY", "KWD", "CLF", "CAD", ""};
  const std::string_view likely = kCurrencies[data[0] % kCurrencies.size()];
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);

  const std::optional<Amount> amount = parse_money(text, likely);
  if (amount) {
    require(amount->currency.empty() || currency_exponent(amount->currency).has_value());
    const std::string currency = amount->currency.empty() ? std::string(likely) : amount->currency;
    const std::optional<Amount> again = parse_money(format_money(amount->minor, currency), currency);
    require(again && again->minor == amount->minor && again->currency.empty());
    const std::optional<Amount> named =
        parse_money(currency + " " + format_money(amount->minor, currency), likely);
    require(currency.empty() || (named && named->minor == amount->minor && named->currency == currency));
  }
  for (const int exponent : {0, 2, 4}) {
    const std::optional<std::int64_t> scaled = parse_decimal(text, exponent);
    if (!scaled) continue;
    std::string written;
    append_money(written, *scaled, exponent);
    require(parse_decimal(written, exponent) == scaled);
  }
  return 0;
}
