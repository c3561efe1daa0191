#include <crm/duplicates.h>
#include <crm/error.h>
#include <crm/merge.h>
#include <crm/records.h>
#include <crm/text.h>

#include <array>

#include "app/context.h"
#include "commands/commands.h"
#include "commands/scores.h"
#include "output/row_builder.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

constexpr std::array<std::string_view, 8> kMergeColumns{"record", "merged",        "child", "field",
                                                        "before", "others_before", "after", "others_after"};

void write_merges(Context& context, const std::vector<MergeResult>& results) {
  std::vector<Column> columns;
  columns.reserve(kMergeColumns.size());
  for (const std::string_view name : kMergeColumns)
    columns.push_back({.name = std::string(name), .label = std::string(name), .right = columns.size() > 3});
  const auto writer = context.picking_writer(Shape::list);
  writer->begin(columns);
  for (const MergeResult& result : results) {
    std::string merged;
    for (const RecordId record : result.merged) merged += (merged.empty() ? "" : " ") + to_string(record);
    for (const MergedChildren& children : result.children) {
      RowBuilder row;
      row.text(to_string(result.winner));
      row.text(merged);
      row.text(children.kind);
      row.text(children.field);
      for (const std::int64_t count :
           {children.winner_before, children.others_before, children.winner_after, children.others_after})
        row.number(count);
      writer->row(row.cells());
    }
  }
  writer->end();
}

void say_merge(Context& context, const MergeResult& result) {
  const std::string winner = to_string(result.winner);
  if (!result.filled.empty()) context.say(winner + ": took " + listed(result.filled));
  for (const MergeDifference& one : result.differences) {
    context.say(winner + ": kept " + one.field + ' ' + quoted(one.kept) + "; " + quoted(one.left) + " of " +
                to_string(one.other) + (one.in_note ? " is in its note" : " stays with that"));
  }
}

std::vector<MergeResult> merge_named(Context& context, const Arguments& arguments, Kind kind) {
  Session& session = context.session();
  const std::string name = arguments.argument("RECORD");
  const std::vector<std::string>& from = arguments.texts("from");
  if (name.empty() || from.empty()) {
    throw Error(ErrorCode::usage, "a record and what becomes part of it are wanted",
                "crm " + arguments.spec().words[0] + " merge 12 --from 57");
  }
  const RecordId winner = resolve(session, kind, name);
  std::vector<RecordId> losers;
  losers.reserve(from.size());
  for (const std::string& one : from) losers.push_back(resolve(session, kind, one));
  return {merge(session, winner, losers)};
}

int run_merge(Context& context, const Arguments& arguments) {
  Session& session = context.session();
  const Kind kind = arguments.spec().kind->kind;
  if (arguments.has("min-score") && !arguments.has("auto"))
    throw Error(ErrorCode::usage, "--min-score belongs to --auto");
  if (arguments.has("auto") && (!arguments.argument("RECORD").empty() || arguments.has("from"))) {
    throw Error(ErrorCode::usage, "--auto finds the records itself", "leave out the others, or --auto");
  }
  const double least =
      arguments.has("min-score") ? score_argument("min-score", *arguments.text("min-score")) : kMergedScore;
  // What nobody can be told of is not done.
  Write write(session);
  const std::vector<MergeResult> results =
      arguments.has("auto") ? merge_duplicates(session, kind, least) : merge_named(context, arguments, kind);
  std::size_t merged = 0;
  for (const MergeResult& result : results) {
    merged += result.merged.size();
    say_merge(context, result);
  }
  if (arguments.has("auto"))
    context.say(std::to_string(merged) + " merged into " + std::to_string(results.size()));
  if (!context.settings().quiet) write_merges(context, results);
  context.out().flush();
  write.commit();
  if (session.dry_run()) context.say("dry run: nothing was changed");
  return 0;
}

int run_unmerge(Context& context, const Arguments& arguments) {
  Session& session = context.session();
  const RecordId loser = resolve(session, arguments.spec().kind->kind, arguments.argument("RECORD"), true);
  Write write(session);
  const UnmergeResult result = unmerge(session, loser);
  for (const std::string& kept : result.kept) context.say("kept " + kept);
  for (const std::string& passed_on : result.passed_on) context.say("left " + passed_on);
  const std::array<RecordId, 2> records{result.loser, result.winner};
  if (!context.settings().quiet)
    show(session, records, context.settings().fields, *context.writer(Shape::list));
  context.out().flush();
  write.commit();
  if (session.dry_run()) context.say("dry run: nothing was changed");
  return 0;
}

}  // namespace

CommandSpec merge_command(const Entity& kind) {
  const std::string name(kind.name);
  CommandSpec spec;
  spec.words = {name, "merge"};
  spec.summary = "make several " + std::string(kind.plural.en) + " one";
  spec.details =
      "What points to the others then points to the first: contacts, follow-ups, leads. It gets their tags "
      "and references, and their values "
      "where it has none of its own. Where both have a value it keeps its own, and the other one is added to "
      "its "
      "note; each is told. The others are deleted, keep what they hold, and their numbers lead to "
      "it. It prints how "
      "many of each sort pointed to whom before and after; a lead's stage changes stay its own.\n\n"
      "With --auto, groups of duplicates become one, each the one with the smallest number.";
  spec.examples = {{"crm " + name + " merge 12 --from 57 --dry-run", "what would move"},
                   {"crm " + name + " merge 12 --from 57 --from 60", "two into the first"},
                   {"crm " + name + " merge --auto --min-score 0.97", "all that can hardly be two"}};
  spec.arguments = {
      {.name = "RECORD", .help = "the one that stays", .required = false, .completion = Completion::record}};
  spec.options = {{.name = "from",
                   .help = "one that becomes part of it",
                   .value = "RECORD",
                   .type = ValueType::text,
                   .repeated = true,
                   .completion = Completion::record},
                  {.name = "auto", .help = "all duplicates that 'dedupe' finds"},
                  {.name = "min-score",
                   .help = "of --auto: at least so likely one; default 0.97",
                   .value = "SCORE",
                   .type = ValueType::text}};
  spec.needs = Needs::writing;
  spec.kind = &kind;
  spec.run = run_merge;
  return spec;
}

CommandSpec unmerge_command(const Entity& kind) {
  const std::string name(kind.name);
  CommandSpec spec;
  spec.words = {name, "unmerge"};
  spec.summary = "take a merge back";
  spec.details =
      "The record is there again, with all that pointed to it. What was changed since the merge stays as it "
      "is, and is named.";
  spec.examples = {{"crm " + name + " unmerge 57", "part 57 from what it was merged into"}};
  spec.arguments = {{.name = "RECORD",
                     .help = "the number of the one that was merged into another",
                     .completion = Completion::record}};
  spec.needs = Needs::writing;
  spec.kind = &kind;
  spec.run = run_unmerge;
  return spec;
}

}  // namespace crm::cmd
