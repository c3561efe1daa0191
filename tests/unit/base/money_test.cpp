#include "base/money.h"

#include <doctest/doctest.h>

#include <limits>

#include "unit/random.h"

using namespace crm;

namespace {

// "1234.50 EUR" → "123450 EUR", or "-" where it is not read.
std::string read(std::string_view text, std::string_view default_currency = "CNY") {
  const std::optional<Amount> amount = parse_money(text, default_currency);
  if (!amount) return "-";
  return std::to_string(amount->minor) + (amount->currency.empty() ? "" : " " + amount->currency);
}

}  // namespace

TEST_CASE("exponents of ISO 4217") {
  CHECK(currency_exponent("CNY") == 2);
  CHECK(currency_exponent("ZAR") == 2);
  CHECK(currency_exponent("JPY") == 0);
  CHECK(currency_exponent("KWD") == 3);
  CHECK(currency_exponent("CLF") == 4);
  CHECK_FALSE(currency_exponent("XXX"));
  CHECK_FALSE(currency_exponent("cny"));
  CHECK_FALSE(currency_exponent("NY "));
  CHECK_FALSE(currency_exponent("Y U"));
  CHECK_FALSE(currency_exponent(""));
}

TEST_CASE("plain decimals scale exactly") {
  CHECK(parse_decimal("12.5", 2) == 1250);
  CHECK(parse_decimal("-12.50", 2) == -1250);
  CHECK(parse_decimal("+3", 0) == 3);
  CHECK(parse_decimal("007", 0) == 7);
  CHECK(parse_decimal("1.200", 2) == 120);
  CHECK(parse_decimal("1054.0", 0) == 1054);
  CHECK(parse_decimal("92233720368547758.07", 2) == std::numeric_limits<std::int64_t>::max());
  CHECK(parse_decimal("-92233720368547758.08", 2) == std::numeric_limits<std::int64_t>::min());
  for (const std::string bad :
       {"", "-", ".", "1.", ".5", "1.234", "1e3", "0x1", " 1", "1 ", "--1", "1.2.3", "1,2", "NaN",
        "92233720368547758.08", "-92233720368547758.09", "99999999999999999999999"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_decimal(bad, 2));
  }
}

TEST_CASE("money as people and other systems write it") {
  CHECK(read("1234.5") == "123450");
  CHECK(read("-3") == "-300");
  CHECK(read(" 1,234.50 ") == "123450");
  CHECK(read("1,234") == "123400");
  CHECK(read("1,234,567") == "123456700");
  CHECK(read("12,34,567.89") == "123456789");
  CHECK(read("12,5") == "1250");
  CHECK(read("12,50") == "1250");
  CHECK(read("1.234,50") == "123450");
  CHECK(read("1.234.567") == "123456700");
  CHECK(read("1 234,50") == "123450");
  CHECK(read("1\u202F234,50") == "123450");
  CHECK(read("1'234.50") == "123450");
  CHECK(read("１，２３４．５０") == "123450");
  CHECK(read("\u22125") == "-500");
  CHECK(read("1,234.567", "KWD") == "1234567");
  CHECK(read("500", "JPY") == "500");
  CHECK(read("500", "") == "50000");
}

TEST_CASE("the currency that a text names") {
  CHECK(read("￥1,234.50") == "123450 CNY");
  CHECK(read("¥500", "JPY") == "500 JPY");
  CHECK(read("$5") == "500 USD");
  CHECK(read("$5", "CAD") == "500 CAD");
  CHECK(read("-$5") == "-500 USD");
  CHECK(read("$-5") == "-500 USD");
  CHECK(read("EUR 1.234,50") == "123450 EUR");
  CHECK(read("1 234,50 €") == "123450 EUR");
  CHECK(read("usd 5") == "500 USD");
  CHECK(read("100元") == "10000 CNY");
  CHECK(read("US$5") == "500 USD");
  CHECK(read("HK$ 12.30") == "1230 HKD");
  CHECK(read("$5 CAD") == "500 CAD");
  CHECK(read("JPY 1,200") == "1200 JPY");
}

TEST_CASE("what is no money is not guessed") {
  for (const std::string bad : {"",          " ",          "5k",
                                "abc",       "CNY",        "$",
                                "1.234",     "1.005",      "12.345,678",
                                "1,23,4",    "1,2345.6",   "0,500",
                                ",5",        "1,,234",     "1.2.3",
                                "1 2",       "1,234 567",  "--5",
                                "-$-5",      "+-5",        "€5 USD",
                                "CNY 5 USD", "5 XXX",      "(-5)",
                                "1e5",       "JPY 1.5",    "99,999,999,999,999,999,999",
                                "5\xFF",     "1234,567.00"}) {
    CAPTURE(bad);
    CHECK(read(bad) == "-");
  }
}

TEST_CASE("amounts are written as plain decimals") {
  CHECK(format_money(1250, "CNY") == "12.50");
  CHECK(format_money(1250, "JPY") == "1250");
  CHECK(format_money(-5, "USD") == "-0.05");
  CHECK(format_money(-5, "KWD") == "-0.005");
  CHECK(format_money(0, "USD") == "0.00");
  CHECK(format_money(7, "nonsense") == "0.07");
  CHECK(format_money(std::numeric_limits<std::int64_t>::min(), "USD") == "-92233720368547758.08");
}

TEST_CASE("what is written is read back") {
  Random random(3);
  for (int i = 0; i < 50'000; ++i) {
    const auto shift = random.below(64);
    const std::int64_t minor = random.between(INT64_MIN, INT64_MAX) >> shift;
    for (const char* currency : {"CNY", "JPY", "KWD", "CLF"}) {
      const std::optional<Amount> read_back = parse_money(format_money(minor, currency), currency);
      REQUIRE(read_back);
      REQUIRE(read_back->minor == minor);
    }
  }
}

TEST_CASE("amounts in ten thousands, and in brackets for those below zero") {
  const auto minor = [](std::string_view text) {
    const auto amount = crm::parse_money(text, "CNY");
    return amount ? std::to_string(amount->minor) : "none";
  };
  CHECK(minor("3.5万") == "3500000");
  CHECK(minor("￥3.5万元") == "3500000");
  CHECK(minor("1.2亿") == "12000000000");
  CHECK(minor("0.00001万") == "10");
  CHECK(minor("(1,234.50)") == "-123450");
  CHECK(minor("（￥1,234.50）") == "-123450");
  CHECK(minor("(-1)") == "none");
  CHECK(minor("(1") == "none");
  CHECK(minor("万") == "none");
  CHECK(minor("1万5") == "none");
}

TEST_CASE("a mark that could stand before decimals or between groups is read as is said") {
  const auto minor = [](std::string_view text, DecimalMark mark, std::string_view currency = "CNY") {
    const auto amount = crm::parse_money(text, currency, mark);
    return amount ? std::to_string(amount->minor) : "none";
  };
  CHECK(minor("1.500", DecimalMark::unknown) == "150");
  CHECK(minor("1.500", DecimalMark::point) == "150");
  CHECK(minor("1.500", DecimalMark::comma) == "150000");
  CHECK(minor("-25.125 €", DecimalMark::comma) == "-2512500");
  CHECK(minor("1,500", DecimalMark::unknown) == "150000");
  CHECK(minor("1,500", DecimalMark::comma) == "150");
  CHECK(minor("1,525", DecimalMark::comma) == "none");
  CHECK(minor("1,525", DecimalMark::comma, "KWD") == "1525");
  // What is sure stays so.
  CHECK(minor("1.5", DecimalMark::comma) == "150");
  CHECK(minor("0.500", DecimalMark::comma) == "50");
  CHECK(minor("1500.000", DecimalMark::comma) == "150000");
  CHECK(minor("12,5", DecimalMark::point) == "1250");
  CHECK(minor("1,234.50", DecimalMark::comma) == "123450");
}

TEST_CASE("what an amount tells of the decimal mark") {
  for (const char* text : {"1.500", "1,500", "-12.345", "€ 999,999", "(1.500)", "1.500万"}) {
    CAPTURE(text);
    CHECK(mark_told(text) == MarkTold::either);
  }
  for (const char* text : {"1.5", "12.50 EUR", "1,234.50", "1,234,567", "1500.000", "0.500", "1 234.500"}) {
    CAPTURE(text);
    CHECK(mark_told(text) == MarkTold::point);
  }
  for (const char* text : {"1,5", "12,50 €", "1.234,50", "1.234.567", "1500,000", "0,500", "1 234,500"}) {
    CAPTURE(text);
    CHECK(mark_told(text) == MarkTold::comma);
  }
  for (const char* text : {"", "1500", "1.2.3", "abc", "1,23,4.", "10.0.0.1"}) {
    CAPTURE(text);
    CHECK(mark_told(text) == MarkTold::nothing);
  }
}
