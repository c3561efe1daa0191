// What the template of a reminder may name. A reminder is one message per person that lists the records found.
#pragma once

#include <string_view>

namespace crm::digest {

// Texts of the whole message: the recipient's name, the number of rows, the day in the workflow's time zone (2026-03-01), and
// "true" where the recipient reads Chinese (else empty).
inline constexpr std::string_view kNames[] = {"name", "count", "date", "zh"};
// The list of records found. Each row has the fields of the reminder's kind, as shown, and these: "followup/7", and the name of
// the record that a follow-up is about (empty for other kinds).
inline constexpr std::string_view kRows = "rows";
inline constexpr std::string_view kRowNames[] = {"record", "about_name"};

}  // namespace crm::digest
