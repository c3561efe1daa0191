#include "records/value_text.h"

#include "base/money.h"
#include "records/session_state.h"

namespace crm {
namespace {

// In whole days, or hours where there is no day.
std::string duration_text(std::int64_t seconds) {
  constexpr std::int64_t kHour = 3600;
  constexpr std::int64_t kDay = 24 * kHour;
  return seconds >= kDay ? std::to_string(seconds / kDay) + 'd' : std::to_string(seconds / kHour) + 'h';
}

}  // namespace

std::string value_text(Session& session, const Field& field, const Value& value,
                       const std::string& currency) {
  const std::int64_t* integer = integer_of(value);
  if (const std::string* text = text_of(value)) return *text;
  if (integer == nullptr) return {};
  switch (field.type) {
    case FieldType::moment:
      return format_moment(Moment(std::chrono::seconds(*integer)), session.zone());
    case FieldType::money:
      return format_money(*integer, currency.empty() ? session.currency() : currency);
    case FieldType::duration:
      return duration_text(*integer);
    case FieldType::boolean:
      return *integer != 0 ? "true" : "false";
    case FieldType::reference:
      if (field.target == Kind::user || field.target == Kind::team)
        return session.state().name_of(field.target, *integer);
      return to_string(RecordId{field.target, *integer});
    default:
      return std::to_string(*integer);
  }
}

}  // namespace crm
