#include "commands/report_options.h"

namespace crm::cmd {

std::vector<OptionSpec> period_options(const std::string& what) {
  return {{.name = "from",
           .help = "only where " + what + " then or later",
           .value = "DATE",
           .type = ValueType::text},
          {.name = "to",
           .help = "only where " + what + " before the end of that day",
           .value = "DATE",
           .type = ValueType::text}};
}

PeriodText period_of(const Arguments& arguments) {
  return {arguments.text("from").value_or(""), arguments.text("to").value_or("")};
}

void write_fact(Writer& writer, std::string_view name, std::string_view text) {
  writer.fact(name, {CellType::text, text, {}});
}

void write_fact(Writer& writer, std::string_view name, std::int64_t number) {
  const std::string text = std::to_string(number);
  writer.fact(name, {CellType::number, text, {}});
}

void write_period(Writer& writer, const Session& session, const PeriodText& text) {
  const PeriodBounds bounds = period_bounds(session, text);
  if (bounds.from) write_fact(writer, "from", format_moment(*bounds.from, session.zone()));
  if (bounds.to) write_fact(writer, "to", format_moment(*bounds.to, session.zone()));
}

void write_report_facts(Writer& writer, const Arguments& arguments,
                        const std::vector<std::string_view>& options) {
  write_fact(writer, "report", arguments.spec().words.back());
  for (const std::string_view option : options) {
    if (const auto value = arguments.text(option)) write_fact(writer, option, *value);
  }
}

}  // namespace crm::cmd
