#include "app/settings.h"

#include <crm/error.h>
#include <crm/settings.h>
#include <crm/text.h>

#include <utility>

namespace crm::cmd {
namespace {

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> parts;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    const std::string_view part = list.substr(0, comma);
    if (!part.empty()) parts.emplace_back(part);
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return parts;
}

// One line that begins with the place.
Error fault(const Setting& setting, const std::string& message, std::string hint) {
  return Error(ErrorCode::invalid, message).with_problems({{setting.location, message, std::move(hint), {}}});
}

Error bad_value(const Setting& setting, std::string hint) {
  return fault(setting, "'" + setting.name + "' cannot be " + crm::quoted(setting.value), std::move(hint));
}

void apply(const Setting& setting, Settings& settings) {
  if (setting.name == "db") {
    settings.database = setting.value;
  } else if (setting.name == "user") {
    settings.user = setting.value;
  } else if (setting.name == "output") {
    settings.format = find_format(setting.value);
    if (!settings.format) throw bad_value(setting, "one of table, json, jsonl, csv, tsv, yaml and ids");
  } else if (setting.name == "timeout") {
    const auto seconds = parse_integer(setting.value);
    if (!seconds || *seconds < 0) throw bad_value(setting, "a number of seconds");
    settings.timeout = std::chrono::seconds(*seconds);
  } else if (setting.name == "color") {
    if (setting.value == "never") {
      settings.color = Settings::Color::never;
    } else if (setting.value == "always") {
      settings.color = Settings::Color::always;
    } else if (setting.value != "auto") {
      throw bad_value(setting, "one of auto, never and always");
    }
  } else {
    const auto near = nearest(setting.name, {"db", "user", "output", "timeout", "color"});
    throw fault(setting, "unknown setting " + crm::quoted(setting.name),
                near ? "did you mean '" + *near + "'?" : "known are db, user, output, timeout and color");
  }
}

void apply(const Environment& environment, Settings& settings) {
  if (const auto path = environment.find("CRM_DB")) settings.database = *path;
  if (const auto user = environment.find("CRM_USER")) settings.user = *user;
  if (environment.find("NO_COLOR")) settings.color = Settings::Color::never;
  settings.now = environment.find("CRM_NOW");
}

void apply(const Arguments& arguments, Settings& settings) {
  if (const auto path = arguments.text("db")) settings.database = *path;
  if (const auto user = arguments.text("as")) {
    settings.user = *user;
    settings.acts_as = true;
  }
  if (const auto format = arguments.text("output")) settings.format = find_format(*format);
  if (const auto fields = arguments.text("fields")) {
    settings.fields = split(*fields);
    if (settings.fields.empty()) {
      throw Error(ErrorCode::usage, "'--fields' names no field", "'--fields help' lists them");
    }
  }
  if (const auto now = arguments.text("now")) settings.now = *now;
  if (const auto seconds = arguments.integer("timeout")) settings.timeout = std::chrono::seconds(*seconds);
  if (arguments.has("no-color")) settings.color = Settings::Color::never;
  settings.quiet = arguments.has("quiet");
  settings.verbose = arguments.has("verbose");
  settings.dry_run = arguments.has("dry-run");
}

}  // namespace

namespace {

Settings settings_of_files(const Environment& environment) {
  Settings settings;
  const std::string file = environment.config_file();
  if (!file.empty()) {
    for (const Setting& setting : read_settings(file)) apply(setting, settings);
  }
  apply(environment, settings);
  return settings;
}

Settings completed(Settings settings, const Environment& environment) {
  if (settings.database.empty()) settings.database = environment.default_database();
  if (settings.user.empty()) settings.user = environment.login();
  return settings;
}

}  // namespace

Settings resolve_settings(const Arguments& arguments, const Environment& environment) {
  return completed(resolve_settings(arguments, settings_of_files(environment)), environment);
}

Settings resolve_settings(const Environment& environment) {
  return completed(settings_of_files(environment), environment);
}

Settings resolve_settings(const Arguments& arguments, Settings settings) {
  apply(arguments, settings);
  return settings;
}

}  // namespace crm::cmd
