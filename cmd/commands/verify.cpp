#include <crm/error.h>
#include <crm/records.h>

#include <array>

#include "app/context.h"
#include "commands/commands.h"
#include "output/facts.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

constexpr int kFoundSomething = static_cast<int>(ErrorCode::check_failed);

int run_verify(Context& context, const Arguments& /*arguments*/) {
  const VerifyResult result = verify(context.session());
  Facts facts;
  facts.boolean("whole", result.problems.empty());
  facts.number("changes", result.changes);
  facts.number("records", result.records);
  facts.text("head", result.head);
  if (context.format() == Format::table) {
    for (const std::string& problem : result.problems) facts.text("problem", problem);
  } else {
    facts.list("problems", result.problems);
  }
  if (!context.settings().quiet) facts.write(*context.picking_writer(Shape::object));
  return result.problems.empty() ? 0 : kFoundSomething;
}

int run_doctor(Context& context, const Arguments& /*arguments*/) {
  const std::vector<std::string> problems = doctor(context.session());
  if (problems.empty() && context.format() == Format::table) {
    context.say("nothing is wrong");
    return 0;
  }
  const std::array<Column, 1> columns{{{.name = "problem", .label = {}, .wide = true}}};
  const auto writer = context.picking_writer(Shape::list);
  writer->begin(columns);
  for (const std::string& problem : problems) {
    const std::array<Cell, 1> cells{{{CellType::text, problem, {}}}};
    writer->row(cells);
  }
  writer->end();
  return problems.empty() ? 0 : kFoundSomething;
}

int run_reindex(Context& context, const Arguments& /*arguments*/) {
  rebuild_search_index(context.session());
  context.say(context.session().dry_run() ? "the search index would be made anew"
                                          : "made the search index anew");
  return 0;
}

}  // namespace

CommandSpec verify_command() {
  CommandSpec spec;
  spec.words = {"verify"};
  spec.summary = "prove that the change log is whole and that every record is what its last change left";
  spec.details =
      "Exit code 9 where it is not. Each record's row, with its tags and references, is held against the "
      "log, "
      "and the log against itself: whatever was changed there behind the program's back is found.\n\n"
      "Clocks, approvals, runs of rules, turns of assignment and workflow revisions are no records. Of them "
      "is "
      "found what the program never leaves: states that there are not, a decision by nobody, a run that "
      "names "
      "no change of the log, turns that do not add up, a revision that is gone or whose text is not what is "
      "in "
      "force. A row of theirs that was made to say something else that could have been, or taken out, is "
      "not. "
      "Nor is what was done to messages, settings and channels.\n\n"
      "'head' is the hash of the last change: kept elsewhere, it also shows a "
      "log that was cut off.";
  spec.examples = {{"crm verify", "walk the whole log"},
                   {"crm verify -o json | jq -r .head", "the hash to keep elsewhere"}};
  spec.needs = Needs::reading;
  spec.run = run_verify;
  return spec;
}

CommandSpec doctor_command() {
  CommandSpec spec;
  spec.words = {"doctor"};
  spec.summary = "check the database: damaged pages, dangling references, the search index, file modes";
  spec.details = "One line for each problem, and exit code 9 where there is one.";
  spec.examples = {{"crm doctor", "nothing printed: all is well"}};
  spec.needs = Needs::reading;
  spec.run = run_doctor;
  return spec;
}

CommandSpec reindex_command() {
  CommandSpec spec;
  spec.words = {"reindex"};
  spec.summary = "make the search index anew";
  spec.details =
      "It holds the words of all records, and is made of nothing else: do so where 'crm doctor' says that "
      "records cannot be found by a search.";
  spec.examples = {{"crm reindex", "some seconds for a million records"}};
  spec.needs = Needs::writing;
  spec.run = run_reindex;
  return spec;
}

}  // namespace crm::cmd
