// A condition answered in C++ for one record at hand, with the same answer as its SQL.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crm/kind.h"
#include "crm/value.h"
#include "filter/condition.h"

namespace crm {

// One record's values, as stored.
class RecordAccess {
 public:
  virtual ~RecordAccess() = default;
  // As the column holds it; of a FieldType::record "lead/42"; of a derived field its value at the condition's
  // moment.
  virtual Value value(const Field& field) const = 0;
  // The normalised form beside a phone or e-mail (its NAME_key column).
  virtual Value key(const Field& field) const = 0;
  virtual std::vector<std::string> tags() const = 0;
  virtual std::vector<std::string> refs() const = 0;  // SOURCE/KEY
  virtual std::string search_text() const = 0;
};

// True, false, or nothing where SQL would say NULL. `before` is the record before the change, for changed()
// and was(): null for a record that is new, whose fields were then all absent.
std::optional<bool> evaluate(const Condition& condition, const RecordAccess& record,
                             const RecordAccess* before = nullptr);

}  // namespace crm
