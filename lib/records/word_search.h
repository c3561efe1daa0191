// Which records hold words: the newest of each kind, by the search index, or where very many hold them by
// the texts themselves.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crm/session.h"

namespace crm {

struct FoundRecord {
  RecordId id;
  std::int64_t updated_at = 0;
  std::string name;  // empty where the kind has none
};

struct FoundRecords {
  std::vector<FoundRecord> records;
  bool more = false;
};

// Those that the acting user may see, at most so many of each kind, newest first. Words as search() takes
// them.
FoundRecords find_by_words(Session& session, std::string_view words, std::int64_t most_of_kind);

}  // namespace crm
