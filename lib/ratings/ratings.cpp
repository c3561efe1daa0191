// Explanations of ratings, and ratings that time changed.
#include "crm/ratings.h"

#include <array>

#include "ratings/rating.h"
#include "ratings/rating_rules.h"
#include "records/conditions.h"
#include "records/session_state.h"
#include "records/why_not.h"
#include "records/write_record.h"

namespace crm {
namespace {

std::string by_hand_until(Session& session, const StoredRecord& record, const std::string& name) {
  const std::size_t until = session.view(record.id.kind).position(name + "_until");
  if (until == KindView::npos || is_null(record[until])) return {};
  const std::string today = format_date(session.zone().to_local(session.now()).date);
  return record.text(until) >= today ? record.text(until) : std::string();
}

RatingTerm term_of(Session& session, Kind kind, int line, const std::string& when,
                   const RecordValues& values) {
  RatingTerm term;
  term.line = line;
  term.when = when;
  const auto failing = why_not(session, kind, when, values);
  term.matched = !failing;
  term.why_not = failing.value_or("");
  return term;
}

void write_terms(std::string_view what, const std::vector<RatingTerm>& terms, RowSink& sink) {
  const bool score = what == "score";
  for (const RatingTerm& term : terms) {
    const std::string line = std::to_string(term.line);
    const std::string points = std::to_string(term.points);
    const std::string& why = term.matched ? term.reason : term.why_not;
    const std::array<Cell, 7> cells{{{CellType::text, what, {}},
                                     {CellType::number, line, {}},
                                     term.when.empty() ? Cell() : Cell{CellType::text, term.when, {}},
                                     {CellType::boolean, term.matched ? "true" : "false", {}},
                                     score ? Cell{CellType::number, points, {}} : Cell(),
                                     score ? Cell() : Cell{CellType::text, term.level, {}},
                                     why.empty() ? Cell() : Cell{CellType::text, why, {}}}};
    if (!sink.row(cells)) return;
  }
}

void write_by_hand(std::string_view what, const std::string& until, RowSink& sink) {
  if (until.empty()) return;
  const std::string why = "set by hand until " + until;
  const std::array<Cell, 7> cells{{{CellType::text, what, {}},
                                   {},
                                   {},
                                   {CellType::boolean, "true", {}},
                                   {},
                                   {},
                                   {CellType::text, why, {}}}};
  sink.row(cells);
}

}  // namespace

RatingExplanation explain_rating(Session& session, RecordId id) {
  const StoredRecord record = load_record(session, id);
  const RecordValues values(session, record, RecordValues::Derived::stored);
  const Process& process = session.state().process();
  RatingExplanation explanation;
  for (const ScoreRow& row : process.scores[slot(id.kind)]) {
    RatingTerm& term =
        explanation.score_terms.emplace_back(term_of(session, id.kind, row.line, row.when, values));
    term.points = row.points;
    explanation.score = explanation.score.value_or(0) + (term.matched ? row.points : 0);
  }
  for (const LevelRow& row : process.levels[slot(id.kind)]) {
    RatingTerm& term =
        explanation.level_terms.emplace_back(term_of(session, id.kind, row.line, row.when, values));
    term.level = row.level;
    term.reason = row.reason;
    if (!term.matched) continue;
    explanation.level = row.level;
    explanation.level_reason = level_reason(row);
    break;
  }
  explanation.score_by_hand_until = by_hand_until(session, record, "score");
  explanation.level_by_hand_until = by_hand_until(session, record, "level");
  return explanation;
}

void list_rating(Session& session, RecordId record, RowSink& sink) {
  static const Column kColumns[] = {{.name = "what", .label = "what"},
                                    {.name = "line", .label = "line", .right = true},
                                    {.name = "when", .label = "when", .wide = true},
                                    {.name = "counts", .label = "counts"},
                                    {.name = "points", .label = "points", .right = true},
                                    {.name = "level", .label = "level"},
                                    {.name = "why", .label = "why", .wide = true}};
  const RatingExplanation explanation = explain_rating(session, record);
  sink.begin(kColumns);
  write_by_hand("score", explanation.score_by_hand_until, sink);
  write_terms("score", explanation.score_terms, sink);
  write_by_hand("level", explanation.level_by_hand_until, sink);
  write_terms("level", explanation.level_terms, sink);
  sink.end();
}

std::vector<RecordId> refresh_ratings(Session& session, Kind kind) {
  return refresh_ratings(session, kind, kActAtOnce);
}

std::vector<RecordId> refresh_ratings(Session& session, Kind kind, Attempt attempt) {
  std::vector<RecordId> changed;
  if (!is_rated(session, kind)) return changed;
  Write write(session);
  std::vector<RecordId> all;
  session.state().connection->each(
      "SELECT id FROM \"" + std::string(entity(kind).table) + "\" WHERE deleted_at IS NULL ORDER BY id", {},
      [&](const Row& row) {
        all.push_back({kind, row.integer(0)});
      });
  for (const RecordId& id : all) {
    const StoredRecord before = load_record(session, id);
    StoredRecord after = rated_anew(session, before);
    if (after.values == before.values) continue;
    if (attempt(id, [&] { update_record(session, before, after, Action::edit, Origin::command); }))
      changed.push_back(id);
  }
  write.commit();
  return changed;
}

}  // namespace crm
