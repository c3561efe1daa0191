// The text of an outreach's messages: a template of the workflow file, filled with a person's own fields.
#pragma once

#include <string>
#include <vector>

#include "crm/outreach.h"
#include "outbox/message_form.h"

namespace crm {

class Letter {
 public:
  // Error{not_found} for an unknown template, Error{invalid} for a broken one or one that names what the kind
  // has not.
  Letter(Session& session, Kind kind, const std::string& template_name);

  MessageForm::Texts render(RecordId record);
  // For nobody: each field as its name in brackets.
  MessageForm::Texts specimen() const;

 private:
  Session& session_;
  MessageForm form_;
  std::vector<std::string> fields_;  // those that the texts name
};

}  // namespace crm
