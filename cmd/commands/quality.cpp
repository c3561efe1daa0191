#include <crm/error.h>
#include <crm/quality.h>

#include <algorithm>

#include "app/context.h"
#include "commands/commands.h"
#include "output/row_builder.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

int run_quality(Context& context, const Arguments& arguments) {
  QualityQuery query;
  query.by_owner = arguments.text("by").has_value();
  query.stale_days = arguments.integer("stale-days").value_or(query.stale_days);
  if (const auto kind = arguments.text("kind")) {
    const Entity* found = find_entity(*kind);
    if (found == nullptr)
      throw Error(ErrorCode::usage, "unknown kind '" + *kind + "'", "customer, contact or lead");
    query.kind = found->kind;
  }
  const std::vector<QualityLine> lines = check_quality(context.session(), query);
  std::vector<Column> columns{{.name = "kind", .label = "kind"}, {.name = "check", .label = "check"}};
  if (query.by_owner) columns.push_back({.name = "owner", .label = "owner"});
  for (const char* name : {"records", "of", "share"})
    columns.push_back({.name = name, .label = name, .right = true});
  const bool found =
      std::any_of(lines.begin(), lines.end(), [](const QualityLine& line) { return line.records > 0; });
  const int code = found && arguments.has("check") ? static_cast<int>(ErrorCode::check_failed) : 0;
  if (context.settings().quiet) return code;
  const auto writer = context.picking_writer(Shape::list);
  writer->begin(columns);
  for (const QualityLine& line : lines) {
    RowBuilder row;
    row.text(std::string(entity(line.kind).name));
    row.text(line.check);
    if (query.by_owner) row.text(line.owner.empty() ? std::nullopt : std::optional(line.owner));
    row.number(line.records);
    row.number(line.of);
    row.number(line.of > 0 ? std::optional(static_cast<double>(line.records) / static_cast<double>(line.of))
                           : std::nullopt);
    writer->row(row.cells());
  }
  writer->end();
  return code;
}

}  // namespace

CommandSpec quality_check_command() {
  CommandSpec spec;
  spec.words = {"quality", "check"};
  spec.summary = "count records that are incomplete, malformed, there twice, stale or nobody's";
  spec.details =
      "incomplete: without a name, with neither phone nor e-mail, or a contact without customer. malformed: "
      "a phone that cannot be dialled, or no "
      "e-mail address. duplicate: what 'dedupe' finds, one of each group left out. stale: an open lead or a "
      "customer that nobody "
      "changed or followed up for 90 days. unassigned: without an owner.";
  spec.examples = {{"crm quality check", "all of it"},
                   {"crm quality check --by owner --kind lead", "whose leads"},
                   {"crm quality check --check -q || echo 'look at the data'",
                    "for cron: exit code 9 where there is anything"}};
  spec.options = {{.name = "kind",
                   .help = "customer, contact or lead; default all three",
                   .value = "KIND",
                   .type = ValueType::text,
                   .completion = Completion::kind},
                  {.name = "by",
                   .help = "apart for each owner",
                   .value = "FIELD",
                   .type = ValueType::choice,
                   .choices = {"owner"},
                   .completion = Completion::choices},
                  {.name = "stale-days",
                   .help = "after how many days something is stale; default 90",
                   .value = "DAYS",
                   .type = ValueType::count},
                  {.name = "check", .help = "exit with 9 where anything is found"}};
  spec.needs = Needs::reading;
  spec.run = run_quality;
  return spec;
}

}  // namespace crm::cmd
