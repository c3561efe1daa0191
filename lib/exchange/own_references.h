// References to records of the file's own kind that come further down in it, such as a user's manager.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/function_ref.h"
#include "crm/error.h"
#include "records/session_state.h"

namespace crm {

class OwnReferences {
 public:
  // The session must be writing until the end.
  explicit OwnReferences(Session& session) : session_(session) {}

  // `target` is the column's place in the plan, `place` that of the cell.
  void note(std::int64_t record, std::size_t target, std::string_view text, const Location& place);

  struct Reference {
    std::int64_t record;
    std::size_t target;
    std::string text;
    Location place;  // without the file
  };
  // Hands out what was noted, in the order of the rows.
  void each(FunctionRef<void(const Reference&)> visit);

 private:
  Session& session_;
  bool made_ = false;
};

}  // namespace crm
