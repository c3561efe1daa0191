#include "workflow/add_fields.h"

#include <algorithm>

#include "base/text.h"
#include "crm/error.h"
#include "modules/yaml.h"
#include "process/process.h"
#include "records/rights.h"
#include "records/session_state.h"
#include "workflow/columns.h"
#include "workflow/definition.h"
#include "workflow/revisions.h"

namespace crm {
namespace {

const NodeEntry* entry_of(const Node& map, std::string_view key) {
  const auto found = std::find_if(map.entries.begin(), map.entries.end(),
                                  [&](const NodeEntry& entry) { return entry.key.text == key; });
  return found == map.entries.end() ? nullptr : &*found;
}

// Whether the map's keys stand on lines of their own below the key it belongs to.
bool is_block(const NodeEntry& entry) {
  return !entry.value.entries.empty() && entry.value.entries.front().key.line > entry.key.line;
}

std::string field_lines(std::span<const NewField> fields, std::size_t indent) {
  std::string lines;
  for (const NewField& field : fields) {
    lines.append(indent, ' ').append(field.name).append(": {type: text, label: ");
    append_json_string(lines, field.label.empty() ? field.name : field.label);
    lines += "}\n";
  }
  return lines;
}

std::size_t begin_of_line(std::string_view text, int line) {
  std::size_t begin = 0;
  for (int i = 1; i < line; ++i) begin = text.find('\n', begin) + 1;
  return begin;
}

// The file with the fields; where its layout is another than that of blocks, reading it again shows the
// fault.
std::string with_fields(std::string text, const Node& root, std::string_view kind,
                        std::span<const NewField> fields) {
  const std::string kind_line = std::string(kind) + ":\n";
  const NodeEntry* section = entry_of(root, "fields");
  if (section == nullptr) {
    if (!text.empty() && text.back() != '\n') text += '\n';
    return text + "\nfields:\n  " + kind_line + field_lines(fields, 4);
  }
  if (!is_block(*section)) return {};
  const Node& kinds = section->value;
  const NodeEntry* own = entry_of(kinds, kind);
  if (own != nullptr && !is_block(*own)) return {};
  const Node& next = own != nullptr ? own->value.entries.front().key : kinds.entries.front().key;
  const auto indent = static_cast<std::size_t>(next.column - 1);
  const std::string lines = own != nullptr
                                ? field_lines(fields, indent)
                                : std::string(indent, ' ') + kind_line + field_lines(fields, indent + 2);
  return text.insert(begin_of_line(text, next.line), lines);
}

}  // namespace

void add_text_fields(Session& session, Kind kind, std::span<const NewField> fields) {
  require_admin(session, "may not make the custom field " + quoted(fields.front().name));
  Session::State& state = session.state();
  const Revision active = active_revision(*state.connection);
  const std::string_view kind_name = entity(kind).name;
  std::vector<Problem> problems;
  const std::optional<Node> root = read_yaml(active.source, "the workflow file", problems);
  const std::string source = root ? with_fields(active.source, *root, kind_name, fields) : std::string();
  if (source.empty()) {
    throw Error(ErrorCode::invalid, "the workflow file has its fields in a form that takes no more by itself",
                "add " + quoted(fields.front().name) + " to it by hand, then 'crm workflow apply' it");
  }
  const std::unique_ptr<Process> process = read_definition(source, "the workflow file", problems);
  if (process == nullptr) {
    throw Error(
        ErrorCode::invalid,
        "cannot make the custom field " + quoted(fields.front().name) + ": " + problems.front().message,
        problems.front().hint);
  }
  add_columns(*state.connection, *process);
  const std::string compiled = compile(*process);
  // No longer the file that was applied: its lines count in what 'crm workflow show' prints.
  add_revision(*state.connection, {0, process->name, {}, source, compiled}, now_seconds(session),
               session.login());
  state.replace_process(compiled);
  for (const NewField& field : fields) {
    session.notice("made the custom field " + quoted(field.name) + " of " +
                   std::string(entity(kind).plural.en));
  }
}

}  // namespace crm
