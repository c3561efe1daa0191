// One message of a reminder rule: the rows for one person, and their text.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "outbox/enqueue.h"
#include "outbox/template.h"
#include "process/process.h"
#include "reminders/matching_rows.h"

namespace crm {

// The template of a rule, ready to be used.
class DigestTemplate {
 public:
  // Throws Error{invalid} for a rule whose template is gone or broken: `apply` lets none such through.
  DigestTemplate(const Process& process, const Reminder& reminder);

  // What its texts name, in rows or outside.
  std::set<std::string, std::less<>> names() const;

  struct Text {
    std::string subject;
    std::string body;
    std::string html;  // empty: the template has none
  };
  // The rows are put in the order of their due times. `day` is the day where the person lives.
  Text render(const Person& person, std::vector<MatchingRow> rows, Date day) const;

 private:
  Template subject_;
  Template body_;
  std::optional<Template> html_;
};

}  // namespace crm
