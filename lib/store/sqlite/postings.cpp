#include "store/sqlite/postings.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/index_words.h"
#include "store/sqlite/varint.h"

namespace crm {
namespace {

constexpr std::size_t kFirstSlots = 1 << 14;
constexpr std::size_t kLeastRoom = 16;                       // of a doclist, in bytes
constexpr std::size_t kLongestPosting = 3 * kLongestVarint;  // but for further places

// So many words ahead of its turn one is fetched from memory, which takes as long as what is done for
// several.
constexpr std::size_t kAhead = 6;

void fetch(const void* address) {
  __builtin_prefetch(address);
}

bool is_within(std::string_view part, std::string_view text) {
  const std::less<const char*> before;
  return !before(part.data(), text.data()) && before(part.data(), text.data() + text.size());
}

}  // namespace

Postings::Postings() : slots_(kFirstSlots) {}

std::size_t Postings::memory() const {
  return texts_.size() + words_.size() * sizeof(Word) + slots_.size() * sizeof(Slot) +
         before_last_.size() * sizeof(std::uint32_t) + lists_.size() + keys_.size() * sizeof(std::int64_t);
}

void Postings::add(std::int64_t key, std::string_view text) {
  const auto document = static_cast<std::uint32_t>(keys_.size());
  keys_.push_back(key);
  added_.clear();
  folded_.clear();
  folded_.reserve(text.size());  // then it does not move
  each_index_word(text, [&](std::string_view word) {
    if (!is_within(word, text)) {  // it would be gone after the call
      folded_ += word;
      word = std::string_view(folded_).substr(folded_.size() - word.size());
    }
    const std::uint64_t beginning = word_beginning(word);
    added_.push_back({word, beginning, hash_of(word, beginning)});
    fetch(&slots_[added_.back().hash & (slots_.size() - 1)]);
  });
  for (std::size_t i = 0; i < added_.size(); ++i) {
    if (i + kAhead < added_.size()) fetch_word(added_[i + kAhead]);
    add_word(added_[i], document, static_cast<std::uint32_t>(i));
  }
  word_count_ += added_.size();
}

// Where it is most likely to be, if it is there.
void Postings::fetch_word(const Added& word) const {
  const Slot& slot = slots_[word.hash & (slots_.size() - 1)];
  if (slot.word == kNone) return;
  fetch(&words_[slot.word]);
  fetch(&before_last_[slot.word]);
}

std::uint32_t Postings::hash_of(std::string_view word, std::uint64_t beginning) {
  std::uint64_t hash = beginning + word.size();
  if (word.size() > sizeof beginning) hash ^= std::hash<std::string_view>()(word.substr(sizeof beginning));
  hash *= 0x9E3779B97F4A7C15;
  return static_cast<std::uint32_t>((hash ^ (hash >> 29)) >> 16);
}

bool Postings::is_word(const Word& word, std::string_view text, std::uint64_t beginning) const {
  if (word.beginning != beginning || word.size != text.size()) return false;
  return text.size() <= sizeof beginning ||
         text_of(word).substr(sizeof beginning) == text.substr(sizeof beginning);
}

Postings::Slot& Postings::slot_of(std::string_view word, std::uint64_t beginning, std::uint32_t hash) {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    Slot& slot = slots_[at];
    if (slot.word == kNone || (slot.hash == hash && is_word(words_[slot.word], word, beginning))) return slot;
  }
}

void Postings::grow() {
  const std::vector<Slot> former = std::exchange(slots_, std::vector<Slot>(slots_.size() * 2));
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : former) {
    if (slot.word == kNone) continue;
    std::size_t at = slot.hash & mask;
    while (slots_[at].word != kNone) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

void Postings::add_word(const Added& added, std::uint32_t document, std::uint32_t place) {
  const auto& [text, beginning, hash] = added;
  Slot& slot = slot_of(text, beginning, hash);
  if (slot.word == kNone) {
    slot = {hash, static_cast<std::uint32_t>(words_.size())};
    words_.push_back({beginning, static_cast<std::uint32_t>(texts_.size()),
                      static_cast<std::uint32_t>(text.size()), document, place});
    before_last_.push_back(kNone);
    texts_ += text;
    if (words_.size() * 2 > slots_.size()) grow();
    return;
  }
  Word& word = words_[slot.word];
  if (word.document != document) {
    end_document(word, before_last_[slot.word]);
    before_last_[slot.word] = word.document;
    word.document = document;
    word.place = place;
    word.more = kNone;
    return;
  }
  if (word.more == kNone) {
    word.more = static_cast<std::uint32_t>(repeated_.size());
    repeated_.emplace_back();
    last_repeated_.push_back(word.place);
  }
  append_varint(repeated_[word.more], place - last_repeated_[word.more] + 2);
  last_repeated_[word.more] = place;
}

// But for its other places. At most kLongestPosting bytes; returns their end.
char* Postings::put_posting(char* at, const Word& word, std::uint32_t before) const {
  const auto key_of = [this](std::uint32_t document) { return static_cast<std::uint64_t>(keys_[document]); };
  at = put_varint(at, key_of(word.document) - (before == kNone ? 0 : key_of(before)));
  at = put_varint(at, 2 * (varint_size(word.place + 2) + other_places(word).size()));
  return put_varint(at, word.place + 2);
}

std::string_view Postings::other_places(const Word& word) const {
  return word.more == kNone ? std::string_view() : repeated_[word.more];
}

// Its posting goes to the word's list, which moves to where it has twice the room when it is full.
void Postings::end_document(Word& word, std::uint32_t before) {
  const std::string_view more = other_places(word);
  if (word.list_size + kLongestPosting + more.size() <= word.list_room) {
    char* const list = lists_.data() + word.list;
    char* const end = put_posting(list + word.list_size, word, before);
    word.list_size = static_cast<std::uint32_t>(std::copy(more.begin(), more.end(), end) - list);
    return;
  }
  char posting[kLongestPosting];
  const std::string_view first(posting,
                               static_cast<std::size_t>(put_posting(posting, word, before) - posting));
  const std::size_t size = word.list_size + first.size() + more.size();
  if (size > word.list_room) {
    const auto list = static_cast<std::uint32_t>(lists_.size());
    word.list_room = static_cast<std::uint32_t>(std::max(2 * size, kLeastRoom));
    lists_.resize(lists_.size() + word.list_room);
    std::copy_n(lists_.begin() + word.list, word.list_size, lists_.begin() + list);
    word.list = list;
  }
  const auto end = std::copy(first.begin(), first.end(), lists_.begin() + word.list + word.list_size);
  std::copy(more.begin(), more.end(), end);
  word.list_size = static_cast<std::uint32_t>(size);
}

std::vector<Postings::Sorted> Postings::in_order() const {
  std::vector<Sorted> sorted;
  sorted.reserve(words_.size());
  for (std::uint32_t i = 0; i < words_.size(); ++i)
    sorted.push_back({{text_of(words_[i]), words_[i].beginning}, i});
  std::sort(sorted.begin(), sorted.end(), [this](const Sorted& a, const Sorted& b) {
    if (a.order != b.order) return a.order < b.order;
    return text_of(words_[a.word]) < text_of(words_[b.word]);
  });
  return sorted;
}

std::vector<std::string> Postings::bounds(std::size_t parts) const {
  constexpr std::uint64_t kOfEach = 50;  // a word is as much to merge as so many bytes
  const auto weight = [this](const Sorted& one) {
    return words_[one.word].size + words_[one.word].list_size + kOfEach;
  };
  const std::vector<Sorted> sorted = in_order();
  std::uint64_t whole = 0, before = 0;
  for (const Sorted& one : sorted) whole += weight(one);
  std::vector<std::string> bounds;
  for (const Sorted& one : sorted) {
    before += weight(one);
    if (bounds.size() + 1 < parts && before * parts > whole * (bounds.size() + 1))
      bounds.emplace_back(text_of(words_[one.word]));
  }
  return bounds;
}

void Postings::take(FunctionRef<void(std::string_view word, std::string_view doclist)> visit) {
  const std::vector<Sorted> sorted = in_order();
  std::string doclist;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i + 4 * kAhead < sorted.size()) fetch(&words_[sorted[i + 4 * kAhead].word]);
    if (i + 2 * kAhead < sorted.size()) {
      const std::uint32_t ahead = sorted[i + 2 * kAhead].word;
      fetch(&before_last_[ahead]);
      fetch(texts_.data() + words_[ahead].text);
      fetch(lists_.data() + words_[ahead].list);
    }
    const Word& word = words_[sorted[i].word];
    char posting[kLongestPosting];
    char* const end = put_posting(posting, word, before_last_[sorted[i].word]);
    const std::string_view last(posting, static_cast<std::size_t>(end - posting));
    const std::string_view more = other_places(word);
    if (word.list_size == 0 && more.empty()) {  // most words are of one text
      visit(text_of(word), last);
      continue;
    }
    doclist.assign(lists_, word.list, word.list_size);
    doclist += last;
    doclist += more;
    visit(text_of(word), doclist);
  }
  keys_.clear();
  texts_.clear();
  words_.clear();
  std::fill(slots_.begin(), slots_.end(), Slot());
  before_last_.clear();
  lists_.clear();
  repeated_.clear();
  last_repeated_.clear();
  word_count_ = 0;
}

}  // namespace crm
