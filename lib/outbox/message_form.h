// A message template of the workflow file, ready to be used.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "outbox/template.h"
#include "process/process.h"

namespace crm {

class MessageForm {
 public:
  // Throws Error{invalid} for one that is broken: `apply` lets none such through.
  explicit MessageForm(const MessageTemplate& source);

  // What its texts name, in lists or outside.
  std::set<std::string, std::less<>> names() const;

  struct Texts {
    std::string subject;  // one line
    std::string body;     // lines end in LF; like the others without control characters
    std::string html;     // empty: the template has none
  };
  Texts render(const TemplateScope& scope) const;

 private:
  Template subject_;
  Template body_;
  std::optional<Template> html_;
};

}  // namespace crm
