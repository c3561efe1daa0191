// Several writes that reach the disk together: in one transaction, or in one for each.
#pragma once

#include "crm/export.h"
#include "crm/session.h"

namespace crm {

// While it lasts each Write of the session is still a change of its own, kept or not by itself, but only
// commit() makes them last. Without it all of them are undone at its end. Not inside a Write.
class CRM_API WriteGroup {
 public:
  // Error{busy} where another process writes for too long.
  explicit WriteGroup(Session& session);
  ~WriteGroup();
  WriteGroup(const WriteGroup&) = delete;
  WriteGroup& operator=(const WriteGroup&) = delete;
  // Nothing is acknowledged before this has returned.
  void commit();

 private:
  Session& session_;
};

// While it lasts each Write of the session is a transaction of its own as ever, which others see and a kill
// of the process leaves, but a loss of power may take back the last of them, whole, until sync(). Not inside
// a Write.
class CRM_API WriteSeries {
 public:
  explicit WriteSeries(Session& session);
  ~WriteSeries();
  WriteSeries(const WriteSeries&) = delete;
  WriteSeries& operator=(const WriteSeries&) = delete;
  // Nothing is acknowledged before this has returned. Error{io} where what was written may not last.
  void sync();

 private:
  Session& session_;
};

}  // namespace crm
