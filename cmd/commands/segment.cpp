#include <crm/error.h>
#include <crm/outreach.h>
#include <crm/text.h>

#include "app/context.h"
#include "commands/commands.h"
#include "commands/list.h"
#include "commands/outreach_options.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

int run_segment_add(Context& context, const Arguments& arguments) {
  Segment segment;
  segment.name = arguments.argument("NAME");
  segment.kind = kind_option(arguments, Kind::customer);
  segment.expression = condition_option(arguments, "where");
  segment.description = arguments.text("description").value_or("");
  add_segment(context.session(), segment);
  return 0;
}

int run_segment_list(Context& context, const Arguments& /*arguments*/) {
  list_segments(context.session(), *context.picking_writer(Shape::list));
  return 0;
}

int run_segment_show(Context& context, const Arguments& arguments) {
  show_segment(context.session(), arguments.argument("NAME"), *context.picking_writer(Shape::object));
  return 0;
}

int run_segment_remove(Context& context, const Arguments& arguments) {
  remove_segment(context.session(), arguments.argument("NAME"));
  return 0;
}

CommandSpec verb_on_segment(const char* verb) {
  CommandSpec spec;
  spec.words = {"segment", verb};
  spec.arguments = {{.name = "NAME", .help = "the segment"}};
  spec.needs = Needs::writing;
  return spec;
}

}  // namespace

OptionSpec kind_option_spec(const std::string& help) {
  std::vector<std::string> kinds;
  for (const Entity& kind : entities()) kinds.emplace_back(kind.name);
  return {.name = "kind",
          .help = help,
          .value = "KIND",
          .type = ValueType::choice,
          .choices = std::move(kinds),
          .completion = Completion::choices};
}

Kind kind_option(const Arguments& arguments, Kind otherwise) {
  const auto word = arguments.text("kind");
  return word ? find_entity(*word)->kind : otherwise;
}

CommandSpec segment_add_command() {
  CommandSpec spec = verb_on_segment("add");
  spec.summary = "give a filter a name";
  spec.examples = {
      {"crm segment add key-accounts --where \"level = 'A' and +newsletter\"", "of customers"},
      {"crm segment add stale --kind lead --where \"last_followup_at < now - 30d\"", "of leads"}};
  spec.options = {
      kind_option_spec("what its records are; default: customer"),
      {.name = "where",
       .help = "the expression that holds for them; '+TAG' stands for a tag",
       .value = "EXPR",
       .type = ValueType::text},
      {.name = "description", .help = "what it is for", .value = "TEXT", .type = ValueType::text}};
  spec.run = run_segment_add;
  return spec;
}

CommandSpec segment_list_command() {
  CommandSpec spec = verb_on_segment("list");
  spec.summary = "list the segments";
  spec.examples = {{"crm segment list", "all"}};
  spec.arguments = {};
  spec.needs = Needs::reading;
  spec.run = run_segment_list;
  return spec;
}

CommandSpec segment_show_command() {
  CommandSpec spec = verb_on_segment("show");
  spec.summary = "show a segment, and how many records it has now";
  spec.examples = {{"crm segment show key-accounts", "one"}};
  spec.needs = Needs::reading;
  spec.run = run_segment_show;
  return spec;
}

CommandSpec segment_remove_command() {
  CommandSpec spec = verb_on_segment("remove");
  spec.summary = "remove a segment; its records stay";
  spec.examples = {{"crm segment remove stale", "one"}};
  spec.run = run_segment_remove;
  return spec;
}

}  // namespace crm::cmd
