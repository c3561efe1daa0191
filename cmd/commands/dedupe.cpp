#include <crm/duplicates.h>
#include <crm/error.h>
#include <crm/text.h>

#include <charconv>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "app/context.h"
#include "commands/commands.h"
#include "commands/scores.h"
#include "output/row_builder.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

// "name 8.13, phone -2.5": what speaks for it first.
std::string terms_text(const DuplicatePair& pair) {
  std::string text;
  for (const DuplicateTerm& term : pair.terms)
    text += (text.empty() ? "" : ", ") + term.field + ' ' + decimal(term.weight, 1);
  return text;
}

// The texts of a result's first column, in order.
class FirstColumn final : public RowSink {
 public:
  void begin(std::span<const Column> /*columns*/) override {}
  bool row(std::span<const Cell> cells) override {
    texts.emplace_back(cells.front().text);
    return true;
  }
  void end() override {}

  std::vector<std::string> texts;
};

// What the two records are called.
std::vector<std::string> names_of(Session& session, const DuplicatePair& pair) {
  FirstColumn names;
  const RecordId records[] = {pair.a, pair.b};
  const std::string fields[] = {"name"};
  show(session, records, fields, names);
  names.texts.resize(2);
  return std::move(names.texts);
}

int run_dedupe(Context& context, const Arguments& arguments) {
  DuplicateQuery query;
  query.kind = arguments.spec().kind->kind;
  if (const auto least = arguments.text("min-score")) query.min_score = score_argument("min-score", *least);
  const std::vector<DuplicatePair> pairs = find_duplicates(context.session(), query);
  const Format format = context.format();
  const bool json = format == Format::json || format == Format::jsonl;
  std::vector<Column> columns{{.name = "a", .label = "a", .right = true},
                              {.name = "b", .label = "b", .right = true},
                              {.name = "score", .label = "score", .right = true},
                              {.name = "cluster", .label = "cluster", .right = true}};
  // A person cannot tell by numbers.
  const bool named = format == Format::table;
  if (named) {
    columns.push_back({.name = "a_name", .label = "name of a"});
    columns.push_back({.name = "b_name", .label = "name of b"});
  }
  const bool explained = json || arguments.has("explain");
  if (explained) columns.push_back({.name = "terms", .label = "terms", .wide = true});
  const auto writer = context.picking_writer(Shape::list);
  writer->begin(columns);
  for (const DuplicatePair& pair : pairs) {
    const std::string a = std::to_string(pair.a.id), b = std::to_string(pair.b.id),
                      score = decimal(pair.score, 3);
    const std::string cluster = pair.cluster ? std::to_string(*pair.cluster) : std::string();
    const std::string terms = json ? terms_json(pair) : terms_text(pair);
    const std::vector<std::string> names =
        named ? names_of(context.session(), pair) : std::vector<std::string>();
    std::vector<Cell> cells{{CellType::number, a, {}},
                            {CellType::number, b, {}},
                            {CellType::number, score, {}},
                            pair.cluster ? Cell{CellType::number, cluster, {}} : Cell()};
    for (const std::string& one : names) cells.push_back({CellType::text, one, {}});
    if (explained) cells.push_back({json ? CellType::number : CellType::text, terms, {}});
    if (!writer->row(cells)) break;
  }
  writer->end();
  return 0;
}

}  // namespace

std::string terms_json(const DuplicatePair& pair) {
  std::string json = "{";
  for (const DuplicateTerm& term : pair.terms) {
    if (json.size() > 1) json += ',';
    append_json_string(json, term.field);
    json += ':' + decimal(term.weight, 2);
  }
  return json + '}';
}

double score_argument(std::string_view option, const std::string& text) {
  double score = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), score);
  if (error != std::errc() || end != text.data() + text.size() || !(score >= 0 && score <= 1)) {
    throw Error(ErrorCode::usage,
                "--" + std::string(option) + " takes a number from 0 to 1, not " + crm::quoted(text));
  }
  return score;
}

CommandSpec dedupe_command(const Entity& kind) {
  const std::string name(kind.name);
  CommandSpec spec;
  spec.words = {name, "dedupe"};
  spec.summary = "list pairs of " + std::string(kind.plural.en) + " that are likely one, best first";
  spec.details =
      "The score is the probability that the two are one. It is learned from the records themselves: a rare "
      "value in common says "
      "much, a frequent one little, and what colleagues share (company, address, switchboard) does not make "
      "two people one. The terms say "
      "in bits what each field adds (one bit doubles the odds). The workflow file's 'dedupe' can name fields "
      "that make two the same or "
      "similar.\n\n"
      "Pairs with the same cluster number are one group. Nothing is changed: 'crm " +
      name + " merge' does that.";
  spec.examples = {{"crm " + name + " dedupe", "the pairs worth a look"},
                   {"crm " + name + " dedupe --explain -o jsonl > pairs.jsonl",
                    "with what speaks for and against each, for a script"},
                   {"crm " + name + " dedupe --min-score 0.97", "those that can hardly be two"}};
  spec.options = {{.name = "explain", .help = "show what each field adds to the score"},
                  {.name = "min-score",
                   .help = "at least so likely, from 0 (all that were compared) to 1; default the workflow's "
                           "threshold",
                   .value = "SCORE",
                   .type = ValueType::text}};
  spec.needs = Needs::reading;
  spec.kind = &kind;
  spec.run = run_dedupe;
  return spec;
}

}  // namespace crm::cmd
