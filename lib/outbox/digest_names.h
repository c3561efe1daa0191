// What the template of a reminder may name. A reminder is one message per person that lists the records
// found.
#pragma once

#include <string_view>

namespace crm::digest {

// Texts of the whole message: the recipient's name, the number of rows, the day in the recipient's time zone
// (2026-03-01), and "true" where the recipient reads Chinese (else empty).
inline constexpr std::string_view kNames[] = {"name", "count", "date", "zh"};
// The list of records found. Each row has the fields of the reminder's kind (choices and moments as the
// recipient reads them), and: "followup/7"; of a follow-up the name of the record that it is about, and for
// how long it has been overdue ("3 days"); the owner's name where that is not the recipient. What a record
// does not have is empty.
inline constexpr std::string_view kRows = "rows";
inline constexpr std::string_view kRowNames[] = {"record", "about_name", "overdue_by", "whose"};

}  // namespace crm::digest
