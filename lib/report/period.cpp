#include "report/period.h"

#include "crm/error.h"

namespace crm {
namespace {

std::optional<std::int64_t> read_edge(const Session& session, const std::string& text, DayEdge edge) {
  if (text.empty()) return std::nullopt;
  try {
    return parse_when(text, session.now(), session.zone(), edge).time_since_epoch().count();
  } catch (const Error& error) {
    throw Error(ErrorCode::usage, error.message(), error.hint());
  }
}

}  // namespace

Period read_period(const Session& session, const PeriodText& text) {
  const Period period{read_edge(session, text.from, DayEdge::start),
                      read_edge(session, text.to, DayEdge::end)};
  if (period.from && period.to && *period.to < *period.from) {
    throw Error(ErrorCode::usage, "the period ends before it begins",
                "--from is its first day and --to its last");
  }
  return period;
}

PeriodBounds period_bounds(const Session& session, const PeriodText& text) {
  const auto moment = [](const std::optional<std::int64_t>& at) {
    return at ? std::optional(Moment(std::chrono::seconds(*at))) : std::nullopt;
  };
  const Period period = read_period(session, text);
  return {moment(period.from), moment(period.to)};
}

bool group_before(const std::optional<std::string>& a, const std::optional<std::string>& b) {
  if (a && b) return *a < *b;
  return a.has_value();
}

}  // namespace crm
