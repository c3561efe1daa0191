// Which texts hold a word, and where in them: of as many texts as fit into memory.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/function_ref.h"

namespace crm {

// The first eight bytes, as a number that orders as they do.
inline std::uint64_t word_beginning(std::string_view word) {
  constexpr std::size_t kBytes = 8;
  const std::size_t size = word.size();
  const auto byte = [&](std::size_t i) {
    return std::uint64_t{static_cast<unsigned char>(word[i])} << 8 * (kBytes - 1 - i);
  };
  if (size < 4) return size == 0 ? 0 : byte(0) | byte(size / 2) | byte(size - 1);  // some twice
  const auto four = [&](std::size_t i) {
    std::uint32_t number = 0;
    std::memcpy(&number, word.data() + i, sizeof number);
    if constexpr (std::endian::native == std::endian::little) number = __builtin_bswap32(number);
    return std::uint64_t{number};
  };
  constexpr int kHalf = 32;
  if (size >= kBytes) return four(0) << kHalf | four(4);
  return four(0) << kHalf | four(size - 4) << 8 * (kBytes - size);  // some twice
}

// The first sixteen bytes of a word: most words are put in the order of their bytes by these alone.
struct WordOrder {
  WordOrder() = default;
  // `first`: the word's beginning.
  WordOrder(std::string_view word, std::uint64_t first)
      : beginning(first), next(word.size() > sizeof first ? word_beginning(word.substr(sizeof first)) : 0) {}

  friend bool operator==(const WordOrder&, const WordOrder&) = default;
  friend bool operator<(const WordOrder& a, const WordOrder& b) {
    return a.beginning != b.beginning ? a.beginning < b.beginning : a.next < b.next;
  }

  std::uint64_t beginning = 0;
  std::uint64_t next = 0;
};

class Postings {
 public:
  Postings();

  // The words are those of FTS5's tokenizer "ascii": letters, digits and whatever is not ASCII. A key once.
  void add(std::int64_t key, std::string_view text);
  bool is_empty() const { return keys_.empty(); }
  // What they take, in bytes, within a tenth.
  std::size_t memory() const;
  // How many words all texts have, each as often as it stands there.
  std::uint64_t word_count() const { return word_count_; }

  // The words at which all of them fall into so many parts that are about as much to merge; fewer where there
  // are few.
  std::vector<std::string> bounds(std::size_t parts) const;
  // The words in the order of their bytes, each with its doclist as FTS5 writes it: of each text, in the
  // order in which they came, the key (less the one before, modulo 2^64), twice the size of what follows, and
  // the word's places less the one before, plus 2. Then all is forgotten.
  void take(FunctionRef<void(std::string_view word, std::string_view doclist)> visit);

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  struct Word {
    std::uint64_t beginning;
    std::uint32_t text;  // where it begins in texts_
    std::uint32_t size;
    std::uint32_t document;      // the last that holds it: an index into keys_
    std::uint32_t place;         // the first there
    std::uint32_t more = kNone;  // its other places there: an index into repeated_
    // The doclist of the documents before: where it begins in lists_, its size and its room.
    std::uint32_t list = 0;
    std::uint32_t list_size = 0;
    std::uint32_t list_room = 0;
  };

  // A word of the text that is being added.
  struct Added {
    std::string_view text;
    std::uint64_t beginning;
    std::uint32_t hash;
  };

  struct Sorted {
    WordOrder order;
    std::uint32_t word;  // an index into words_
  };

  std::vector<Sorted> in_order() const;
  void add_word(const Added& word, std::uint32_t document, std::uint32_t place);
  void fetch_word(const Added& word) const;
  // Most of what a word is compared with need not be looked at for it.
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t word = kNone;  // an index into words_
  };

  static std::uint32_t hash_of(std::string_view word, std::uint64_t beginning);
  Slot& slot_of(std::string_view word, std::uint64_t beginning, std::uint32_t hash);
  bool is_word(const Word& word, std::string_view text, std::uint64_t beginning) const;
  void grow();
  std::string_view text_of(const Word& word) const {
    return std::string_view(texts_).substr(word.text, word.size);
  }
  // That of the last document that holds the word. `before`: the one before it, or kNone.
  char* put_posting(char* at, const Word& word, std::uint32_t before) const;
  std::string_view other_places(const Word& word) const;
  void end_document(Word& word, std::uint32_t before);

  std::vector<std::int64_t> keys_;
  std::string texts_;  // of the words, one behind the other
  std::vector<Word> words_;
  std::vector<Slot> slots_;                 // a hash table
  std::vector<std::uint32_t> before_last_;  // of each word the document before the last; kNone: there is none
  std::string lists_;                       // the doclists, each with room to grow
  std::vector<std::string> repeated_;       // varints: places less the one before, plus 2
  std::vector<std::uint32_t> last_repeated_;
  std::vector<Added> added_;
  std::string folded_;  // the words of `added_` that do not stand so in the text
  std::uint64_t word_count_ = 0;
};

}  // namespace crm
