#include "commands/registry.h"

#include <crm/kind.h>
#include <crm/text.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "commands/commands.h"
#include "commands/import_rest.h"

namespace crm::cmd {
namespace {

struct Entry {
  std::string_view words;
  CommandSpec (*make)();
};

struct KindEntry {
  std::string_view verb;
  CommandSpec (*make)(const Entity& kind);
  enum class Of { all, written, owned, merged } of = Of::written;
};

// In the order of help. A verb of one kind stands as "KIND VERB".
constexpr Entry kCommands[] = {
    {"user deactivate", user_deactivate_command},
    {"user transfer", user_transfer_command},
    {"lead advance", lead_advance_command},
    {"lead lose", lead_lose_command},
    {"lead convert", lead_convert_command},
    {"lead score", lead_score_command},
    {"followup log", followup_log_command},
    {"followup plan", followup_plan_command},
    {"followup done", followup_done_command},
    {"followup reschedule", followup_reschedule_command},
    {"followup snooze", followup_snooze_command},
    {"followup ack", followup_ack_command},
    {"followup cancel", followup_cancel_command},
    {"followup due", followup_due_command},
    {"followup overdue", followup_overdue_command},
    {"followup agenda", followup_agenda_command},
    {"customer view", customer_view_command},
    {"customer level", customer_level_command},
    {"report funnel", report_funnel_command},
    {"report activity", report_activity_command},
    {"report overdue", report_overdue_command},
    {"report exceptions", report_exceptions_command},
    {"workflow check", workflow_check_command},
    {"workflow apply", workflow_apply_command},
    {"workflow list", workflow_list_command},
    {"workflow show", workflow_show_command},
    {"workflow diff", workflow_diff_command},
    {"workflow rollback", workflow_rollback_command},
    {"workflow run", workflow_run_command},
    {"workflow runs", workflow_runs_command},
    {"workflow explain", workflow_explain_command},
    {"workflow test", workflow_test_command},
    {"workflow simulate", workflow_simulate_command},
    {"workflow graph", workflow_graph_command},
    {"approval list", approval_list_command},
    {"approval show", approval_show_command},
    {"approval approve", approval_approve_command},
    {"approval reject", approval_reject_command},
    {"approval withdraw", approval_withdraw_command},
    {"approval delegate", approval_delegate_command},
    {"approval skip", approval_skip_command},
    {"init", init_command},
    {"status", status_command},
    {"whoami", whoami_command},
    {"import", import_command},
    {"import list", import_list_command},
    {"import presets", import_presets_command},
    {"import show", import_show_command},
    {"import ids", import_ids_command},
    {"import undo", import_undo_command},
    {"import rest", import_rest_command},
    {"export", export_command},
    {"batch", batch_command},
    {"search", search_command},
    {"quality check", quality_check_command},
    {"log", log_command},
    {"undo", undo_command},
    {"verify", verify_command},
    {"doctor", doctor_command},
    {"reindex", reindex_command},
    {"backup", backup_command},
    {"migrate", migrate_command},
    {"remind", remind_command},
    {"outbox list", outbox_list_command},
    {"outbox show", outbox_show_command},
    {"outbox flush", outbox_flush_command},
    {"outbox retry", outbox_retry_command},
    {"outbox cancel", outbox_cancel_command},
    {"outbox purge", outbox_purge_command},
    {"outbox sandbox", outbox_sandbox_command},
    {"outbox channel add", channel_add_command},
    {"outbox channel list", channel_list_command},
    {"outbox channel show", channel_show_command},
    {"outbox channel remove", channel_remove_command},
    {"outbox channel test", channel_test_command},
    {"segment add", segment_add_command},
    {"segment list", segment_list_command},
    {"segment show", segment_show_command},
    {"segment remove", segment_remove_command},
    {"outreach preview", outreach_preview_command},
    {"outreach test", outreach_test_command},
    {"outreach send", outreach_send_command},
    {"outreach list", outreach_list_command},
    {"consent give", consent_give_command},
    {"consent withdraw", consent_withdraw_command},
    {"consent block", consent_block_command},
    {"consent unblock", consent_unblock_command},
    {"consent show", consent_show_command},
    {"schema", schema_command},
    {"completion", completion_command},
    {"help", help_command},
};

// Not for people: completion scripts and the build call these.
constexpr Entry kHidden[] = {
    {"__complete", complete_command},
    {"__man", man_command},
};

constexpr KindEntry kKindCommands[] = {
    {"add", add_command},
    {"list", list_command, KindEntry::Of::all},
    {"show", show_command, KindEntry::Of::all},
    {"edit", edit_command},
    {"delete", delete_command},
    {"restore", restore_command},
    {"tag", tag_command},
    {"untag", untag_command},
    {"history", history_command},
    {"assign", assign_command, KindEntry::Of::owned},
    {"claim", claim_command, KindEntry::Of::owned},
    {"release", release_command, KindEntry::Of::owned},
    {"dedupe", dedupe_command, KindEntry::Of::merged},
    {"merge", merge_command, KindEntry::Of::merged},
    {"unmerge", unmerge_command, KindEntry::Of::merged},
};

// Groups that are no kinds.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kGroups{
    {{"quality", "how good the data is"},
     {"import", "imports that were made"},
     {"report", "figures over many records"},
     {"workflow", "the process that all commands act by"},
     {"approval", "commands that wait until somebody has agreed"},
     {"outbox", "messages out: what waits, what went, and the channels they go by"},
     {"outreach", "messages to many who agreed to get them"},
     {"segment", "filters with a name"}}};

// Statements are entered by the verbs of consent, which also say by whom.
bool has(const Entity& kind, const KindEntry& entry) {
  if (kind.kind == Kind::consent) return entry.verb == "list" || entry.verb == "history";
  switch (entry.of) {
    case KindEntry::Of::all:
      return true;
    case KindEntry::Of::written:
      return kind.kind != Kind::stage_change;  // they are written by what moves a record
    case KindEntry::Of::merged:
      return kind.kind == Kind::customer || kind.kind == Kind::contact || kind.kind == Kind::lead;
    case KindEntry::Of::owned:
      break;
  }
  // A follow-up is its owner's business: it is not passed on by tables.
  return kind.kind != Kind::followup && std::any_of(kind.fields.begin(), kind.fields.end(),
                                                    [](const Field& field) { return field.name == "owner"; });
}

// "fu" → "followup": the name that the tables use.
std::string canonical(std::string_view word) {
  const Entity* kind = find_entity(word);
  return std::string(kind != nullptr ? kind->name : word);
}

const Entry* find_entry(std::string_view words) {
  for (const auto& table : {std::span<const Entry>(kCommands), std::span<const Entry>(kHidden)}) {
    for (const Entry& entry : table) {
      if (entry.words == words) return &entry;
    }
  }
  return nullptr;
}

bool is_within(const Entry& entry, std::string_view group) {
  return entry.words.size() > group.size() && entry.words.starts_with(group) &&
         entry.words[group.size()] == ' ';
}

// One that was made already, or `make`'s: the lines of a batch have few commands.
template <typename Make>
std::shared_ptr<const CommandSpec> made_once(const void* entry, const Entity* kind, const Make& make) {
  static std::map<std::pair<const void*, const Entity*>, std::shared_ptr<const CommandSpec>> made;
  auto& spec = made[{entry, kind}];
  if (!spec) spec = std::make_shared<const CommandSpec>(make());
  return spec;
}

FoundCommand found(const Entry& entry, std::size_t words) {
  return {made_once(&entry, nullptr, entry.make), words};
}

}  // namespace

std::optional<FoundCommand> find_command(std::span<const std::string> words) {
  if (words.empty()) return std::nullopt;
  const std::string first = canonical(words[0]);
  if (words.size() > 2) {
    if (const Entry* entry = find_entry(first + ' ' + words[1] + ' ' + words[2])) return found(*entry, 3);
  }
  if (words.size() > 1) {
    if (const Entry* entry = find_entry(first + ' ' + words[1])) return found(*entry, 2);
    if (const Entity* kind = find_entity(first)) {
      for (const KindEntry& entry : kKindCommands) {
        if (entry.verb != words[1] || !has(*kind, entry)) continue;
        return FoundCommand{made_once(&entry, kind, [&] { return entry.make(*kind); }), 2};
      }
    }
  }
  if (const Entry* entry = find_entry(first)) return found(*entry, 1);
  return std::nullopt;
}

bool is_group(std::string_view word) {
  const std::vector<std::string> known = groups();
  return std::find(known.begin(), known.end(), canonical(word)) != known.end();
}

std::vector<std::string> groups() {
  std::vector<std::string> names;
  for (const Entity& kind : entities()) names.emplace_back(kind.name);
  for (const auto& group : kGroups) names.emplace_back(group.first);
  return names;
}

std::string group_summary(std::string_view group) {
  if (const Entity* kind = find_entity(group)) return std::string(kind->plural.en);
  for (const auto& [name, summary] : kGroups) {
    if (name == group) return std::string(summary);
  }
  return {};
}

std::vector<CommandSpec> commands_of(std::string_view group) {
  std::vector<CommandSpec> specs;
  if (group.empty()) {
    for (const Entry& entry : kCommands) {
      if (entry.words.find(' ') == std::string_view::npos) specs.push_back(entry.make());
    }
    return specs;
  }
  const std::string name = canonical(group);
  if (const Entity* kind = find_entity(name)) {
    for (const KindEntry& entry : kKindCommands) {
      if (has(*kind, entry)) specs.push_back(entry.make(*kind));
    }
  }
  for (const Entry& entry : kCommands) {
    if (is_within(entry, name)) specs.push_back(entry.make());
  }
  return specs;
}

std::vector<std::string> next_words(std::string_view group) {
  std::vector<std::string> words;
  if (group.empty()) {
    words = groups();
    for (const Entry& entry : kCommands) {
      // "import" is a command and a group.
      if (entry.words.find(' ') == std::string_view::npos &&
          std::find(words.begin(), words.end(), entry.words) == words.end())
        words.emplace_back(entry.words);
    }
    return words;
  }
  const std::string name = canonical(group);
  if (const Entity* kind = find_entity(name)) {
    for (const KindEntry& entry : kKindCommands) {
      if (has(*kind, entry)) words.emplace_back(entry.verb);
    }
  }
  for (const Entry& entry : kCommands) {
    if (!is_within(entry, name)) continue;
    const std::string_view rest = entry.words.substr(name.size() + 1);
    const std::string word(rest.substr(0, rest.find(' ')));
    if (words.empty() || words.back() != word) words.push_back(word);
  }
  return words;
}

std::vector<CommandSpec> all_commands() {
  std::vector<CommandSpec> specs;
  for (const std::string& group : groups()) {
    for (CommandSpec& spec : commands_of(group)) specs.push_back(std::move(spec));
  }
  for (CommandSpec& spec : commands_of({})) specs.push_back(std::move(spec));
  return specs;
}

Error unknown_command(std::span<const std::string> words) {
  if (const auto found = find_command(words)) {
    std::string name;
    for (const std::string& word : found->spec->words) name += (name.empty() ? "" : " ") + word;
    return {ErrorCode::usage, "'crm " + name + "' has no command " + crm::quoted(words[found->words_used]),
            "'crm help " + name + "' explains it"};
  }
  const bool in_group = is_group(words[0]);
  const std::string group = in_group ? canonical(words[0]) : std::string();
  const std::vector<std::string> known = next_words(group);
  const std::string there =
      in_group ? "'crm " + words[0] + "' has " + listed(known) : "'crm help' lists all commands";
  if (in_group && words.size() == 1) {
    return {ErrorCode::usage, "'crm " + words[0] + "' needs a verb", "one of " + listed(known)};
  }
  if (in_group) {
    const std::string inner = group + ' ' + words[1];
    const std::vector<std::string> verbs = next_words(inner);
    if (!verbs.empty()) {
      if (words.size() == 2)
        return {ErrorCode::usage, "'crm " + inner + "' needs a verb", "one of " + listed(verbs)};
      const auto near = nearest(words[2], verbs);
      return {
          ErrorCode::usage, "unknown command " + crm::quoted(inner + ' ' + words[2]),
          near ? "did you mean '" + inner + ' ' + *near + "'?" : "'crm " + inner + "' has " + listed(verbs)};
    }
  }
  const std::string& unknown = words[in_group ? 1 : 0];
  const std::string whole = in_group ? words[0] + ' ' + unknown : unknown;
  std::string hint = there;
  if (const auto near = nearest(unknown, known))
    hint = "did you mean '" + (in_group ? words[0] + ' ' : "") + *near + "'?";
  return {ErrorCode::usage, "unknown command " + crm::quoted(whole), std::move(hint)};
}

}  // namespace crm::cmd
