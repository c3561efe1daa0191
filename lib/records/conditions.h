// The conditions of the active process, checked once for a session.
#pragma once

#include <string>
#include <vector>

#include "crm/session.h"
#include "filter/condition.h"
#include "filter/evaluate.h"
#include "records/stored_record.h"

namespace crm {

// A part of a condition, of those joined by `and`, and the fields that it looks at.
struct ConditionPart {
  struct Looked {
    const Field* field;
    bool before;  // at the value before the change
    friend bool operator==(const Looked&, const Looked&) = default;
  };
  std::string text;
  std::vector<Looked> looked;
};

struct KeptCondition {
  Condition condition;
  bool timeless = false;             // it names no moment and no day
  bool alone = false;                // nor anything that is looked up beside the record
  std::vector<ConditionPart> parts;  // none until somebody asks for them
};

// The condition on records of that kind, at the session's now. It may use changed(), was() and me. Kept by
// the session until the process or a user's or team's name changes; valid until then. Throws as
// check_expression does.
const Condition& process_condition(Session& session, Kind kind, const std::string& text);

// Whether the answer for a record can change only with the record itself. As above.
bool depends_on_record_alone(Session& session, Kind kind, const std::string& text);

// The parts that must all hold. As above.
const std::vector<ConditionPart>& condition_parts(Session& session, Kind kind, const std::string& text);

// Whether it is true of the record; not where it is false or unknown.
bool holds(const Condition& condition, const RecordAccess& record, const RecordAccess* before = nullptr);
// The same for a text; an empty one holds always.
bool holds(Session& session, Kind kind, const std::string& condition, const RecordAccess& record,
           const RecordAccess* before = nullptr);
// The same for a record that is stored; `before` is null where it was not there.
bool holds(Session& session, const std::string& condition, const StoredRecord& record,
           const StoredRecord* before);

}  // namespace crm
