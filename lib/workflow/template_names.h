// Templates of what is said of one record.
#pragma once

#include <string>
#include <string_view>

#include "crm/kind.h"
#include "process/process.h"
#include "workflow/map_reader.h"
#include "workflow/sections.h"

namespace crm {

// Beside the record's fields: "lead/42"; and of a message the recipient's name, the day in the workflow's
// zone, the rule's name, and "true" where the recipient reads Chinese (else empty).
inline constexpr std::string_view kTextNames[] = {"record"};
inline constexpr std::string_view kMessageNames[] = {"record", "recipient", "date", "rule", "zh"};

// Reports what is wrong with a text that names fields of a record of that kind.
void check_text(const Node& text, Kind kind, Reading& reading);
// The template of a message about a record of that kind: its name, or empty and a report. `templates` is the
// value of that key of the file, or null.
std::string read_message_template(const MapReader& map, const Node* templates, Kind kind, Reading& reading);

}  // namespace crm
