#include <crm/error.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "commands/registry.h"
#include "manual/help.h"
#include "manual/man_page.h"

using namespace crm::cmd;
using Words = std::vector<std::string>;

TEST_CASE("every command says what it is, with an example that begins with it") {
  for (const CommandSpec& spec : all_commands()) {
    CAPTURE(spec.path());
    CHECK_FALSE(spec.summary.empty());
    CHECK(spec.summary.back() != '.');
    CHECK((spec.run != nullptr));
    REQUIRE_FALSE(spec.examples.empty());
    bool shown = false;
    for (const Example& example : spec.examples) {
      CHECK_FALSE(example.meaning.empty());
      shown = shown || example.command.find("crm " + spec.path()) != std::string::npos;
    }
    CHECK(shown);
    const std::string help = command_help(spec);
    CHECK(help.find("EXAMPLES") < help.find("USAGE"));
    for (const ArgumentSpec& argument : spec.arguments) CHECK_FALSE(argument.help.empty());
  }
}

TEST_CASE("help and manual show every form of a mapping file, lines as they stand") {
  const auto import = find_command(Words{"import"});
  REQUIRE(import);
  const std::string help = command_help(*import->spec);
  const std::string page = man_page("crm-import", {});
  for (const char* form : {"FIELD", "else:", "join:", "over:", "known:", "custom:", "name:", "time:",
                           "stage-change:", "done:", "leave-out:", "unknown", "ignore"}) {
    CAPTURE(form);
    CHECK(help.find(form) != std::string::npos);
  }
  CHECK(help.find("\n  columns:\n    Company: name\n") != std::string::npos);
  CHECK(page.find(".EX\n  columns:\n    Company: name\n") != std::string::npos);
  CHECK(page.find("  system: oldcrm ") != std::string::npos);
  CHECK(page.find(".SH NAME\ncrm\\-import \\- " + import->spec->summary) != std::string::npos);
}

TEST_CASE("every option has a help text, a value name where it takes one, and a name of its own") {
  for (const CommandSpec& spec : all_commands()) {
    std::set<std::string> names;
    std::set<char> letters;
    for (const auto* list : {&spec.options, &global_options()}) {
      for (const OptionSpec& option : *list) {
        // A command may have one of its own in place of a global one.
        if (list != &spec.options && find_option(spec, option.name) != &option) continue;
        CAPTURE(spec.path());
        CAPTURE(option.name);
        CHECK_FALSE(option.help.empty());
        CHECK(option.value.empty() == (option.type == ValueType::none));
        CHECK((option.type == ValueType::choice) <= !option.choices.empty());
        CHECK(names.insert(option.name).second);
        if (option.letter != 0) CHECK(letters.insert(option.letter).second);
      }
    }
  }
}

TEST_CASE("only the last argument is repeated, and no required one follows an optional one") {
  for (const CommandSpec& spec : all_commands()) {
    CAPTURE(spec.path());
    for (std::size_t i = 0; i + 1 < spec.arguments.size(); ++i) {
      CHECK_FALSE(spec.arguments[i].repeated);
      CHECK((spec.arguments[i].required || !spec.arguments[i + 1].required));
    }
  }
}

TEST_CASE("every command is found by its words, and has a manual page") {
  const Words pages = man_pages();
  for (const CommandSpec& spec : all_commands()) {
    CAPTURE(spec.path());
    const auto found = find_command(spec.words);
    REQUIRE(found);
    CHECK(found->spec->path() == spec.path());
    CHECK(found->words_used == spec.words.size());
    CHECK(std::count(pages.begin(), pages.end(), "crm-" + spec.words.front()) == 1);
    CHECK(man_page("crm-" + spec.words.front(), {}).find(".SH SYNOPSIS") != std::string::npos);
  }
}

TEST_CASE("kinds go by their aliases") {
  CHECK(find_command(Words{"fu", "list"})->spec->path() == "followup list");
  CHECK(find_command(Words{"account", "show", "7"})->spec->path() == "customer show");
}

TEST_CASE("unknown commands get the nearest one") {
  const auto fault = [](const Words& words) {
    const crm::Error error = unknown_command(words);
    return error.message() + "; " + error.hint();
  };
  CHECK(fault({"lead", "lst"}) == "unknown command 'lead lst'; did you mean 'lead list'?");
  CHECK(fault({"leed", "list"}) == "unknown command 'leed'; did you mean 'lead'?");
  CHECK(fault({"stauts"}) == "unknown command 'stauts'; did you mean 'status'?");
  CHECK(fault({"qqqqqqqq"}) == "unknown command 'qqqqqqqq'; 'crm help' lists all commands");
  CHECK(fault({"team"}).find("'crm team' needs a verb; one of 'add', 'list'") == 0);
}

TEST_CASE("the command tree is one JSON document") {
  const auto tree = nlohmann::json::parse(help_as_json());
  CHECK(tree["program"] == "crm");
  CHECK(tree["commands"].size() == all_commands().size());
  CHECK(tree["global_options"].size() == global_options().size());
  for (const auto& command : tree["commands"]) {
    CHECK(command["examples"].size() > 0);
    CHECK(command["usage"].get<std::string>().starts_with("crm " + command["command"].get<std::string>()));
  }
}
