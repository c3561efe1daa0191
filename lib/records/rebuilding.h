// An import of an export of this program that makes a database again: the rows were agreed to, and fit the
// process, when they came to be.
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
  // Whether an import may be one: by an admin, into a kind without records, in a database of which nothing
  // but imports, and writes of users and teams, has made anything.
  static bool is_possible(Session& session, Kind kind);

 private:
  Session& session_;
};

}  // namespace crm
