#include "commands/export_all.h"

#include <crm/exchange.h>
#include <crm/export_rest.h>
#include <crm/text.h>
#include <crm/workflow.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <span>
#include <utility>
#include <vector>

#include "app/context.h"
#include "commands/live_rows.h"
#include "output/file_output.h"
#include "output/writer.h"

namespace crm::cmd {
namespace {

namespace fs = std::filesystem;

void check_new_directory(const std::string& path) {
  std::error_code error;
  if (fs::exists(path, error) && !fs::is_empty(path, error)) {
    throw Error(ErrorCode::conflict, crm::quoted(path) + " is there already", "name a new directory");
  }
}

void make_directory(const std::string& path) {
  check_new_directory(path);
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
    throw Error(ErrorCode::io, "cannot make " + crm::quoted(path) + ": " + std::strerror(errno));
}

std::int64_t write_kind(Context& context, const Entity& kind, const std::string& path) {
  ListQuery query;
  query.kind = kind.kind;
  query.fields = export_fields(context.session(), kind.kind);
  FileOutput file(path, false);
  WriterOptions options;
  options.format = Format::csv;
  options.guard = CsvGuard::reversible;
  const auto writer = make_writer(file.stream(), options);
  const std::int64_t rows = LiveRows(context.session(), query, *writer).write();
  file.finish();
  return rows;
}

void write_text(const std::string& path, const std::string& text) {
  FileOutput file(path, false);
  file.stream().write(text);
  file.finish();
}

std::string shell_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// The kinds in an order in which most of what a record refers to is there before it: a user's team before the
// user.
std::vector<const Entity*> kinds_to_rebuild() {
  std::vector<const Entity*> kinds;
  for (const Entity& kind : entities()) kinds.push_back(&kind);
  std::swap(kinds[0], kinds[1]);
  return kinds;
}

// The fields that refer to records of kinds that come later, such as the user who leads a team.
std::vector<std::string> forward_references(Session& session, std::span<const Entity* const> kinds,
                                            std::size_t place) {
  std::vector<std::string> names;
  for (const Field* field : session.view(kinds[place]->kind).fields()) {
    const auto later = kinds.subspan(place + 1);
    const bool forward = field->type == FieldType::reference && !field->is_derived() &&
                         std::any_of(later.begin(), later.end(),
                                     [&](const Entity* kind) { return kind->kind == field->target; });
    if (forward) names.emplace_back(field->name);
  }
  return names;
}

std::string import_command(const Entity& kind) {
  const std::string name(kind.name);
  return "crm import " + name + ' ' + name + ".csv";
}

// What refers to records that come later is left out first, and then filled in.
std::string rebuild_script(Session& session, bool whole) {
  std::string script = R"sh(#!/bin/sh
# Makes a database of these files: sh rebuild.sh NEW.db (CRM names another crm)
set -eu
[ $# -eq 1 ] || { echo "usage: sh rebuild.sh NEW.db" >&2; exit 2; }
case "$1" in /*) new=$1 ;; *) new=$PWD/$1 ;; esac
cd "$(dirname "$0")"
crm() { command "${CRM:-crm}" --db "$new" "$@"; }
)sh";
  script += "crm init --timezone " + shell_quoted(session.zone().name()) + " --currency " +
            shell_quoted(session.currency()) + " --country " + shell_quoted(session.country()) + "\n";
  script += "crm workflow apply workflow.yaml\n";
  std::string again;
  const std::vector<const Entity*> kinds = kinds_to_rebuild();
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const std::string import = import_command(*kinds[i]);
    script += import;
    const std::vector<std::string> later = forward_references(session, kinds, i);
    for (const std::string& field : later) script += " --map " + field + "=ignore";
    script += '\n';
    if (!later.empty()) again += import + '\n';
  }
  script += again;
  if (whole) script += "crm import rest rest.jsonl\n";
  return script;
}

// A line for each.
std::int64_t write_rest(Session& session, const std::string& path) {
  FileOutput file(path, false);
  const RestCounts counts =
      export_rest(session, [&](std::string_view line) { file.stream().write(std::string(line)); });
  file.finish();
  return counts.records;
}

constexpr const char* kPartial =
    "this is not everything, but what your role shows to you: only who sees all exports what makes the "
    "whole database again";

}  // namespace

int export_all(Context& context, const std::string& directory) {
  Session& session = context.session();
  const bool whole = exports_whole(session);
  if (session.dry_run()) {
    check_new_directory(directory);
    if (!whole) context.say(kPartial);
    context.say("dry run: would write everything to " + crm::quoted(directory));
    return 0;
  }
  make_directory(directory);
  const auto path = [&](std::string_view name) { return (fs::path(directory) / name).string(); };
  std::int64_t rows = 0;
  for (const Entity& kind : entities())
    rows += write_kind(context, kind, path(std::string(kind.name) + ".csv"));
  if (whole) rows += write_rest(session, path("rest.jsonl"));
  write_text(path("workflow.yaml"), workflow_source(session));
  write_text(path("rebuild.sh"), rebuild_script(session, whole));
  if (!whole) context.say(kPartial);
  context.say("wrote " + std::to_string(rows) + (rows == 1 ? " record" : " records") + " to " +
              crm::quoted(directory) + "; 'sh " + path("rebuild.sh") + " NEW.db' makes the database again");
  return 0;
}

}  // namespace crm::cmd
