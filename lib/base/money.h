// Amounts of money: minor units and an ISO 4217 code.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crm/decimal_mark.h"

namespace crm {

// Decimal places of the currency's minor unit by ISO 4217 (2 for most, JPY 0, KWD 3, CLF 4); nothing for an
// unknown code. Codes are upper case.
std::optional<int> currency_exponent(std::string_view code);
// The codes whose minor unit has that many decimal places.
std::vector<std::string_view> currencies_with_exponent(int places);

struct Amount {
  std::int64_t minor = 0;  // in the currency's minor unit
  std::string currency;    // upper case ISO 4217; empty where the text named none
};

// Reads "1234.5", "-3", "1,234.50", "￥1,234.50", "$5", "100元", "EUR 1.234,50", "1 234,50 €",
// "12,34,567.00", "3.5万元", "1.2亿", and "(1,234.50)" for an amount below zero. A comma is the decimal mark
// only where that is sure: both marks occur, or one comma is followed by other than three digits.
// `default_currency` gives the exponent where the text names no currency. A sign names one: ¥ is CNY unless
// the default is JPY; $ is the default if that is a dollar or peso, else USD. Nothing where it cannot be read
// ("5k"), has more decimals than the currency (zeros aside), or does not fit. `mark` decides on what is not
// sure: "1.500" is one and a half, unless that is the comma; "1,500" is the other way round.
std::optional<Amount> parse_money(std::string_view text, std::string_view default_currency,
                                  DecimalMark mark = DecimalMark::unknown);

// What an amount tells of the mark before decimals: nothing ("1500", and what is no amount), which it is, or
// that it could be either ("1.500", "1,500").
enum class MarkTold { nothing, point, comma, either };
MarkTold mark_told(std::string_view amount);

// A plain decimal number, "-12.50", scaled by 10^exponent; nothing if it has more decimals than that (zeros
// aside) or does not fit.
std::optional<std::int64_t> parse_decimal(std::string_view text, int exponent);

// The plain decimal number: 1250 of CNY is "12.50", of JPY "1250". Two places for an unknown currency.
std::string format_money(std::int64_t minor, std::string_view currency);
void append_money(std::string& out, std::int64_t minor, int exponent);

}  // namespace crm
