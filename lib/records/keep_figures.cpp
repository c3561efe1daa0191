#include "records/keep_figures.h"

#include <string>

#include "base/money.h"
#include "base/text.h"
#include "crm/error.h"

namespace crm {
namespace {

[[noreturn]] void refuse_decimals(const Field& field, const std::string& figures, const std::string& from,
                                  const std::string& to) {
  const std::string name(field.name);
  throw Error(ErrorCode::invalid, name + ' ' + figures + ' ' + from + " has more decimals than " + to,
              "give the amount too")
      .about_field(name);
}

}  // namespace

void keep_figures(Session& session, std::string_view before, StoredRecord& record,
                  FunctionRef<bool(std::size_t position)> is_given) {
  const KindView& view = session.view(record.id.kind);
  const std::size_t currency_at = view.position("currency");
  if (currency_at == KindView::npos || record.text(currency_at) == before) return;
  const auto known = [&](std::string_view code) {
    return code.empty() ? std::string(session.currency()) : std::string(code);
  };
  const std::string from = known(before), to = known(record.text(currency_at));
  if (currency_exponent(from).value_or(2) == currency_exponent(to).value_or(2)) return;
  for (std::size_t position = 0; position < view.fields().size(); ++position) {
    const Field& field = *view.fields()[position];
    const auto minor = field.type == FieldType::money ? record.integer(position) : std::nullopt;
    if (!minor || is_given(position)) continue;
    const std::string figures = format_money(*minor, from);
    const auto kept = parse_decimal(figures, currency_exponent(to).value_or(2));
    if (!kept) refuse_decimals(field, figures, from, to);
    record[position] = *kept;
  }
}

}  // namespace crm
