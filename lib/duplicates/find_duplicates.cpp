#include <algorithm>
#include <future>
#include <set>
#include <thread>

#include "base/text.h"
#include "crm/duplicates.h"
#include "crm/error.h"
#include "duplicates/clusters.h"
#include "duplicates/match_model.h"
#include "duplicates/normal_form.h"
#include "filter/search.h"
#include "modules/phone.h"
#include "records/rights.h"
#include "records/write_record.h"

namespace crm {
namespace {

constexpr double kSameScore = 0.99;     // of a pair that the workflow calls the same
constexpr double kSimilarScore = 0.75;  // … that it calls similar

const DedupeRules* rules_of(Session& session, Kind kind) {
  const auto& rules = session.state().process().dedupe[slot(kind)];
  return rules ? &*rules : nullptr;
}

double threshold_of(Session& session, Kind kind) {
  const DedupeRules* const rules = rules_of(session, kind);
  return rules != nullptr ? rules->threshold.value_or(kListedScore) : kListedScore;
}

void check_compared_kind(Kind kind) {
  if (kind == Kind::customer || kind == Kind::contact || kind == Kind::lead) return;
  throw Error(ErrorCode::usage, std::string(entity(kind).plural.en) + " are not compared",
              "customers, contacts and leads are");
}

// "云帆科技" of "北京云帆科技".
bool is_part(std::string_view a, std::string_view b) {
  const std::string_view shorter = a.size() < b.size() ? a : b, longer = a.size() < b.size() ? b : a;
  std::string_view rest = shorter;
  return character_count(shorter) >= 2 && is_cjk(next_character(rest)) &&
         longer.find(shorter) != std::string_view::npos;
}

// What the workflow file says of a pair, beside what the records say.
class RuleScore {
 public:
  RuleScore(const RecordTable& table, const DedupeRules* rules) {
    if (rules == nullptr) return;
    const auto place = [&](const std::string& name) {
      const auto& fields = table.fields();
      return static_cast<std::size_t>(
          std::find_if(fields.begin(), fields.end(),
                       [&](const ComparedField& field) { return field.field->name == name; }) -
          fields.begin());
    };
    for (const auto& list : rules->same) {
      std::vector<std::size_t>& places = same_.emplace_back();
      for (const std::string& name : list) places.push_back(place(name));
    }
    for (const SimilarField& field : rules->similar) similar_.push_back(place(field.field));
  }

  double at_least(const Pattern& pattern) const {
    const auto all = [&](const std::vector<std::size_t>& places, Likeness least) {
      return !places.empty() && std::all_of(places.begin(), places.end(), [&](std::size_t place) {
        return place < pattern.size() && pattern[place] >= least;
      });
    };
    if (std::any_of(same_.begin(), same_.end(),
                    [&](const auto& places) { return all(places, Likeness::equal); }))
      return kSameScore;
    return all(similar_, Likeness::nearly) ? kSimilarScore : 0;
  }

 private:
  std::vector<std::vector<std::size_t>> same_;
  std::vector<std::size_t> similar_;
};

class Comparison {
 public:
  Comparison(Session& session, Kind kind, const RecordTable& table)
      : kind_(kind), table_(table), model_(table), rules_(table, rules_of(session, kind)) {}

  MatchModel& model() { return model_; }

  double score(std::size_t a, std::size_t b) const {
    const Pattern pattern = model_.compare(a, b);
    const double score = std::max(model_.score(a, b, pattern), rules_.at_least(pattern));
    return is_same_customer(pattern) ? std::max(score, kRefusedScore) : score;
  }

  // Whether they have a phone or an e-mail in common, and names of which one is the other or a part of it; or
  // are customers of one name whom nothing tells apart, or of one e-mail, whatever their names. Neighbours
  // and colleagues share a phone, but no mailbox.
  bool is_plainly_one(std::size_t a, std::size_t b) const {
    const Pattern pattern = model_.compare(a, b);
    bool key = false, email = false, name = false;
    for (std::size_t i = 0; i < table_.fields().size(); ++i) {
      const ComparedField& field = table_.fields()[i];
      if (field.field->name == "name") {
        name = pattern[i] >= Likeness::nearly || is_part(table_.value(a, i), table_.value(b, i));
      } else {
        const bool is_key = field.sort == Sort::phone || field.sort == Sort::email;
        key = key || (is_key && pattern[i] == Likeness::equal);
        email = email || (field.sort == Sort::email && pattern[i] == Likeness::equal);
      }
    }
    return (key && name) || (kind_ == Kind::customer && email) || is_same_customer(pattern);
  }

  // Whether they have more in common than what many people of one name have: a key, or the company.
  bool is_more_than_a_name(std::size_t a, std::size_t b) const {
    const Pattern pattern = model_.compare(a, b);
    for (std::size_t i = 0; i < table_.fields().size(); ++i) {
      const ComparedField& field = table_.fields()[i];
      const bool tells = field.sort == Sort::phone || field.sort == Sort::email ||
                         field.field->name == "wechat" || field.field->name == "company";
      if (tells && pattern[i] >= Likeness::nearly) return true;
    }
    return false;
  }

  DuplicatePair describe(std::size_t a, std::size_t b, double score) const {
    const Pattern pattern = model_.compare(a, b);
    DuplicatePair pair{{kind_, table_.id(a)}, {kind_, table_.id(b)}, score, std::nullopt, {}};
    if (pair.a.id > pair.b.id) std::swap(pair.a, pair.b);
    const std::vector<double> weights = model_.weights(a, b, pattern);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (pattern[i] != Likeness::missing)
        pair.terms.push_back({std::string(table_.fields()[i].field->name), weights[i]});
    }
    return pair;
  }

 private:
  // Customers of one name whom nothing tells apart: the model would find them the less likely one the more
  // records there are.
  bool is_same_customer(const Pattern& pattern) const {
    if (kind_ != Kind::customer) return false;
    bool same_name = false;
    for (std::size_t i = 0; i < table_.fields().size(); ++i) {
      if (table_.fields()[i].field->name == "name") {
        same_name = pattern[i] == Likeness::equal;
        if (!same_name) return false;
      } else if (pattern[i] != Likeness::missing && pattern[i] < Likeness::nearly) {
        return false;
      }
    }
    return same_name;
  }

  Kind kind_;
  const RecordTable& table_;
  MatchModel model_;
  RuleScore rules_;
};

// Those of the candidates that are at least so likely one, in their order; by all processors.
std::vector<ScoredPair> scored(const Comparison& comparison, const std::vector<PairKey>& candidates,
                               double least) {
  const std::size_t parts = std::clamp<std::size_t>(
      std::min<std::size_t>(std::thread::hardware_concurrency(), candidates.size() / 10000), 1, 8);
  std::vector<std::future<std::vector<ScoredPair>>> running;
  for (std::size_t part = 0; part < parts; ++part) {
    const std::size_t begin = candidates.size() * part / parts, end = candidates.size() * (part + 1) / parts;
    running.push_back(std::async(parts == 1 ? std::launch::deferred : std::launch::async,
                                 [&comparison, &candidates, begin, end, least] {
                                   std::vector<ScoredPair> found;
                                   for (std::size_t i = begin; i < end; ++i) {
                                     const double score =
                                         comparison.score(first_of(candidates[i]), second_of(candidates[i]));
                                     if (score >= least) found.push_back({candidates[i], score});
                                   }
                                   return found;
                                 }));
  }
  std::vector<ScoredPair> all;
  for (auto& part : running) {
    const std::vector<ScoredPair> found = part.get();
    all.insert(all.end(), found.begin(), found.end());
  }
  return all;
}

// The words of which a text has all that matches.
std::vector<std::string_view> whole_words(const std::vector<Sought>& all) {
  std::vector<std::string_view> words;
  for (const Sought& part : all) {
    const bool is_one = !part.is_prefix && part.digits.empty() && part.instead.empty();
    if (is_one && part.text.find(' ') == std::string::npos) words.push_back(part.text);
  }
  return words;
}

// The records that the search index finds by what the record has in those fields, in any of them; a few of
// them, where there are many.
void add_found(Session& session, const StoredRecord& record, std::initializer_list<std::string_view> names,
               std::set<std::int64_t>& found) {
  const KindView& view = session.view(record.id.kind);
  std::string query;
  std::vector<std::vector<Sought>> any;
  for (const std::string_view name : names) {
    const std::size_t position = view.position(name);
    if (position == KindView::npos || record.text(position).empty()) continue;
    std::string words = record.text(position);
    if (name == "name" && record.id.kind == Kind::customer) words = company_key(words);
    if (name == "phone") words = phone_key(words, session.country()).value_or("+").substr(1);
    std::vector<Sought> all = sought(words);
    if (all.empty()) continue;
    // Keys are whole words: the index finds these much faster than beginnings.
    if (name != "name")
      std::for_each(all.begin(), all.end(), [](Sought& part) { part = {part.text, false, part.digits}; });
    query += (query.empty() ? "(" : " OR (") + fts5_query(all) + ')';
    any.push_back(std::move(all));
  }
  if (query.empty()) return;
  const auto has_any = [&any](std::string_view text) {
    return std::any_of(any.begin(), any.end(), [&](const auto& all) { return are_in(all, text); });
  };
  const std::int64_t first = search_key({record.id.kind, 0});
  const std::int64_t last = search_key({record.id.kind, (std::int64_t{1} << 48) - 1});
  constexpr std::int64_t kFew = 30;
  TextSearch search{query, has_any, first, last, kFew};
  for (const std::vector<Sought>& all : any) search.ways.push_back(whole_words(all));
  session.state().connection->find_texts(search, [&](std::int64_t key) { found.insert(key - first); });
}

// The few records that can be the same: a person's name proves nothing where there are keys, and nothing
// alone.
std::vector<std::int64_t> similar_records(Session& session, RecordId id) {
  const StoredRecord record = load_record(session, id);
  const KindView& view = session.view(id.kind);
  const auto has = [&](std::string_view name) {
    return view.find(name) != nullptr && !record.text(view.position(name)).empty();
  };
  std::set<std::int64_t> found;
  add_found(session, record, {"phone", "email"}, found);
  if (id.kind == Kind::customer || (!has("phone") && !has("email") && has("company")))
    add_found(session, record, {"name"}, found);
  found.erase(id.id);
  return {found.begin(), found.end()};
}

}  // namespace

std::vector<DuplicatePair> find_duplicates(Session& session, const DuplicateQuery& query) {
  check_compared_kind(query.kind);
  const RecordTable table(session, query.kind,
                          compared_fields(session, query.kind, rules_of(session, query.kind)));
  const std::vector<PairKey> candidates = candidate_pairs(table);
  Comparison comparison(session, query.kind, table);
  comparison.model().learn(candidates);
  const double threshold = threshold_of(session, query.kind);
  const double least = query.min_score.value_or(threshold);
  std::vector<ScoredPair> found = scored(comparison, candidates, least);
  std::sort(found.begin(), found.end(), [](const ScoredPair& a, const ScoredPair& b) {
    return a.score != b.score ? a.score > b.score : a.pair < b.pair;
  });
  std::vector<ScoredPair> likely = found;
  likely.erase(std::find_if(likely.begin(), likely.end(),
                            [&](const ScoredPair& pair) { return pair.score < threshold; }),
               likely.end());
  const auto numbers = clusters(likely, [&](std::size_t a, std::size_t b) { return comparison.score(a, b); });
  std::vector<DuplicatePair> pairs;
  pairs.reserve(found.size());
  for (const ScoredPair& one : found) {
    DuplicatePair& pair =
        pairs.emplace_back(comparison.describe(first_of(one.pair), second_of(one.pair), one.score));
    const auto a = numbers.find(first_of(one.pair)), b = numbers.find(second_of(one.pair));
    if (a != numbers.end() && b != numbers.end() && a->second == b->second) pair.cluster = a->second;
  }
  return pairs;
}

std::vector<DuplicatePair> duplicates_of(Session& session, RecordId record, double min_score) {
  if (record.kind != Kind::customer && record.kind != Kind::contact && record.kind != Kind::lead) return {};
  if (!may_see(session, record)) return {};  // it went to somebody else: nothing is told of it
  std::vector<std::int64_t> ids = similar_records(session, record);
  if (ids.empty()) return {};
  ids.insert(ids.begin(), record.id);
  const RecordTable table(session, record.kind,
                          compared_fields(session, record.kind, rules_of(session, record.kind)), ids);
  if (table.size() == 0 || table.id(0) != record.id) return {};
  const Comparison comparison(session, record.kind, table);
  std::vector<DuplicatePair> pairs;
  for (std::size_t other = 1; other < table.size(); ++other) {
    if (record.kind != Kind::customer && !comparison.is_more_than_a_name(0, other)) continue;
    double score = comparison.score(0, other);
    if (comparison.is_plainly_one(0, other)) score = std::max(score, kRefusedScore);
    if (score >= min_score) pairs.push_back(comparison.describe(0, other, score));
  }
  std::sort(pairs.begin(), pairs.end(),
            [](const DuplicatePair& a, const DuplicatePair& b) { return a.score > b.score; });
  return pairs;
}

}  // namespace crm
