// A field that a workflow file adds to a kind (`fields`).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crm/kind.h"

namespace crm {

// It owns its text; `field` points into it.
struct CustomField {
  std::string name, label_en, label_zh, help_en, help_zh, column, default_value;
  std::vector<std::string> choice_names, choice_labels_en, choice_labels_zh;
  std::vector<Choice> choices;
  std::string mask;   // how a sensitive value is shown to those who may not see it: a name of base/mask.h;
                      // empty: none of it
  std::string check;  // what a value must be: a name of base/value_check.h; empty: anything of the type
  Field field;
  // Makes the texts of `field`, and `choices`, point at this object's own. The type, the target and the flags
  // of `field` are set by whoever fills it in. Call it last; the object must not move afterwards.
  void bind();
};

}  // namespace crm
