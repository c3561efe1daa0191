#include <crm/workflow.h>

#include <crm/error.h>
#include <crm/text.h>

#include <array>

#include "app/context.h"
#include "commands/commands.h"
#include "output/facts.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

std::int64_t revision_of(const std::string& text) {
  if (const auto number = parse_integer(text)) return *number;
  throw Error(ErrorCode::usage, "REVISION is a number, not " + quoted(text),
              "'crm workflow list' shows those there are");
}

int run_workflow_list(Context& context, const Arguments& /*arguments*/) {
  list_workflows(context.session(), *context.picking_writer(Shape::list));
  return 0;
}

int run_workflow_show(Context& context, const Arguments& arguments) {
  const std::string text = arguments.argument("REVISION");
  std::optional<std::int64_t> revision;
  if (!text.empty()) revision = revision_of(text);
  const std::string source = workflow_source(context.session(), revision);
  // The file as it was, so that it can be edited and applied again.
  const Format format = context.format();
  if (format == Format::table || format == Format::tsv) {
    context.out().write(source);
    return 0;
  }
  Facts facts;
  facts.text("source", source);
  facts.write(*context.picking_writer(Shape::object));
  return 0;
}

int run_diff(Context& context, const Arguments& arguments) {
  const std::vector<std::string> lines =
      workflow_differences(context.session(), revision_of(arguments.argument("REVISION")),
                           revision_of(arguments.argument("OTHER")));
  const std::array<Column, 1> columns{{{.name = "difference", .label = "what changes", .wide = true}}};
  const auto writer = context.picking_writer(Shape::list);
  writer->begin(columns);
  for (const std::string& line : lines) {
    const std::array<Cell, 1> cells{{{CellType::text, line, {}}}};
    writer->row(cells);
  }
  writer->end();
  return 0;
}

}  // namespace

CommandSpec workflow_list_command() {
  CommandSpec spec;
  spec.words = {"workflow", "list"};
  spec.summary = "list the revisions of the workflow, the one in force first";
  spec.examples = {{"crm workflow list", "which was applied when, and by whom"}};
  spec.needs = Needs::reading;
  spec.run = run_workflow_list;
  return spec;
}

CommandSpec workflow_show_command() {
  CommandSpec spec;
  spec.words = {"workflow", "show"};
  spec.summary = "print the workflow file in force, or an earlier one";
  spec.examples = {{"crm workflow show > b2b.yaml", "a copy to change"},
                   {"crm workflow show 1", "the one that the database was made with"}};
  spec.arguments = {
      {.name = "REVISION", .help = "its number; the one in force where none is given", .required = false}};
  spec.needs = Needs::reading;
  spec.run = run_workflow_show;
  return spec;
}

CommandSpec workflow_diff_command() {
  CommandSpec spec;
  spec.words = {"workflow", "diff"};
  spec.summary = "tell what differs between two revisions, in words";
  spec.examples = {{"crm workflow diff 1 3", "what the third has that the first has not"}};
  spec.arguments = {{.name = "REVISION", .help = "the number of the one before"},
                    {.name = "OTHER", .help = "the number of the one after"}};
  spec.needs = Needs::reading;
  spec.run = run_diff;
  return spec;
}

}  // namespace crm::cmd
