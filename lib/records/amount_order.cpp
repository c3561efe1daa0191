#include "records/amount_order.h"

#include <array>

#include "base/money.h"
#include "filter/currency_case.h"
#include "filter/render.h"
#include "records/session_state.h"

namespace crm {
namespace {

constexpr int kUnknownCurrency = 2;
constexpr std::array<const char*, 5> kFactors = {"10000", "1000", "100", "10", "1"};  // to ten-thousandths

// One digit for each count: "2", "02". Empty where no record with a currency was written yet.
std::string noted_places(Connection& connection) {
  return connection.query_text("SELECT value FROM meta WHERE key = 'decimal_places'", {}).value_or("");
}

int places_of(std::string_view currency) {
  return currency_exponent(currency).value_or(kUnknownCurrency);
}

}  // namespace

void note_decimal_places(Session& session, const TableShape& shape, const StoredRecord& record) {
  if (shape.currency() == KindView::npos) return;
  const std::string_view currency = record.text(shape.currency());
  if (currency.empty()) return;
  Session::State& state = session.state();
  const int places = places_of(currency);
  const unsigned bit = 1U << static_cast<unsigned>(places);
  if ((state.noted_places & bit) != 0) return;
  std::string noted = noted_places(*state.connection);
  const auto digit = static_cast<char>('0' + places);
  if (noted.find(digit) == std::string::npos) {
    noted += digit;
    const Param params[] = {noted};
    state.connection->execute(
        "INSERT INTO meta (key, value) VALUES ('decimal_places', $1) ON CONFLICT (key) DO UPDATE SET value = "
        "excluded.value",
        params);
  }
  state.noted_places |= bit;
}

std::string amount_order(Session& session, const KindView& view, const Field& amount) {
  std::string column = field_sql(amount, {});
  const Field* currency = view.find("currency");
  const int usual = places_of(session.currency());
  if (currency == nullptr || noted_places(*session.state().connection) == std::to_string(usual))
    return column;
  return column + " * " + by_decimal_places(*currency, usual, [](int places) {
           return std::string(kFactors.at(static_cast<std::size_t>(places)));
         });
}

}  // namespace crm
