#include <crm/error.h>
#include <crm/report.h>
#include <crm/text.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "app/context.h"
#include "commands/commands.h"
#include "commands/report_options.h"
#include "output/row_builder.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

constexpr std::size_t kBarCells = 24;

// A bar of eighths of a cell, as long as the share of the whole, which is so many cells.
std::string bar(std::int64_t part, std::int64_t whole, std::size_t cells) {
  static constexpr const char* kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  if (whole == 0) return {};
  const auto eighths =
      std::lround(static_cast<double>(part) / static_cast<double>(whole) * static_cast<double>(cells) * 8);
  std::string text;
  for (long i = 0; i < eighths / 8; ++i) text += "█";
  return text + kEighths[eighths % 8];
}

// For people: percentages, days with one decimal, bars, and in a narrow terminal not every figure. For
// programs: fractions and the exact days.
class FunnelTable {
 public:
  FunnelTable(Writer& writer, const Funnel& funnel, const std::string& by, bool for_people,
              std::size_t terminal)
      : writer_(writer), funnel_(funnel), by_(by), for_people_(for_people) {
    if (!for_people_) return;
    bar_cells_ = kBarCells;
    if (terminal > 0) fit(terminal);
  }

  void write() {
    begin();
    for (const FunnelGroup& group : funnel_.groups) write(group);
    writer_.end();
  }
  // In a narrow terminal some figures are left out.
  bool is_whole() const { return all_figures_; }

 private:
  // The stages are told in full; the bars get what is left.
  void fit(std::size_t terminal) {
    constexpr std::size_t kGap = 2;
    constexpr std::size_t kShortestBar = 4;
    constexpr std::size_t kSharesAndDays = 7 + 7 + 8 + 6 + 4 * kGap;
    std::size_t names = 5, digits = 1;
    std::size_t groups = by_.empty() ? 0 : display_width(by_);
    for (const FunnelGroup& group : funnel_.groups) {
      if (!by_.empty()) groups = std::max(groups, display_width(group.name.value_or(std::string())));
      for (const FunnelRow& row : group.rows) {
        names = std::max(names, display_width(row.stage));
        digits = std::max(digits, std::to_string(row.reached).size());
      }
    }
    const auto counts = [digits](std::initializer_list<std::size_t> labels) {
      std::size_t cells = 0;
      for (const std::size_t label : labels) cells += std::max(label, digits) + kGap;
      return cells;
    };
    const std::size_t taken =
        names + (by_.empty() ? 0 : groups + kGap) + counts({7, 4, 4}) + kSharesAndDays + kGap;
    const std::size_t more = counts({8, 5});
    const std::size_t left = terminal > taken ? terminal - taken : 0;
    all_figures_ = left >= more + kShortestBar;
    bar_cells_ = std::min(kBarCells, all_figures_ ? left - more : left);
    if (bar_cells_ < kShortestBar) bar_cells_ = 0;
  }

  void begin() {
    std::vector<Column> columns;
    const auto figure = [&](const char* name, const char* label) {
      columns.push_back({.name = name, .label = label, .right = true});
    };
    if (!by_.empty()) columns.push_back({.name = by_, .label = by_});
    columns.push_back({.name = "stage", .label = "stage"});
    figure("reached", "reached");
    if (all_figures_) figure("advanced", "advanced");
    figure("lost", "lost");
    figure("open", "open");
    figure("conversion", "to next");
    figure("overall", "overall");
    figure("median_days", "median d");
    figure("p90_days", "90 % d");
    if (all_figures_) figure("open_stays", "there");
    if (bar_cells_ > 0) columns.push_back({.name = "bar", .label = " "});
    writer_.begin(columns);
  }

  void write(const FunnelGroup& group) {
    for (const FunnelRow& row : group.rows) {
      cells_.clear();
      if (!by_.empty()) cells_.text(group.name);
      cells_.text(row.stage);
      cells_.number(row.reached);
      if (all_figures_) cells_.number(row.advanced);
      cells_.number(row.lost);
      cells_.number(row.open);
      for (const std::optional<double>& share : {row.conversion, row.overall}) {
        for_people_ ? cells_.text(percent(share)) : cells_.number(share);
      }
      for (const std::optional<double>& days : {row.median_days, row.p90_days}) {
        for_people_&& days ? cells_.text(decimal(*days, 1)) : cells_.number(days);
      }
      if (all_figures_) cells_.number(row.open_stays);
      if (bar_cells_ > 0) cells_.text(bar(row.reached, group.rows.front().reached, bar_cells_));
      writer_.row(cells_.cells());
    }
  }

  Writer& writer_;
  const Funnel& funnel_;
  std::string by_;
  bool for_people_;
  bool all_figures_ = true;
  std::size_t bar_cells_ = 0;
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
  if (!query.by.empty()) write_fact(*writer, "by", query.by);
  write_period(*writer, context.session(), query.period);
  FunnelTable table(*writer, result, query.by, context.format() == Format::table, context.width());
  table.write();
  write_fact(*writer, "records", result.records);
  write_fact(*writer, "without_history", result.without_history);
  writer->finish();
  if (!table.is_whole()) context.say("no room for 'advanced' and 'open_stays'; -o json has them");
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
