// An import of an export of this program into a kind that has no records yet: the rows were agreed to, and
// fit the process, when they came to be.
#pragma once

#include "crm/session.h"

namespace crm {

// Marks the import that is under way as one. It ends with this, or with the transaction.
class Rebuilding {
 public:
  // The session must be writing.
  explicit Rebuilding(Session& session);
  ~Rebuilding();
  Rebuilding(const Rebuilding&) = delete;
  Rebuilding& operator=(const Rebuilding&) = delete;

  static bool is_under_way(Session& session);

 private:
  Session& session_;
};

}  // namespace crm
