// Texts for the search index that are their own words.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "store/connection.h"

namespace crm {

class SameWords final : public WordMaker {
 public:
  void append_words(std::string& words, std::string_view values) const override { words += values; }
};

inline void index_new_text(Connection& connection, std::int64_t key, std::string_view text) {
  static const std::shared_ptr<const WordMaker> kSame = std::make_shared<SameWords>();
  connection.index_new(key, kSame, text);
}

}  // namespace crm
