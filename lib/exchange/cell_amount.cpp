#include "base/money.h"
#include "base/text.h"
#include "crm/error.h"
#include "exchange/cell_reader.h"
#include "exchange/sheet_number.h"
#include "records/read_value.h"

namespace crm {
namespace {

// "9.5E3": how programs write a number that is large or small.
bool is_in_powers_of_ten(std::string_view text) {
  text = trimmed(text);
  const std::size_t power = text.find_first_of("eE");
  return power != std::string_view::npos && power > 0 &&
         text.find_first_not_of("0123456789.+-eE") == std::string_view::npos;
}

// Three digits behind its only mark, before what is no digit.
bool may_be_either(std::string_view text) {
  const std::size_t mark = text.find_last_of(".,");
  return mark != std::string_view::npos && text.size() - mark > 3 && mark_told(text) == MarkTold::either;
}

bool has_thousandths(std::string_view text, std::string_view currency) {
  const auto amount = parse_money(text, currency, DecimalMark::point);
  const std::string_view named = amount && !amount->currency.empty() ? amount->currency : currency;
  return currency_exponent(named).value_or(0) >= 3;
}

// "1.500 €" with the mark as a decimal one, or as one between groups.
std::string amount_as(std::string_view text, DecimalMark mark, std::string_view currency) {
  const auto amount = parse_money(text, currency, mark);
  return amount ? format_money(amount->minor, amount->currency.empty() ? currency : amount->currency)
                : "nothing";
}

}  // namespace

Value CellReader::read_amount(const ColumnTarget& target, std::string_view text, std::string_view currency,
                              bool is_number) {
  named_currency_.clear();
  std::string plain;
  if (is_in_powers_of_ten(text)) {
    append_sheet_number(plain, text);
    text = plain;
  }
  const DecimalMark mark = is_number || target.column == ColumnTarget::kFixed
                               ? DecimalMark::point
                               : decimal_mark(target, text, currency);
  return read_value(session_, {target.field, text, currency, &named_currency_, mark});
}

DecimalMark CellReader::decimal_mark(const ColumnTarget& target, std::string_view text,
                                     std::string_view currency) {
  if (!may_be_either(text)) return DecimalMark::point;
  if (options_.decimal_mark != DecimalMark::unknown) return options_.decimal_mark;
  const auto [found, is_new] = decimal_marks_.try_emplace(target.column);
  ColumnSurvey::DecimalMarks& marks = found->second;
  if (is_new) marks = survey_.decimal_marks(target.column);
  if (marks.point != marks.comma) return marks.comma ? DecimalMark::comma : DecimalMark::point;
  const bool usual =
      !marks.point && (text.find(',') != std::string_view::npos || has_thousandths(text, currency));
  if (usual) return DecimalMark::point;
  const std::string name(target.field->name);
  throw Error(ErrorCode::invalid,
              name + " could be " + amount_as(text, DecimalMark::point, currency) + " or " +
                  amount_as(text, DecimalMark::comma, currency) + ": " + quoted(text),
              "say which mark stands before the decimals with --decimal-mark point or comma")
      .about_field(name);
}

}  // namespace crm
