#include "filter/currency_case.h"

#include <string_view>
#include <vector>

#include "base/money.h"
#include "filter/render.h"

namespace crm {
namespace {

constexpr int kMostHave = 2;  // hundredths

std::string quoted_list(const std::vector<std::string_view>& codes) {
  std::string list;
  for (const std::string_view code : codes) {
    if (!list.empty()) list += ", ";
    list.append("'").append(code).append("'");
  }
  return list;
}

}  // namespace

std::string by_decimal_places(const Field& currency, int usual, FunctionRef<std::string(int)> of) {
  const std::string code = field_sql(currency, {});
  std::string sql = "CASE";
  if (usual != kMostHave) sql += " WHEN " + code + " IS NULL THEN " + of(usual);
  for (const int places : {0, 3, 4})
    sql += " WHEN " + code + " IN (" + quoted_list(currencies_with_exponent(places)) + ") THEN " + of(places);
  return sql + " ELSE " + of(kMostHave) + " END";
}

}  // namespace crm
