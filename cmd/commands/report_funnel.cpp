#include <crm/error.h>
#include <crm/report.h>
#include <crm/text.h>

#include <algorithm>
#include <cmath>

#include "app/context.h"
#include "commands/commands.h"
#include "commands/report_options.h"
#include "output/row_builder.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

constexpr int kBarCells = 24;

// A bar of eighths of a cell, as long as the share of the whole.
std::string bar(std::int64_t part, std::int64_t whole) {
  static constexpr const char* kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  if (whole == 0) return {};
  const auto eighths = std::lround(static_cast<double>(part) / static_cast<double>(whole) * kBarCells * 8);
  std::string text;
  for (long i = 0; i < eighths / 8; ++i) text += "█";
  return text + kEighths[eighths % 8];
}

// For people: percentages, days with one decimal, bars. For programs: fractions and the exact days.
class FunnelTable {
 public:
  FunnelTable(Writer& writer, const std::string& by, bool for_people)
      : writer_(writer), by_(by), for_people_(for_people) {}

  void begin() {
    std::vector<Column> columns;
    if (!by_.empty()) columns.push_back({.name = by_, .label = by_});
    columns.push_back({.name = "stage", .label = "stage"});
    for (const char* count : {"reached", "advanced", "lost", "open"})
      columns.push_back({.name = count, .label = count, .right = true});
    columns.push_back({.name = "conversion", .label = "to next", .right = true});
    columns.push_back({.name = "overall", .label = "overall", .right = true});
    columns.push_back({.name = "median_days", .label = "median days", .right = true});
    columns.push_back({.name = "p90_days", .label = "p90 days", .right = true});
    columns.push_back({.name = "open_stays", .label = "still there", .right = true});
    if (for_people_) columns.push_back({.name = "bar", .label = " "});
    writer_.begin(columns);
  }

  void group(const FunnelGroup& group) {
    for (const FunnelRow& row : group.rows) {
      cells_.clear();
      if (!by_.empty()) cells_.text(group.name);
      cells_.text(row.stage);
      for (const std::int64_t count : {row.reached, row.advanced, row.lost, row.open}) cells_.number(count);
      for (const std::optional<double>& share : {row.conversion, row.overall}) {
        for_people_ ? cells_.text(percent(share)) : cells_.number(share);
      }
      for (const std::optional<double>& days : {row.median_days, row.p90_days}) {
        for_people_&& days ? cells_.text(decimal(*days, 1)) : cells_.number(days);
      }
      cells_.number(row.open_stays);
      if (for_people_) cells_.text(bar(row.reached, group.rows.front().reached));
      writer_.row(cells_.cells());
    }
  }

  void end() { writer_.end(); }

 private:
  Writer& writer_;
  std::string by_;
  bool for_people_;
  RowBuilder cells_;
};

int run_funnel(Context& context, const Arguments& arguments) {
  FunnelQuery query;
  if (const auto kind = arguments.text("kind")) {
    const Entity* found = find_entity(*kind);
    if (found == nullptr)
      throw Error(ErrorCode::usage, "there is no kind " + crm::quoted(*kind),
                  "a funnel is of a kind that has stages, such as lead");
    query.kind = found->kind;
  }
  query.by = arguments.text("by").value_or("");
  query.period = period_of(arguments);
  const Funnel result = funnel(context.session(), query);
  const auto writer = context.picking_writer(Shape::document);
  write_report_facts(*writer, arguments, {});
  write_fact(*writer, "kind", entity(query.kind).name);
  for (const std::string_view option : {"by", "from", "to"}) {
    if (const auto value = arguments.text(option)) write_fact(*writer, option, *value);
  }
  FunnelTable table(*writer, query.by, context.format() == Format::table);
  table.begin();
  for (const FunnelGroup& group : result.groups) table.group(group);
  table.end();
  write_fact(*writer, "records", result.records);
  write_fact(*writer, "without_history", result.without_history);
  writer->finish();
  return 0;
}

}  // namespace

CommandSpec report_funnel_command() {
  CommandSpec spec;
  spec.words = {"report", "funnel"};
  spec.summary = "show how many records got how far, and how long they took";
  spec.details =
      "A record has reached every stage up to its furthest one, by its history and its present stage; a "
      "skipped one counts as passed. At the "
      "stages below the furthest it has advanced; at the furthest it is lost if it is lost now, else open, "
      "even if it has gone back since; in the won "
      "stage all are open. So advanced + lost + open = reached. A lost record without history counts at the "
      "first stage.\n\n"
      "Conversion is advanced ÷ reached, overall is reached ÷ reached of the first stage. A stay in a stage "
      "lasts from one stage change to the next one; "
      "median and 90th percentile are of the stays that have ended (in days, interpolated), the others are "
      "counted as still there.";
  spec.examples = {{"crm report funnel", "all leads"},
                   {"crm report funnel --by owner --from 2026-01-01 --to 2026-03-31",
                    "the leads created in a quarter, for each owner"},
                   {"crm report funnel -o json | jq '.rows[] | {stage, conversion}'", "for a script"}};
  spec.options = {{.name = "kind",
                   .help = "the kind of records; default: lead",
                   .value = "KIND",
                   .type = ValueType::text,
                   .completion = Completion::kind},
                  {.name = "by",
                   .help = "a funnel for each of these",
                   .value = "WHAT",
                   .type = ValueType::choice,
                   .choices = {"owner", "source", "region", "month"},
                   .completion = Completion::choices}};
  for (OptionSpec& option : period_options("the record was created"))
    spec.options.push_back(std::move(option));
  spec.needs = Needs::reading;
  spec.run = run_funnel;
  return spec;
}

}  // namespace crm::cmd
