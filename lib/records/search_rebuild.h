// The search index made anew of the records.
#pragma once

#include "crm/session.h"

namespace crm {

// While there is one, the index takes nothing; then it is made of the records as they are. Within a Write,
// which takes the index back where it fails.
class SearchRebuild {
 public:
  explicit SearchRebuild(Session& session);
  void finish();

 private:
  Session& session_;
};

}  // namespace crm
