#include "base/money.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include "base/digits.h"
#include "base/text.h"

namespace crm {
namespace {

// ISO 4217: the codes whose minor unit is a hundredth, those withdrawn of late too, for they stand in old
// data.
constexpr std::string_view kHundredths =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP "
    "BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR "
    "FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR "
    "KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR "
    "MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK "
    "SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN "
    "UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG ZWL ";

constexpr int kUnknownExponent = 2;

struct Exponent {
  std::string_view codes;
  int places;
};
// The usual ones first: the search goes from the front.
constexpr std::array kExponents = {
    Exponent{"CNY USD EUR ", 2},
    Exponent{"BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF ", 0},
    Exponent{"BHD IQD JOD KWD LYD OMR TND ", 3},
    Exponent{"CLF UYW ", 4},
    Exponent{kHundredths, 2},
};

struct Sign {
  std::string_view text;
  std::string_view currency;
};
// Longer ones first where one begins another. $ and ¥ are of several currencies, see currency_of_sign().
constexpr std::array kSigns = {
    Sign{"US$", "USD"}, Sign{"HK$", "HKD"}, Sign{"NT$", "TWD"}, Sign{"CN¥", "CNY"}, Sign{"RMB", "CNY"},
    Sign{"A$", "AUD"},  Sign{"C$", "CAD"},  Sign{"S$", "SGD"},  Sign{"R$", "BRL"},  Sign{"€", "EUR"},
    Sign{"£", "GBP"},   Sign{"₩", "KRW"},   Sign{"₹", "INR"},   Sign{"₽", "RUB"}, Sign{"₫", "VND"},
    Sign{"฿", "THB"},   Sign{"₱", "PHP"},   Sign{"₺", "TRY"},   Sign{"₴", "UAH"},   Sign{"₪", "ILS"},
    Sign{"元", "CNY"},  Sign{"円", "JPY"},  Sign{"$", "$"},     Sign{"¥", "¥"},
};
constexpr std::string_view kDollars =
    "USD CAD AUD NZD HKD SGD TWD MXN ARS CLP COP BBD BMD BND BSD BZD FJD GYD JMD "
    "KYD LRD NAD SBD SRD TTD XCD ";

bool holds_code(std::string_view codes, std::string_view code) {
  for (std::size_t at = 0; at < codes.size(); at += 4) {
    if (codes.substr(at, 3) == code) return true;
  }
  return false;
}

std::string_view currency_of_sign(const Sign& sign, std::string_view likely) {
  if (sign.currency == "$") return holds_code(kDollars, likely) ? likely : "USD";
  if (sign.currency == "¥") return likely == "JPY" ? "JPY" : "CNY";
  return sign.currency;
}

// Width folded, with the signs and spaces that stand for the same as one: what remains is to be read.
std::string with_plain_characters(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const char32_t c = next_character(text);
    if (c >= 0xFF01 && c <= 0xFF5E) {
      append_utf8(out, c - 0xFEE0);
    } else if (c == 0xFFE5) {
      out += "¥";
    } else if (c == 0xFFE1) {
      out += "£";
    } else if (c == 0x2212) {
      out += '-';
    } else if (c == 0x2019) {
      out += '\'';
    } else if (c >= 0x80 && is_white_space(c)) {
      out += ' ';
    } else {
      append_utf8(out, c);
    }
  }
  return out;
}

void skip_spaces(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
}

// A currency beside a number: a code ("CNY") or a sign, or neither.
struct Mark {
  std::string code;
  const Sign* sign = nullptr;
};

Mark take_mark(std::string_view& text) {
  Mark mark;
  for (const Sign& sign : kSigns) {
    if (!text.starts_with(sign.text)) continue;
    text.remove_prefix(sign.text.size());
    mark.sign = &sign;
    return mark;
  }
  std::string code(text.substr(0, 3));
  for (char& c : code) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
  if (currency_exponent(code)) {
    text.remove_prefix(3);
    mark.code = std::move(code);
  }
  return mark;
}

// "1,234" and "12,34,567": one to three digits, then groups of three, the middle ones also of two as in
// India.
bool are_groups(std::string_view digits, char separator) {
  std::size_t size = digits.find(separator);
  if (size == 0 || size > 3 || digits.front() == '0') return false;
  while (true) {
    digits.remove_prefix(size + 1);
    size = digits.find(separator);
    if (size == std::string_view::npos) return digits.size() == 3;
    if (size != 2 && size != 3) return false;
  }
}

// Whether the only mark of the number, at `at`, has groups of digits on both sides: "1.500".
bool may_part_groups(std::string_view number, std::size_t at) {
  return number.size() - at == 4 && at >= 1 && at <= 3 && number.front() != '0';
}

struct MarkCount {
  std::ptrdiff_t commas;
  std::ptrdiff_t points;
};

MarkCount count_marks(std::string_view number) {
  return {std::count(number.begin(), number.end(), ','), std::count(number.begin(), number.end(), '.')};
}

// Where the decimal mark of a number stands: npos where it has none.
std::size_t decimal_mark(std::string_view number, DecimalMark mark) {
  const auto [commas, points] = count_marks(number);
  const std::size_t last = number.find_last_of(",.");
  if (commas > 0 && points > 0) return last;
  if (commas + points != 1) return std::string_view::npos;
  const bool comma_counts = mark == DecimalMark::comma;
  if (points == 1) return comma_counts && may_part_groups(number, last) ? std::string_view::npos : last;
  const bool three_follow = number.size() - last == 4;
  return three_follow && !comma_counts ? std::string_view::npos : last;
}

// The number as plain digits with a point, of one that may be grouped and may have a decimal comma.
std::optional<std::string> plain_number(std::string_view number, DecimalMark decimal) {
  const std::size_t mark = decimal_mark(number, decimal);
  std::string digits(number.substr(0, mark));
  const std::size_t separator = digits.find_first_not_of("0123456789");
  if (separator != std::string::npos) {
    const char group = digits[separator];
    if ((mark != std::string_view::npos && number[mark] == group) || !are_groups(digits, group))
      return std::nullopt;
    std::erase(digits, group);
  }
  if (mark != std::string_view::npos) digits.append(1, '.').append(number.substr(mark + 1));
  return digits;
}

MarkTold mark_told_by_number(std::string_view number) {
  const auto [commas, points] = count_marks(number);
  if (commas + points == 0) return MarkTold::nothing;
  const std::size_t last = number.find_last_of(",.");
  if (commas + points == 1 && may_part_groups(number, last)) return MarkTold::either;
  const bool groups_alone = commas + points > 1 && (commas == 0 || points == 0);
  const DecimalMark mark = (number[last] == ',') != groups_alone ? DecimalMark::comma : DecimalMark::point;
  if (!plain_number(number, mark)) return MarkTold::nothing;
  return mark == DecimalMark::comma ? MarkTold::comma : MarkTold::point;
}

// An amount as it was written: a sign, a currency on either side, the number.
struct Parts {
  bool negative = false;
  int shift = 0;  // 4 for 万, 8 for 亿
  Mark before;
  std::string_view number;
  Mark after;
};

std::optional<Parts> take_apart(std::string_view text) {
  Parts parts;
  bool has_sign = false;
  const auto take_plus_or_minus = [&] {
    if (has_sign || (!text.starts_with('-') && !text.starts_with('+'))) return;
    parts.negative = text.front() == '-';
    has_sign = true;
    text.remove_prefix(1);
    skip_spaces(text);
  };
  take_plus_or_minus();
  parts.before = take_mark(text);
  skip_spaces(text);
  take_plus_or_minus();
  const std::size_t end = std::min(text.find_first_not_of("0123456789,.' "), text.size());
  parts.number = trimmed(text.substr(0, end));
  text.remove_prefix(end);
  for (const auto& [unit, places] :
       {std::pair{std::string_view("万"), 4}, std::pair{std::string_view("亿"), 8}}) {
    if (!text.starts_with(unit)) continue;
    parts.shift = places;
    text.remove_prefix(unit.size());
    break;
  }
  parts.after = take_mark(text);
  if (parts.number.empty() || !text.empty()) return std::nullopt;
  return parts;
}

// The same where brackets may stand for the minus.
std::optional<Parts> take_apart_in_brackets(std::string_view text) {
  const bool in_brackets = text.starts_with('(') && text.ends_with(')');
  if (in_brackets) text = trimmed(text.substr(1, text.size() - 2));
  std::optional<Parts> parts = take_apart(text);
  if (parts && in_brackets) {
    if (parts->negative) return std::nullopt;
    parts->negative = true;
  }
  return parts;
}

// The code of the currency that the marks name, empty where there are none; nothing where they contradict
// each other.
std::optional<std::string> currency_of(const Parts& parts, std::string_view default_currency) {
  std::string currency = parts.before.code.empty() ? parts.after.code : parts.before.code;
  for (const Mark* mark : {&parts.before, &parts.after}) {
    std::string named = mark->code;
    if (mark->sign != nullptr)
      named = currency_of_sign(*mark->sign, currency.empty() ? default_currency : currency);
    if (named.empty()) continue;
    if (!currency.empty() && named != currency) return std::nullopt;
    currency = named;
  }
  return currency;
}

}  // namespace

std::optional<int> currency_exponent(std::string_view code) {
  if (code.size() != 3) return std::nullopt;
  for (const Exponent& exponent : kExponents) {
    if (holds_code(exponent.codes, code)) return exponent.places;
  }
  return std::nullopt;
}

std::vector<std::string_view> currencies_with_exponent(int places) {
  std::vector<std::string_view> codes;
  for (const Exponent& exponent : kExponents) {
    if (exponent.places != places) continue;
    for (std::size_t at = 0; at < exponent.codes.size(); at += 4)
      codes.push_back(exponent.codes.substr(at, 3));
  }
  return codes;
}

std::optional<std::int64_t> parse_decimal(std::string_view text, int exponent) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  std::int64_t value = 0;  // kept negative, for there is one negative number more
  const auto add = [&value](int digit) {
    return !__builtin_mul_overflow(value, std::int64_t{10}, &value) &&
           !__builtin_sub_overflow(value, std::int64_t{digit}, &value);
  };
  std::size_t at = 0;
  for (; at < text.size() && is_digit(text[at]); ++at) {
    if (!add(text[at] - '0')) return std::nullopt;
  }
  if (at == 0) return std::nullopt;
  int places = 0;
  if (at < text.size()) {
    if (text[at] != '.' || at + 1 == text.size()) return std::nullopt;
    for (++at; at < text.size(); ++at) {
      if (!is_digit(text[at])) return std::nullopt;
      if (places < exponent ? !add(text[at] - '0') : text[at] != '0') return std::nullopt;
      places = std::min(places + 1, exponent);
    }
  }
  for (; places < exponent; ++places) {
    if (!add(0)) return std::nullopt;
  }
  if (negative) return value;
  if (value < -kMost) return std::nullopt;
  return -value;
}

std::optional<Amount> parse_money(std::string_view text, std::string_view default_currency,
                                  DecimalMark mark) {
  text = trimmed(text);
  const int default_exponent = currency_exponent(default_currency).value_or(kUnknownExponent);
  if (mark != DecimalMark::comma) {
    if (const std::optional<std::int64_t> plain = parse_decimal(text, default_exponent))
      return Amount{*plain, {}};
  }
  const std::string plain_text = with_plain_characters(text);
  const std::optional<Parts> parts = take_apart_in_brackets(plain_text);
  if (!parts) return std::nullopt;
  std::optional<std::string> currency = currency_of(*parts, default_currency);
  const std::optional<std::string> digits = plain_number(parts->number, mark);
  if (!currency || !digits) return std::nullopt;
  const int exponent = currency->empty() ? default_exponent : *currency_exponent(*currency);
  const std::optional<std::int64_t> minor =
      parse_decimal((parts->negative ? "-" : "") + *digits, exponent + parts->shift);
  if (!minor) return std::nullopt;
  return Amount{*minor, std::move(*currency)};
}

MarkTold mark_told(std::string_view amount) {
  const std::string plain_text = with_plain_characters(trimmed(amount));
  const std::optional<Parts> parts = take_apart_in_brackets(plain_text);
  return parts ? mark_told_by_number(parts->number) : MarkTold::nothing;
}

std::string format_money(std::int64_t minor, std::string_view currency) {
  std::string out;
  append_money(out, minor, currency_exponent(currency).value_or(kUnknownExponent));
  return out;
}

void append_money(std::string& out, std::int64_t minor, int exponent) {
  const auto magnitude =
      minor < 0 ? 0 - static_cast<std::uint64_t>(minor) : static_cast<std::uint64_t>(minor);
  std::array<char, 24> digits{};
  const auto* const end = std::to_chars(digits.data(), digits.data() + digits.size(), magnitude).ptr;
  const std::string_view text(digits.data(), static_cast<std::size_t>(end - digits.data()));
  const auto places = static_cast<std::size_t>(exponent);
  if (minor < 0) out += '-';
  if (places == 0) {
    out += text;
    return;
  }
  if (text.size() > places) {
    out += text.substr(0, text.size() - places);
    out += '.';
    out += text.substr(text.size() - places);
    return;
  }
  out += "0.";
  out.append(places - text.size(), '0');
  out += text;
}

}  // namespace crm
