#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "base/text.h"
#include "crm/error.h"
#include "crm/exchange.h"
#include "entity/heading.h"
#include "exchange/byte_source.h"
#include "exchange/column_survey.h"
#include "exchange/encoding.h"
#include "exchange/import_run.h"
#include "exchange/preset.h"
#include "exchange/reject_file.h"
#include "exchange/run_log.h"
#include "workflow/add_fields.h"

namespace crm {
namespace {

RowFormat row_format(FileFormat format) {
  switch (format) {
    case FileFormat::csv:
    case FileFormat::tsv:
      break;
    case FileFormat::json:
      return RowFormat::json;
    case FileFormat::xlsx:
      return RowFormat::xlsx;
    case FileFormat::vcard:
      return RowFormat::vcard;
  }
  return RowFormat::csv;
}

RowSourceOptions source_options(const ImportOptions& options) {
  RowSourceOptions source;
  source.encoding = options.encoding;
  if (options.format) source.format = row_format(*options.format);
  source.sheet = options.sheet;
  source.delimiter = options.format == FileFormat::tsv && !options.delimiter ? '\t' : options.delimiter;
  return source;
}

// The built-in presets of the kind, read when first asked for.
class Presets {
 public:
  explicit Presets(Kind kind) : kind_(kind) {}
  const std::vector<Preset>& operator()() {
    if (!loaded_) loaded_ = built_in_presets(kind_);
    return *loaded_;
  }

 private:
  Kind kind_;
  std::optional<std::vector<Preset>> loaded_;
};

// What the preset says goes under what the user says.
ImportOptions with_preset(ImportOptions options, const Preset& preset, MappingRules& rules) {
  const auto put_under = [](auto& over, const auto& under) {
    over.insert(over.begin(), under.begin(), under.end());
  };
  put_under(rules.columns, preset.rules.columns);
  put_under(rules.values, preset.rules.values);
  put_under(rules.set, preset.rules.set);
  if (options.source.empty()) options.source = preset.system;
  put_under(options.create_missing, preset.create_missing);
  return options;
}

void check_create_missing(const ImportOptions& options) {
  const std::vector<std::string> known = {"user", "owner", "team",     "customer", "contact",
                                          "tag",  "tags",  "industry", "source",   "region"};
  for (const std::string& name : options.create_missing) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const auto near = nearest(name, known);
    throw Error(ErrorCode::usage, "--create-missing cannot be " + quoted(name),
                near ? "did you mean " + quoted(*near) + "?"
                     : "it takes " + listed({"owner", "team", "customer", "contact", "tag", "industry"}));
  }
}

// Whether a heading is known, as a column's name, by the mapping or by a preset.
std::function<bool(std::string_view)> heading_judge(const KindView& view, const MappingRules& rules,
                                                    Presets& presets) {
  return [&view, &rules, &presets](std::string_view heading) {
    if (view.find_heading(heading) != nullptr || is_number_heading(heading, view.entity()) ||
        rules.find(heading) != nullptr)
      return true;
    return std::any_of(presets().begin(), presets().end(),
                       [&](const Preset& preset) { return preset.knows(heading); });
  };
}

RejectPath reject_path(const Session& session, const std::string& input, const ImportOptions& options) {
  if (!options.keep_going || session.dry_run()) return {};
  return options.rejects.empty() ? RejectPath{default_reject_path(input), true}
                                 : named_reject_path(options.rejects, input, options.resume);
}

// The keys of all rows of a JSON file, which may bring new ones as they come; a pipe cannot be read twice.
std::vector<std::string> all_headings(const std::string& path, const RowSourceOptions& reading,
                                      const RowSource& source) {
  const bool may_grow = source.format() == RowFormat::json || source.format() == RowFormat::vcard;
  if (!may_grow || is_read_once(path)) return source.headings();
  const auto again = open_rows(path, reading);
  InputRow row;
  while (again->next(row)) continue;
  return again->headings();
}

// Custom fields that columns are to be kept in must be there before the first row.
void make_missing_fields(Session& session, Kind kind, const std::vector<std::string>& headings,
                         const MappingRules& rules, const ImportOptions& options) {
  const ColumnPlan plan =
      make_column_plan(session.view(kind), session.state().process(), headings, rules, options);
  std::vector<NewField> fields;
  for (const MissingField& missing : plan.missing) fields.push_back({missing.name, missing.label});
  if (!fields.empty()) add_text_fields(session, kind, fields);
}

// The process that the session acts by, put back where an import that made custom fields is not kept.
class FormerProcess {
 public:
  explicit FormerProcess(Session& session) : session_(session), compiled_(session.state().compiled_process) {}
  ~FormerProcess() {
    if (!kept_ && session_.state().compiled_process != compiled_) session_.state().replace_process(compiled_);
  }
  FormerProcess(const FormerProcess&) = delete;
  FormerProcess& operator=(const FormerProcess&) = delete;
  void forget() { kept_ = !session_.dry_run(); }

 private:
  Session& session_;
  std::string compiled_;
  bool kept_ = false;
};

}  // namespace

ImportResult import_records(Session& session, Kind kind, const std::string& path,
                            const ImportOptions& given) {
  check_create_missing(given);
  MappingRules rules = read_mapping_rules(given);
  Presets presets(kind);
  RowSourceOptions reading = source_options(given);
  reading.is_heading = heading_judge(session.view(kind), rules, presets);
  const auto source = open_rows(path, reading);
  ImportOptions options = given;
  std::vector<std::string> recognised = source->remarks();
  std::string preset_name;
  const auto load = [&]() -> const std::vector<Preset>& { return presets(); };
  if (source->format() == RowFormat::vcard) {
    options.create_missing.emplace_back("customer");
  } else if (const auto preset = choose_preset(session.view(kind), source->headings(), given.preset, load)) {
    options = with_preset(given, *preset, rules);
    preset_name = preset->name;
    recognised.push_back("by the preset " + quoted(preset->name) + ": " + preset->about);
  }
  const auto asked = [&](const char* name) {
    return std::find(options.create_missing.begin(), options.create_missing.end(), name) !=
           options.create_missing.end();
  };
  if (asked("user") || asked("owner")) options.on_unknown_user = UnknownUser::create;
  const ColumnSurvey survey(path, reading);
  const RejectPath rejects = reject_path(session, path, options);
  session.state().connection->prepare_bulk_load();
  RunLog log(session, kind, path, options);
  if (log.finished()) {
    if (options.before_commit) options.before_commit(*log.finished());
    return *log.finished();
  }
  bool encoding_told = false;
  const auto tell_encoding = [&] {
    if (encoding_told || !source->encoding_detected() || source->encoding() == "UTF-8") return;
    recognised.push_back("read as " + std::string(encoding_label(source->encoding())) +
                         "; another encoding is named by --encoding");
    encoding_told = true;
  };
  const auto tell = [&] {
    if (options.recognised) std::for_each(recognised.begin(), recognised.end(), options.recognised);
    recognised.clear();
  };
  tell_encoding();
  tell();
  const auto import = [&] {
    FormerProcess former(session);
    Write write(session);
    log.begin();
    make_missing_fields(session, kind,
                        options.keep_unknown ? all_headings(path, reading, *source) : source->headings(),
                        rules, options);
    ImportRun run(session, kind, *source, options, rules, rejects, survey);
    run.note_in(log.run());
    run.know_origin(path, given.source);
    if (auto imports = log.former(); !imports.empty()) run.know_former(std::move(imports));
    ImportResult result = run.run();
    result.preset = preset_name;
    tell_encoding();  // of cards it is known once they are read
    tell();
    const std::vector<std::string> left_out = source->warnings();
    result.warnings.insert(result.warnings.end(), left_out.begin(), left_out.end());
    if (run.is_own_export()) log.note_own_export(given.source);
    log.finish(result);
    if (options.before_commit) options.before_commit(result);
    write.commit();
    former.forget();
    return result;
  };
  try {
    return import();
  } catch (const Error& error) {
    log.fail();
    if (preset_name.empty() && error.code() == ErrorCode::invalid && options.recognised) {
      const std::string other = told_of_another_kind(kind, source->headings(), {});
      if (!other.empty()) options.recognised(other);
    }
    throw;
  }
}

std::vector<std::string> export_fields(Session& session, Kind kind) {
  std::vector<std::string> names;
  for (const Field* field : session.view(kind).fields()) {
    if (!field->is_derived() && field->name != "version") names.emplace_back(field->name);
  }
  return names;
}

}  // namespace crm
