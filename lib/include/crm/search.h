// Looking for a record of any kind by a few words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crm/export.h"
#include "crm/session.h"

namespace crm {

struct SearchHit {
  RecordId record;
  int rank = 0;  // 100: just what was looked for; 0: the words are somewhere in it
};

// The records that hold all the words, best first, then the newest: words as they begin, Chinese characters
// in either form, simplified or traditional, Chinese names also by pinyin and its initials (those of
// companies from further inside too), phone numbers also by any four or more of their digits, in groups or
// not. At most `limit`; of very many only the newest of each kind are ranked, and `more` says that
// there are others.
struct SearchResult {
  std::vector<SearchHit> hits;
  bool more = false;
};
CRM_API SearchResult search(Session& session, std::string_view words, std::int64_t limit);

}  // namespace crm
