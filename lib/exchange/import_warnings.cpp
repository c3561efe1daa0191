#include <algorithm>

#include "base/text.h"
#include "entity/descriptors.h"
#include "exchange/import_run.h"

namespace crm {
namespace {

constexpr std::size_t kMostExamplesTold = 10;

}  // namespace

void ImportRun::add_warnings() {
  std::vector<std::string>& warnings = result_.warnings;
  warnings.insert(warnings.begin(), plan_.warnings.begin(), plan_.warnings.end());
  std::vector<std::string> unknown;
  std::size_t unnamed = 0;
  for (const UnknownColumn& column : plan_.unknown) {
    if (column.column < has_value_.size() && !has_value_[column.column]) continue;
    if (trimmed(column.heading).empty()) {
      ++unnamed;
    } else if (column.repeated) {
      warnings.push_back("left out the second column " + quoted(column.heading) +
                         ": give it a heading of its own");
    } else {
      unknown.push_back(column.heading);
    }
  }
  if (!unknown.empty()) {
    warnings.push_back(unknown.size() == 1
                           ? "left out the column " + listed(unknown) +
                                 ": say what it is with --map, or keep it with --keep-unknown"
                           : "left out the columns " + listed(unknown) +
                                 ": say what they are with --map, or keep them with --keep-unknown");
  }
  if (unnamed > 0) {
    warnings.push_back("left out " + std::to_string(unnamed) + (unnamed == 1 ? " column" : " columns") +
                       " without a heading");
  }
  if (const std::vector<std::string>& made = cells_.made_users(); !made.empty()) {
    const std::vector<std::string> first(
        made.begin(), made.begin() + static_cast<std::ptrdiff_t>(std::min(made.size(), kMostExamplesTold)));
    session_.notice("made " + std::to_string(made.size()) +
                    (made.size() == 1 ? " user: " : " users, such as ") + listed(first));
  }
  for (const auto& [kind, count] : cells_.made_records()) {
    session_.notice("made " + std::to_string(count) + " " +
                    std::string(count == 1 ? entity(kind).label.en : entity(kind).plural.en) +
                    " that the rows name and that " + (count == 1 ? "was" : "were") + " not there");
  }
  for (const auto& [kind, missing] : reader_.missing()) {
    const std::string_view records = missing.count == 1 ? entity(kind).label.en : entity(kind).plural.en;
    warnings.push_back((missing.count == 1
                            ? "left out 1 reference to a "
                            : "left out " + std::to_string(missing.count) + " references to ") +
                       std::string(records) +
                       (missing.count == 1 ? " that is not there: " : " that are not there, such as ") +
                       quoted(missing.example) + "; import the " + std::string(entity(kind).plural.en) +
                       ", then this file again");
  }
  for (const CellReader::MixedDates& mixed : cells_.mixed_dates()) {
    warnings.push_back("one column has dates with the day first, such as " + quoted(mixed.day_first) +
                       ", and with the month first, such as " + quoted(mixed.month_first) +
                       ": each was read as it must be; --date-format dmy or mdy refuses the others");
  }
  if (cells_.dates_without_year() > 0) {
    warnings.push_back("left out " + std::to_string(cells_.dates_without_year()) +
                       (cells_.dates_without_year() == 1 ? " date" : " dates") + " without a year");
  }
  if (cells_.unreadable_phones() > 0) {
    const bool one = cells_.unreadable_phones() == 1;
    warnings.push_back("kept " + std::to_string(cells_.unreadable_phones()) +
                       (one ? " phone number as it is typed, since it cannot be read: "
                            : " phone numbers as they are typed, since they cannot be read, such as ") +
                       listed(cells_.unreadable_examples()));
  }
  if (cells_.exchange_addresses() > 0) {
    warnings.push_back("left out " + std::to_string(cells_.exchange_addresses()) +
                       (cells_.exchange_addresses() == 1 ? " address" : " addresses") +
                       " within an Exchange server, such as '/O=…', to which no mail can be sent");
  }
  if (expected_closings_ > 0) {
    warnings.push_back("left out when " + std::to_string(expected_closings_) +
                       (expected_closings_ == 1 ? " lead is" : " leads are") +
                       " expected to close: closed_at is of leads in a stage with an outcome" +
                       (options_.keep_unknown ? "" : "; --keep-unknown keeps it in a field of its own"));
  }
  if (unnamed_contacts_ > 0) {
    session_.notice(std::to_string(unnamed_contacts_) +
                    (unnamed_contacts_ == 1 ? " contact has" : " contacts have") +
                    " no name: called after the company, e-mail address or phone");
  }
  if (const std::vector<std::string>& left = cells_.left_users(); !left.empty()) {
    const std::vector<std::string> first(
        left.begin(), left.begin() + static_cast<std::ptrdiff_t>(std::min(left.size(), kMostExamplesTold)));
    warnings.push_back("the file gives " + std::string(entity(kind_).plural.en) +
                       " to users who are no longer active: " + listed(first) + "; 'crm user transfer " +
                       left.front() + " --to USER' hands them over");
  }
  if (future_talks_ > 0) {
    warnings.push_back(
        std::to_string(future_talks_) +
        (future_talks_ == 1 ? " follow-up is to have happened" : " follow-ups are to have happened") +
        " later than now, such as " + to_string(first_future_talk_) + ": the time of a plan is its due_at");
  }
  for (const auto& [reason, count] : skips_)
    warnings.push_back("passed over " + std::to_string(count) + (count == 1 ? " row" : " rows") + ": " +
                       reason);
}

}  // namespace crm
