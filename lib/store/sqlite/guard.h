// The second fence around a user's condition: an authorizer that denies by default.
#pragma once

struct sqlite3;

namespace crm {

// While it lives, statements prepared on the connection may only read records and call a closed list of
// functions.
class Guard {
 public:
  explicit Guard(sqlite3* database);
  ~Guard();
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

 private:
  sqlite3* database_;
};

}  // namespace crm
