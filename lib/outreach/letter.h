// The text of an outreach's messages: a template of the workflow file, filled with a person's own fields.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crm/outreach.h"
#include "outbox/template.h"

namespace crm {

class Letter {
 public:
  // Error{not_found} for an unknown template, Error{invalid} for a broken one or one that names what the kind
  // has not.
  Letter(Session& session, Kind kind, const std::string& template_name);

  struct Text {
    std::string subject;
    std::string body;
    std::string html;  // empty: the template has none
  };
  Text render(RecordId record);
  // For nobody: each field as its name in brackets.
  Text specimen() const;

 private:
  Text text_of(const TemplateScope& scope) const;

  Session& session_;
  Template subject_;
  Template body_;
  std::optional<Template> html_;
  std::vector<std::string> fields_;  // those that the texts name
};

}  // namespace crm
