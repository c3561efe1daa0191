// What the reports share.
#pragma once

#include <crm/report.h>

#include <optional>
#include <string>
#include <vector>

#include "app/context.h"
#include "output/writer.h"
#include "parse/arguments.h"

namespace crm::cmd {

// --from and --to, which are about `what` ("the record was created").
std::vector<OptionSpec> period_options(const std::string& what);
PeriodText period_of(const Arguments& arguments);

// Facts of a report's document.
void write_fact(Writer& writer, std::string_view name, std::string_view text);
void write_fact(Writer& writer, std::string_view name, std::int64_t number);
// Its bounds, those that were given: from the first moment up to but without the second.
void write_period(Writer& writer, const Session& session, const PeriodText& text);
// The report's name and the options that say what it is about, those that were given.
void write_report_facts(Writer& writer, const Arguments& arguments,
                        const std::vector<std::string_view>& options);

}  // namespace crm::cmd
