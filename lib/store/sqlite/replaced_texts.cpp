#include "store/sqlite/replaced_texts.h"

#include <algorithm>

namespace crm {

bool ReplacedTexts::put(std::int64_t key, std::string_view text) {
  if (is_empty()) {
    bits_.resize(kKeyBits);
    run_script(side_, "CREATE TABLE replaced (key INTEGER PRIMARY KEY, text BLOB)");
    find_ = LoaderStatement(side_, "SELECT 1 FROM replaced WHERE key = ?1");
    write_ = LoaderStatement(side_, "REPLACE INTO replaced (key, text) VALUES (?1, ?2)");
  }
  bool is_first = true;
  if (may_have(key)) {
    find_.bind(1, key);
    is_first = !find_.step();
    if (!is_first) find_.step();  // to its end: it can be used again
  }
  bits_[bit_of(key)] = true;
  write_.bind(1, key);
  write_.bind_blob(2, text);
  write_.step();
  return is_first;
}

void ReplacedTexts::take(FunctionRef<void(std::int64_t, std::string_view)> visit) {
  if (is_empty()) return;
  LoaderStatement all(side_, "SELECT key, text FROM replaced ORDER BY key");
  while (all.step()) {
    keys_.push_back(all.integer(0));
    visit(keys_.back(), all.bytes(1));
  }
}

bool ReplacedTexts::is_there(std::int64_t key) const {
  return std::binary_search(keys_.begin(), keys_.end(), key);
}

}  // namespace crm
