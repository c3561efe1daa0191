#include <crm/records.h>

#include <algorithm>

#include "app/context.h"
#include "commands/commands.h"
#include "commands/field_list.h"
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
  ListQuery query;
  query.kind = arguments.spec().kind->kind;
  if (wants_field_list(context)) return print_field_list(context, query.kind);
  query.selection.terms = arguments.arguments("TERM");
  query.selection.where = arguments.text("where").value_or("");
  query.selection.search = arguments.text("search").value_or("");
  query.selection.deleted = arguments.has("deleted");
  query.sort = sort_keys(arguments.text("sort").value_or(""));
  query.limit = arguments.integer("limit");
  query.offset = arguments.integer("offset").value_or(0);
  const Format format = context.format();
  query.fields = format == Format::ids ? std::vector<std::string>{"id"} : context.settings().fields;
  query.table_columns = format == Format::table || format == Format::tsv;
  const auto writer = context.writer(Shape::list, arguments.has("safe-csv"));
  const ListResult result = list(context.session(), query, *writer);
  if (result.more && context.out().is_terminal()) context.say("there are more: --limit and --offset choose the part");
  return 0;
}

}  // namespace

CommandSpec list_command(const Entity& kind) {
  const std::string name(kind.name);
  CommandSpec spec;
  spec.words = {name, "list"};
  spec.summary = "list " + std::string(kind.plural.en);
  spec.details =
      "All terms must hold. A term is field=value, field!=value, field~text (contains), field<value, field<=value, "
      "field>value, field>=value, field= (absent), +tag, tag!=NAME, or a bare word, which is searched for in the record's text.";
  spec.examples = kind.has_stages
                      ? std::vector<Example>{{"crm " + name + " list stage=new 'amount>=5000' --sort -amount --limit 20",
                                              "the twenty largest that are new"},
                                             {"crm " + name + " list 张伟 +vip -o json", "those with a name and a tag, as JSON"},
                                             {"crm " + name + " list --where \"last_followup_at < now - 15d\" -o ids",
                                              "numbers, for another command to read with '-'"}}
                      : std::vector<Example>{{"crm " + name + " list --sort -created_at --limit 20", "the twenty newest"},
                                             {"crm " + name + " list -o json", "all of them, as JSON"}};
  spec.arguments = {{.name = "TERM", .help = "a condition", .required = false, .repeated = true, .completion = Completion::field}};
  spec.options = {
      {.name = "where", .help = "an expression that must hold", .value = "EXPR", .type = ValueType::text},
      {.name = "search", .help = "words that the record's text must have", .value = "TEXT", .type = ValueType::text},
      {.name = "sort", .help = "order by fields; '-' before one for descending", .value = "A,-B", .type = ValueType::text,
       .completion = Completion::field},
      {.name = "limit", .help = "at most so many rows", .value = "N", .type = ValueType::count},
      {.name = "offset", .help = "leave out the first rows", .value = "N", .type = ValueType::count},
      {.name = "deleted", .help = "the deleted ones instead"},
      {.name = "safe-csv", .help = "with -o csv: defuse cells that a spreadsheet would run as a formula"},
  };
  spec.needs = Needs::reading;
  spec.kind = &kind;
  spec.run = run_list;
  return spec;
}

}  // namespace crm::cmd
