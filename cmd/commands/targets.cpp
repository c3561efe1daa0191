#include "commands/targets.h"

#include <crm/error.h>
#include <crm/text.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>
#include <vector>

#include "commands/input_lines.h"
#include "commands/list.h"

namespace crm::cmd {
namespace {

bool has_condition(const Arguments& arguments) {
  return arguments.has("where") || arguments.has("search") || arguments.has("all");
}

// The command and what its options say. How the records are chosen does not count: they are told themselves.
std::string act_of(const Arguments& arguments) {
  std::string act;
  const auto add = [&act](std::string_view part) { (act += part) += '\0'; };
  for (const std::string& word : arguments.spec().words) add(word);
  for (const OptionSpec& option : arguments.spec().options) {
    static constexpr std::array<std::string_view, 6> kOther{"where",   "search",     "all",
                                                            "confirm", "keep-going", "yes"};
    const bool counts = std::find(kOther.begin(), kOther.end(), option.name) == kOther.end();
    if (!counts || !arguments.has(option.name)) continue;
    add("--" + option.name);
    for (const std::string& value : arguments.texts(option.name)) add(value);
  }
  return act;
}

Targets select_by_condition(Context& context, const Arguments& arguments, std::span<const std::string> terms,
                            Kind kind, bool deleted) {
  Selection selection;
  selection.terms.assign(terms.begin(), terms.end());
  selection.where = condition_option(arguments, "where");
  selection.search = condition_option(arguments, "search");
  selection.deleted = deleted;
  Session& session = context.session();
  Targets targets{select(session, kind, selection, arguments.has("all")), true};
  const auto expected = arguments.text("confirm");
  if (!expected && !session.dry_run()) return targets;
  const std::string digest = selection_digest(session, targets.records, act_of(arguments));
  if (expected && *expected != digest) {
    throw Error(ErrorCode::conflict, "this is not what the digest " + crm::quoted(*expected) + " stands for",
                "the records, or what is to be done with them, changed: look again with --dry-run");
  }
  if (session.dry_run()) context.say("digest " + digest + " for --confirm");
  return targets;
}

void add_named(Targets& targets, Session& session, Kind kind, const std::string& name,
               const TargetRules& rules) {
  const auto full = parse_record_id(name);
  try {
    const Kind of = full && rules.other_kinds ? full->kind : kind;
    targets.records.push_back(rules.itself ? resolve_itself(session, of, name)
                                           : resolve(session, of, name, rules.deleted_too));
  } catch (const Error& error) {
    if (!rules.unresolved) throw;
    rules.unresolved(name, error);
  }
}

}  // namespace

ArgumentSpec records_argument() {
  return {.name = "RECORD",
          .help =
              "a number, e-mail, phone, exact name or ref:SOURCE/KEY; '-' reads them from the standard "
              "input; or terms such as stage=new, which choose all records that meet them",
          .required = false,
          .repeated = true,
          .completion = Completion::record};
}

std::vector<OptionSpec> target_options() {
  return {
      {.name = "where",
       .help = "all records that meet the expression",
       .value = "EXPR",
       .type = ValueType::text},
      {.name = "search",
       .help = "all records with these words in their text",
       .value = "TEXT",
       .type = ValueType::text},
      {.name = "all", .help = "all records, where no condition is given"},
      {.name = "confirm",
       .help = "only if the records are still those of a dry run",
       .value = "DIGEST",
       .type = ValueType::text},
      {.name = "keep-going", .help = "commit what is valid and report what is not, with exit code 7"},
  };
}

CommandSpec verb_on_records(Kind kind, const std::string& verb) {
  CommandSpec spec;
  spec.kind = &entity(kind);
  spec.words = {std::string(spec.kind->name), verb};
  spec.arguments = {records_argument()};
  spec.options = target_options();
  spec.needs = Needs::writing;
  return spec;
}

namespace {

// Who names a record twice, perhaps by its number and its name, means it once.
void keep_first_of_each(std::vector<RecordId>& records) {
  std::set<std::pair<Kind, std::int64_t>> seen;
  std::erase_if(records,
                [&](const RecordId& record) { return !seen.emplace(record.kind, record.id).second; });
}

Targets all_targets(Context& context, const Arguments& arguments, std::span<const std::string> words,
                    Kind kind, const TargetRules& rules) {
  const auto terms = std::count_if(words.begin(), words.end(),
                                   [](const std::string& word) { return looks_like_term(word); });
  if (static_cast<std::size_t>(terms) == words.size() && (terms > 0 || has_condition(arguments))) {
    return select_by_condition(context, arguments, words, kind, rules.deleted_too);
  }
  if (words.empty()) {
    throw Error(ErrorCode::usage, "no record is named",
                "name some, give a condition such as stage=new, or '--all'");
  }
  if (terms > 0 || has_condition(arguments)) {
    throw Error(ErrorCode::usage, "names of records and conditions cannot be mixed", "give one or the other");
  }
  Targets targets;
  for (const std::string& word : words) {
    if (word != "-") {
      add_named(targets, context.session(), kind, word, rules);
      continue;
    }
    targets.several = true;
    for (const std::string& name : names_from_input()) {
      add_named(targets, context.session(), kind, name, rules);
    }
  }
  targets.several = targets.several || words.size() > 1;
  keep_first_of_each(targets.records);
  return targets;
}

}  // namespace

Targets find_targets(Context& context, const Arguments& arguments, std::span<const std::string> words,
                     Kind kind, const TargetRules& rules) {
  Targets targets = all_targets(context, arguments, words, kind, rules);
  if (const auto only = context.session().only()) {
    targets.records.erase(std::remove_if(targets.records.begin(), targets.records.end(),
                                         [&](RecordId one) { return one != *only; }),
                          targets.records.end());
  }
  return targets;
}

}  // namespace crm::cmd
