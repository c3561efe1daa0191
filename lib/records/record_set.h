// Records to come back to: in a temporary table of the engine's, so that memory does not grow with a file
// that names them.
#pragma once

#include <string>

#include "base/function_ref.h"
#include "crm/session.h"

namespace crm {

class RecordSet {
 public:
  // One set of that name at a time; it is empty again once all of it was visited. The session must be
  // writing.
  RecordSet(Session& session, const std::string& name) : session_(session), table_("temp." + name) {}

  void add(RecordId record);
  // Each once, in order of kind and number; then none is in it.
  void take_all(FunctionRef<void(RecordId)> visit);

 private:
  void make();

  Session& session_;
  std::string table_;
  bool used_ = false;
};

}  // namespace crm
