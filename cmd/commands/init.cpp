#include <crm/error.h>
#include <crm/identity.h>
#include <crm/outbox.h>
#include <crm/session.h>
#include <crm/templates.h>
#include <crm/time.h>

#include <filesystem>
#include <system_error>

#include "app/account.h"
#include "app/context.h"
#include "commands/commands.h"
#include "output/facts.h"
#include "parse/arguments.h"

namespace crm::cmd {
namespace {

// Only the default place is made; a directory that was named must be there.
void make_directory_of(const std::string& database) {
  const std::filesystem::path directory = std::filesystem::path(database).parent_path();
  if (directory.empty() || std::filesystem::exists(directory)) return;
  std::error_code fault;
  std::filesystem::create_directories(directory, fault);
  if (!fault) std::filesystem::permissions(directory, std::filesystem::perms::owner_all, fault);
  if (fault)
    throw Error(ErrorCode::io, "cannot make the directory '" + directory.string() + "': " + fault.message());
}

TimeZone chosen_zone(const Context& context, const Arguments& arguments) {
  if (const auto name = arguments.text("timezone")) return TimeZone::load(*name);
  const auto tz = context.environment().find("TZ");
  return system_time_zone(tz ? tz->c_str() : nullptr);
}

// The template's file; with what was asked for in place of what it says.
std::string chosen_workflow(const Arguments& arguments) {
  const auto name = arguments.text("template");
  if (!name) return {};
  std::string text = template_text(*name);
  for (const char* setting : {"timezone", "currency", "country"}) {
    if (const auto value = arguments.text(setting)) text = with_setting(std::move(text), setting, *value);
  }
  return text;
}

int run_init(Context& context, const Arguments& arguments) {
  const Settings& settings = context.settings();
  const TimeZone zone = chosen_zone(context, arguments);
  InitOptions options;
  options.path = settings.database;
  options.login = settings.user;
  options.timezone = zone.name();
  if (const auto currency = arguments.text("currency")) options.currency = *currency;
  if (const auto country = arguments.text("country")) options.country = *country;
  const Moment now = SystemClock().now();
  options.now = settings.now ? parse_when(*settings.now, now, zone) : now;

  options.workflow = chosen_workflow(arguments);

  std::vector<std::string> told;
  if (settings.dry_run) {
    init_database(options, operating_system_account(), /*dry_run=*/true);
    context.say("dry run: nothing was made");
  } else {
    if (settings.database == context.environment().default_database()) make_directory_of(settings.database);
    told = init_database(options, operating_system_account());
    if (arguments.has("sandbox")) set_sandbox(context.session(), true);
  }
  if (!options.workflow.empty() && !settings.dry_run) {
    // What the template says of these holds.
    const Session& session = context.session();
    options.timezone = session.zone().name();
    options.currency = session.currency();
    options.country = session.country();
  }
  Facts facts;
  facts.text("database", options.path);
  facts.text("user", options.login);
  facts.text("timezone", options.timezone);
  facts.text("currency", options.currency);
  facts.text("country", options.country);
  if (const auto name = arguments.text("template")) facts.text("workflow", *name);
  if (!settings.quiet) facts.write(*context.picking_writer(Shape::object));
  for (const std::string& line : told) context.say(line);
  return 0;
}

}  // namespace

CommandSpec init_command() {
  CommandSpec spec;
  spec.words = {"init"};
  spec.summary = "make the database";
  spec.details =
      "It gets the built-in process, and whoever runs this as its first user. The time zone is the one of "
      "TZ, else the system's, else "
      "UTC; all times without an offset are in it.\n\nThe process is 'default', or another that --template "
      "names:\n";
  std::vector<std::string> templates;
  for (const ProcessTemplate& one : process_templates()) {
    spec.details += "\n  " + one.name + ": " + one.description;
    templates.push_back(one.name);
  }
  spec.details +=
      "\n\nTime zone, currency and country are then the template's, unless they are given. People whom it "
      "names are "
      "made as users who are not active. 'crm workflow show' prints it, to be changed and applied.";
  spec.examples = {
      {"crm init", "at $XDG_DATA_HOME/crm/crm.db"},
      {"crm init --db ./team.db --timezone Asia/Shanghai --currency CNY", "elsewhere, with everything said"},
      {"crm init --template inbound-software", "with the process of one of the examples"}};
  spec.options = {
      {.name = "template",
       .help = "the process to begin with",
       .value = "NAME",
       .type = ValueType::choice,
       .choices = templates,
       .completion = Completion::choices},
      {.name = "timezone", .help = "IANA name of the time zone", .value = "ZONE", .type = ValueType::text},
      {.name = "currency",
       .help = "ISO 4217 code of amounts that name none; default CNY",
       .value = "CODE",
       .type = ValueType::text},
      {.name = "country",
       .help = "ISO 3166 code, for phone numbers and dates; default CN",
       .value = "CC",
       .type = ValueType::text},
      {.name = "sandbox", .help = "for trials: it sends nothing to anybody"},
  };
  spec.needs = Needs::writing;
  spec.run = run_init;
  return spec;
}

}  // namespace crm::cmd
