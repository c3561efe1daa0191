#include <crm/error.h>
#include <crm/records.h>

#include <algorithm>

#include "app/context.h"
#include "commands/commands.h"
#include "commands/field_list.h"
#include "commands/list.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

// "-amount,name" → {"-amount", "name"}
std::vector<std::string> sort_keys(const std::string& text) {
  std::vector<std::string> keys;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    if (end > begin) keys.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return keys;
}

int run_list(Context& context, const Arguments& arguments) {
  const Kind kind = arguments.spec().kind->kind;
  if (wants_field_list(context)) return print_field_list(context, kind);
  ListQuery query = list_query(context, arguments, kind);
  query.selection.deleted = arguments.has("deleted");
  const auto writer = context.writer(Shape::list, arguments.has("safe-csv"), spare_columns(kind));
  say_more(context, list(context.session(), query, *writer));
  return 0;
}

}  // namespace

ListQuery list_query(Context& context, const Arguments& arguments, Kind kind) {
  ListQuery query;
  query.kind = kind;
  query.selection.terms = arguments.arguments("TERM");
  query.selection.where = condition_option(arguments, "where");
  query.selection.search = condition_option(arguments, "search");
  query.sort = sort_keys(arguments.text("sort").value_or(""));
  query.limit = arguments.integer("limit");
  query.offset = arguments.integer("offset").value_or(0);
  const Format format = context.format();
  query.fields = format == Format::ids ? std::vector<std::string>{"id"} : context.settings().fields;
  query.table_columns = format == Format::table || format == Format::tsv;
  return query;
}

std::string condition_option(const Arguments& arguments, const std::string& name) {
  const auto text = arguments.text(name);
  if (!text) return {};
  if (text->find_first_not_of(" \t\r\n") == std::string::npos) {
    throw Error(ErrorCode::invalid, "'--" + name + "' is empty",
                "leave it out to choose all; from a script, look whether its variable is set");
  }
  return *text;
}

std::vector<std::string> spare_columns(Kind kind) {
  if (kind == Kind::followup) return {"outcome", "type"};
  return {};
}

void say_more(Context& context, const ListResult& result) {
  if (result.more && context.out().is_terminal())
    context.say("there are more: --limit and --offset choose the part");
}

std::vector<OptionSpec> list_options() {
  return {
      {.name = "where", .help = "an expression that must hold", .value = "EXPR", .type = ValueType::text},
      {.name = "search",
       .help = "words that the record's text must have",
       .value = "TEXT",
       .type = ValueType::text},
      {.name = "sort",
       .help = "order by fields; '-' before one for descending",
       .value = "A,-B",
       .type = ValueType::text,
       .completion = Completion::field},
      {.name = "limit", .help = "at most so many rows", .value = "N", .type = ValueType::count},
      {.name = "offset", .help = "leave out the first rows", .value = "N", .type = ValueType::count},
      {.name = "safe-csv", .help = "with -o csv: defuse cells that a spreadsheet would run as a formula"},
  };
}

ArgumentSpec term_argument() {
  return {.name = "TERM",
          .help = "a condition",
          .required = false,
          .repeated = true,
          .completion = Completion::field};
}

CommandSpec list_command(const Entity& kind) {
  const std::string name(kind.name);
  CommandSpec spec;
  spec.words = {name, "list"};
  spec.summary = "list " + std::string(kind.plural.en);
  spec.details =
      "All terms must hold. A term is field=value, field!=value, field~text (contains), field<value, "
      "field<=value, "
      "field>value, field>=value, field= (absent), +tag, tag!=NAME, or a bare word, which is searched for in "
      "the record's text.";
  spec.examples =
      kind.has_stages
          ? std::vector<Example>{{"crm " + name + " list stage=new 'amount>=5000' --sort -amount --limit 20",
                                  "the twenty largest that are new"},
                                 {"crm " + name + " list 张伟 +vip -o json",
                                  "those with a name and a tag, as JSON"},
                                 {"crm " + name + " list --where \"last_followup_at < now - 15d\" -o ids",
                                  "numbers, for another command to read with '-'"}}
          : std::vector<Example>{{"crm " + name + " list --sort -created_at --limit 20", "the twenty newest"},
                                 {"crm " + name + " list -o json", "all of them, as JSON"}};
  spec.arguments = {term_argument()};
  spec.options = list_options();
  spec.options.push_back({.name = "deleted", .help = "the deleted ones instead"});
  spec.needs = Needs::reading;
  spec.kind = &kind;
  spec.run = run_list;
  return spec;
}

}  // namespace crm::cmd
