#include "records/word_search.h"

#include <algorithm>
#include <span>

#include "base/text.h"
#include "filter/search.h"
#include "records/record_words.h"
#include "records/rights.h"
#include "records/write_record.h"

namespace crm {
namespace {

// The index joins the lists of all words with a beginning before it gives the first record: quick for some
// ten thousand records, but not for the "1" that a million have. What so many have is soon met by reading the
// newest texts, and reading them tells how many have it.
constexpr std::int64_t kMostRead = 5000;
constexpr std::int64_t kSample = 1000;
constexpr std::int64_t kFewInSample = 10;
// A word that a larger share of the texts has is not asked of the index where another one is.
constexpr double kFrequent = 0.03;
// Of a kind's records that hold the words so many are looked at for those that the user may see.
constexpr std::int64_t kMostLookedAt = 50'000;

std::string in_one_word(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
  return text;
}

bool is_latin(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == ' '; });
}

class WordSearch {
 public:
  WordSearch(Session& session, std::string_view words, std::int64_t most)
      : connection_(*session.state().connection), parts_(sought(words)), most_(most) {
    const std::string text = search_text(words);
    // "zhang wei" is also a name that was typed in two words.
    if (parts_.size() > 1 && is_latin(text)) joined_.push_back({in_one_word(text), true, {}});
    had_part_.resize(parts_.size());
    if (!parts_.empty()) find_places(session);
  }

  FoundRecords run() {
    const bool has_prefix =
        std::any_of(parts_.begin(), parts_.end(), [](const Sought& part) { return part.is_prefix; });
    if (has_prefix) {
      for (Place& place : places_) read_newest(place);
    }
    places_.erase(
        std::remove_if(places_.begin(), places_.end(), [](const Place& place) { return place.done; }),
        places_.end());
    if (!places_.empty()) choose_asked();
    // One look into the index for all kinds where joining lists is what takes the time.
    const std::span<Place> all(places_);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (has_prefix) {
        ask_index(all);
        break;
      }
      ask_index(all.subspan(i, 1));
    }
    return std::move(found_);
  }

 private:
  // A kind's stretch of the index.
  struct Place {
    const Entity* kind = nullptr;
    std::int64_t first = 0, last = 0;
    std::string look_up;      // SQL: what is told of a record, if the user may see it
    std::string read_values;  // SQL: what its words are made of
    std::shared_ptr<const RecordWords> words;
    std::int64_t looked_at = 0, count = 0;
    bool done = false;
  };

  static std::string table_of(const Place& place) { return '"' + std::string(place.kind->table) + '"'; }

  void find_places(Session& session) {
    for (const Entity& kind : entities()) {
      if (!kind.searchable) continue;
      Place& place = places_.emplace_back();
      place.kind = &kind;
      place.first = search_key({kind.kind, 0});
      place.last = search_key({kind.kind, (std::int64_t{1} << 48) - 1});
      if (!connection_.exists("SELECT 1 FROM \"" + std::string(kind.table) + '"', {})) {
        places_.pop_back();
        continue;
      }
      place.words = record_words(session, kind.kind);
      place.read_values =
          "SELECT " + place.words->columns() + " FROM " + table_of(place) + " r WHERE r.id = $1";
      const bool named = session.view(kind.kind).find("name") != nullptr;
      place.look_up = std::string("SELECT updated_at, ") + (named ? "name" : "''") + " FROM \"" +
                      std::string(kind.table) + "\" r WHERE id = $1 AND deleted_at IS NULL" +
                      visible_sql(session, kind.kind);
    }
    std::sort(places_.begin(), places_.end(),
              [](const Place& a, const Place& b) { return a.first < b.first; });
  }

  bool holds_all(std::string_view text) const {
    const auto is_there = [&](const Sought& part) { return part.is_in(text); };
    return std::all_of(parts_.begin(), parts_.end(), is_there) ||
           std::any_of(joined_.begin(), joined_.end(), is_there);
  }

  bool record_holds_all(const Place& place, std::int64_t key) {
    const Param params[] = {key - place.first};
    std::string words;
    connection_.each(place.read_values, params,
                     [&](const Row& row) { place.words->append_words(words, row, 0); });
    return holds_all(words);
  }

  // Notes the record where the user may see it. False where the place needs no more.
  bool take(Place& place, std::int64_t key) {
    if (++place.looked_at > kMostLookedAt) {
      found_.more = true;
      place.done = true;
      return false;
    }
    const Param params[] = {key - place.first};
    connection_.each(place.look_up, params, [&](const Row& row) {
      if (++place.count <= most_)
        found_.records.push_back(
            {{place.kind->kind, key - place.first}, row.integer(0), std::string(row.text(1))});
    });
    if (place.count <= most_) return true;
    found_.more = true;
    place.done = true;
    return false;
  }

  void read_newest(Place& place) {
    const std::size_t before = found_.records.size();
    const std::int64_t most_read = std::max<std::int64_t>(
        kSample, kMostRead / static_cast<std::int64_t>(std::max<std::size_t>(1, places_.size())));
    std::int64_t read = 0, holding = 0;
    const Param params[] = {most_read + 1};
    std::string words;
    connection_.query("SELECT r.id, " + place.words->columns() + " FROM " + table_of(place) +
                          " r WHERE r.deleted_at IS NULL ORDER BY r.id DESC LIMIT $1",
                      params, [&](const Row& row) {
                        if (read == most_read || (read == kSample && holding < kFewInSample)) return false;
                        ++read;
                        words.clear();
                        place.words->append_words(words, row, 1);
                        for (std::size_t i = 0; i < parts_.size(); ++i)
                          had_part_[i] += parts_[i].is_in(words) ? 1 : 0;
                        if (!holds_all(words)) return true;
                        ++holding;
                        return take(place, place.first + row.integer(0));
                      });
    read_ += read;
    if (read < most_read && !(read == kSample && holding < kFewInSample)) place.done = true;
    if (place.done) return;
    // The index gives these again.
    found_.records.resize(before);
    place.count = place.looked_at = 0;
  }

  double share(std::size_t part) const {
    return read_ == 0 ? 0 : static_cast<double>(had_part_[part]) / static_cast<double>(read_);
  }

  // What is asked of the index; the rest is then looked for in the texts that it gives.
  void choose_asked() {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (!parts_[i].is_prefix || share(i) <= kFrequent) asked_.push_back(parts_[i]);
    }
    if (!asked_.empty()) return;
    std::size_t rarest = 0;
    for (std::size_t i = 1; i < parts_.size(); ++i) {
      if (share(i) < share(rarest)) rarest = i;
    }
    asked_.push_back(parts_[rarest]);
  }

  void ask_index(std::span<Place> places) {
    std::string query = fts5_query(asked_);
    if (!joined_.empty()) query = "(" + query + ") OR " + joined_.front().fts5_query();
    const bool whole = asked_.size() == parts_.size();
    std::size_t waiting = places.size();
    const Param params[] = {query, places.front().first, places.back().last};
    connection_.query(
        "SELECT rowid FROM search_index WHERE search_index MATCH $1 AND rowid BETWEEN $2 AND $3 "
        "ORDER BY rowid DESC",
        params, [&](const Row& row) {
          const std::int64_t key = row.integer(0);
          const auto place = std::find_if(places.begin(), places.end(), [&](const Place& one) {
            return one.first <= key && key <= one.last;
          });
          if (place == places.end() || place->done || (!whole && !record_holds_all(*place, key))) return true;
          return take(*place, key) || --waiting > 0;
        });
  }

  Connection& connection_;
  std::vector<Sought> parts_;
  std::vector<Sought> joined_;  // the other way to read them; none or one
  std::vector<Sought> asked_;
  std::int64_t most_;
  std::vector<Place> places_;  // in the order of their stretches
  std::vector<std::int64_t> had_part_;
  std::int64_t read_ = 0;
  FoundRecords found_;
};

}  // namespace

FoundRecords find_by_words(Session& session, std::string_view words, std::int64_t most_of_kind) {
  return WordSearch(session, words, most_of_kind).run();
}

}  // namespace crm
