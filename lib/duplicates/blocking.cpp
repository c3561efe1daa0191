#include "duplicates/blocking.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace crm {
namespace {

constexpr std::size_t kLargestBlock = 16;
constexpr std::size_t kWindow = 6;  // neighbours in a block that is larger even so

std::uint64_t combined(std::uint64_t a, std::uint64_t b) {
  return (a ^ (b + 0x9e3779b97f4a7c15ULL + (a << 12) + (a >> 4))) * 0xff51afd7ed558ccdULL;
}

class Blocks {
 public:
  explicit Blocks(const RecordTable& table) : table_(table) {}

  std::vector<PairKey> run() {
    const std::size_t fields = table_.fields().size();
    for (std::size_t field = 0; field < fields; ++field) {
      by_value(field);
      by_parts(field);
      for (std::size_t other = field + 1; other < fields; ++other) by_two_values(field, other);
    }
    settle();
    return std::move(pairs_);
  }

 private:
  bool is_frequent(std::size_t record, std::size_t field) const {
    return table_.frequency(record, field) > kLargestBlock;
  }

  void by_value(std::size_t field) {
    for (std::size_t record = 0; record < table_.size(); ++record) {
      const std::uint32_t frequency = table_.frequency(record, field);
      if (frequency >= 2 && frequency <= kLargestBlock) add(table_.hash(record, field), record);
    }
    close(false);
  }

  void by_two_values(std::size_t field, std::size_t other) {
    for (std::size_t record = 0; record < table_.size(); ++record) {
      if (is_frequent(record, field) && is_frequent(record, other))
        add(combined(table_.hash(record, field), table_.hash(record, other)), record);
    }
    close(true);
  }

  // Words of a text; the two halves of a number; what stands before the @ of an e-mail.
  void by_parts(std::size_t field) {
    const Sort sort = table_.fields()[field].sort;
    for (std::size_t record = 0; record < table_.size(); ++record) {
      const std::string_view value = table_.value(record, field);
      if (value.empty()) continue;
      if (sort == Sort::email) {
        add_part(value.substr(0, value.find('@')), 1, record);
      } else if (sort == Sort::number || sort == Sort::phone) {
        if (value.size() >= 6) {
          add_part(value.substr(0, value.size() - value.size() / 2), 2, record);
          add_part(value.substr(value.size() / 2), 3, record);
        }
      } else {
        add_words(value, record);
      }
    }
    close(false);
  }

  void add_words(std::string_view value, std::size_t record) {
    const std::string_view whole = value;
    while (!value.empty()) {
      const std::size_t end = std::min(value.find(' '), value.size());
      if (end >= 3 && end < whole.size()) add_part(value.substr(0, end), 4, record);
      value.remove_prefix(std::min(end + 1, value.size()));
    }
    // A slip of the pen spares the beginning or the end.
    constexpr std::size_t kEnds = 2;
    std::size_t characters = character_count(whole);
    if (characters <= 2 * kEnds) return;
    std::size_t middle = 0;
    for (std::size_t i = 0; i < characters / 2; ++i) middle += first_character_size(whole.substr(middle));
    add_part(whole.substr(0, middle), 5, record);
    add_part(whole.substr(middle), 6, record);
  }

  void add_part(std::string_view part, std::uint64_t sort, std::size_t record) {
    if (part.size() >= 3) add(combined(std::hash<std::string_view>()(part), sort), record);
  }

  void add(std::uint64_t key, std::size_t record) {
    keys_.emplace_back(key, static_cast<std::uint32_t>(record));
  }

  // All pairs within each small group of equal keys; of a large one its neighbours, or nothing.
  void close(bool neighbours) {
    std::sort(keys_.begin(), keys_.end());
    for (std::size_t begin = 0; begin < keys_.size();) {
      std::size_t end = begin;
      while (end < keys_.size() && keys_[end].first == keys_[begin].first) ++end;
      const std::size_t size = end - begin;
      const std::size_t reach = size <= kLargestBlock ? size : neighbours ? kWindow : 0;
      for (std::size_t i = begin; i < end; ++i) {
        for (std::size_t j = i + 1; j < std::min(end, i + 1 + reach); ++j) {
          if (keys_[i].second != keys_[j].second)
            pairs_.push_back((PairKey{keys_[i].second} << 32) | keys_[j].second);
        }
      }
      begin = end;
    }
    keys_.clear();
    if (pairs_.size() > settled_ + kUnsettled) settle();
  }

  void settle() {
    std::sort(pairs_.begin(), pairs_.end());
    pairs_.erase(std::unique(pairs_.begin(), pairs_.end()), pairs_.end());
    settled_ = pairs_.size();
  }

  static constexpr std::size_t kUnsettled = 8'000'000;
  const RecordTable& table_;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> keys_;
  std::vector<PairKey> pairs_;
  std::size_t settled_ = 0;
};

}  // namespace

std::vector<PairKey> candidate_pairs(const RecordTable& table) {
  return Blocks(table).run();
}

}  // namespace crm
