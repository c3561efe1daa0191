#include <crm/error.h>
#include <crm/records.h>

#include <algorithm>

#include "app/context.h"
#include "commands/bulk_write.h"
#include "commands/commands.h"
#include "commands/targets.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

struct Words {
  std::vector<std::string> records;
  std::vector<std::string> tags;
};

bool names_a_record(const std::string& word) {
  return word == "-" || parse_integer(word).has_value() || parse_record_id(word).has_value() ||
         word.starts_with("ref:");
}

bool is_condition(const std::string& word) {
  return word.find_first_of("=<>~") != std::string::npos && looks_like_term(word);
}

// What comes first is a record; behind it, numbers, references and conditions are records, and all else is a
// tag.
Words sorted_words(const std::vector<std::string>& words) {
  Words sorted;
  for (const std::string& word : words) {
    const bool plus = word.starts_with('+');
    if (!plus && (sorted.records.empty() || names_a_record(word) || is_condition(word))) {
      sorted.records.push_back(word);
    } else {
      sorted.tags.push_back(plus ? word.substr(1) : word);
    }
  }
  return sorted;
}

using Verb = WriteResult (*)(Session& session, RecordId record, std::span<const std::string> tags);

int run(Context& context, const Arguments& arguments, Verb verb) {
  const Words words = sorted_words(arguments.arguments("RECORD"));
  if (words.tags.empty())
    throw Error(ErrorCode::usage, "no tag is named", "usage: " + arguments.spec().synopsis());
  BulkWrite bulk(context, arguments);
  const Targets targets = bulk.targets(words.records, arguments.spec().kind->kind);
  for (const RecordId record : targets.records) {
    bulk.step(to_string(record), [&] { return verb(context.session(), record, words.tags); });
  }
  return bulk.finish(targets.several);
}

int run_tag(Context& context, const Arguments& arguments) {
  return run(context, arguments, tag);
}
int run_untag(Context& context, const Arguments& arguments) {
  return run(context, arguments, untag);
}

CommandSpec tagging(const Entity& kind, const std::string& verb) {
  const std::string name(kind.name);
  CommandSpec spec;
  spec.words = {name, verb};
  spec.arguments = {{.name = "RECORD",
                     .help = "which records, as in 'edit', and then the tags, with or without a '+'",
                     .repeated = true,
                     .completion = Completion::record}};
  spec.examples = {{"crm " + name + ' ' + verb + " 42 vip", "one record, one tag"},
                   {"crm " + name + " list --search Acme -o ids | crm " + name + ' ' + verb + " - +vip +2026",
                    "many, two tags"}};
  spec.options = target_options();
  spec.needs = Needs::writing;
  spec.kind = &kind;
  return spec;
}

}  // namespace

CommandSpec tag_command(const Entity& kind) {
  CommandSpec spec = tagging(kind, "tag");
  spec.summary = "give tags to " + std::string(kind.plural.en);
  spec.run = run_tag;
  return spec;
}

CommandSpec untag_command(const Entity& kind) {
  CommandSpec spec = tagging(kind, "untag");
  spec.summary = "take tags from " + std::string(kind.plural.en);
  spec.run = run_untag;
  return spec;
}

}  // namespace crm::cmd
