// Holds schemas/workflow.schema.json against what the reader knows: a key or word that one has and the other
// has not fails.
#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "base/embedded.h"
#include "crm/kind.h"
#include "workflow/definition.h"
#include "workflow/keys.h"

namespace {

using Json = nlohmann::json;
using Names = std::set<std::string>;

Json schema() {
  for (const crm::EmbeddedFile& file : crm::embedded_files()) {
    if (file.name == "workflow.schema.json") return Json::parse(file.text);
  }
  FAIL("the schema is not embedded");
  return {};
}

const Json& definition(const Json& root, const crm::MapKeys& keys) {
  return keys.definition.empty() ? root : root.at("$defs").at(std::string(keys.definition));
}

Names keys_of(const Json& object) {
  Names names;
  for (const auto& [key, value] : object.items()) names.insert(key);
  return names;
}

Names to_names(std::span<const std::string_view> words) {
  return {words.begin(), words.end()};
}

Names kinds(bool (*wanted)(const crm::Entity&)) {
  Names names;
  for (const crm::Entity& one : crm::entities()) {
    if (wanted(one)) names.emplace(one.name);
  }
  return names;
}

bool takes(const std::string& yaml) {
  std::vector<crm::Problem> problems;
  return crm::read_definition(yaml, "a.yaml", problems) != nullptr;
}

}  // namespace

TEST_CASE("the schema and the reader know the same keys") {
  const Json root = schema();
  Names definitions = {"labelText"};  // a label or a text: no map of its own
  for (const crm::MapKeys& keys : crm::workflow_keys::kAll) {
    CAPTURE(std::string(keys.definition));
    const Json& object = definition(root, keys);
    CHECK(keys_of(object.at("properties")) == to_names(keys.known));
    CHECK(object.at("additionalProperties") == false);
    for (const auto later : keys.later) CHECK_FALSE(object.at("properties").contains(std::string(later)));
    if (!keys.definition.empty()) definitions.emplace(keys.definition);
  }
  CHECK(keys_of(root.at("$defs")) == definitions);
}

TEST_CASE("the schema and the reader know the same words and kinds") {
  const Json root = schema();
  const Json& properties = root.at("properties");
  const auto words = [&](const char* map, const char* key) {
    const auto list =
        root.at("$defs").at(map).at("properties").at(key).at("enum").get<std::vector<std::string>>();
    return Names(list.begin(), list.end());
  };
  CHECK(words("field", "type") == to_names(crm::workflow_keys::kFieldTypes));
  CHECK(words("stage", "outcome") == to_names(crm::workflow_keys::kOutcomes));
  const Names with_fields = kinds([](const crm::Entity& one) {
    return one.kind != crm::Kind::stage_change && one.kind != crm::Kind::consent;
  });
  CHECK(words("rule", "backlog") == to_names(crm::workflow_keys::kBacklogs));
  CHECK(words("fastTrack", "reason") == to_names(crm::workflow_keys::kReasons));
  CHECK(words("rule", "for") == with_fields);
  CHECK(keys_of(properties.at("sla").at("properties")) ==
        kinds([](const crm::Entity& one) { return one.has_stages; }));
  CHECK(keys_of(properties.at("fields").at("properties")) == with_fields);
  CHECK(words("field", "to") == with_fields);
  CHECK(keys_of(properties.at("validate").at("properties")) ==
        kinds([](const crm::Entity&) { return true; }));
  CHECK(keys_of(properties.at("stages").at("properties")) ==
        kinds([](const crm::Entity& one) { return one.has_stages; }));
  CHECK(words("reminder", "for") == kinds([](const crm::Entity& one) {
          return std::any_of(one.fields.begin(), one.fields.end(),
                             [](const crm::Field& field) { return field.name == "owner"; });
        }));
}

TEST_CASE("every key is described with its type") {
  const Json root = schema();
  for (const crm::MapKeys& keys : crm::workflow_keys::kAll) {
    for (const auto& entry : definition(root, keys).at("properties").items()) {
      const Json& value = entry.value();
      const Json& described = value.contains("$ref")
                                  ? root.at(Json::json_pointer(value.at("$ref").get<std::string>().substr(1)))
                                  : value;
      CAPTURE(entry.key());
      CHECK_FALSE(described.at("description").get<std::string>().empty());
      CHECK((described.contains("type") || described.contains("enum") || described.contains("anyOf")));
    }
  }
}

TEST_CASE("what the schema requires the reader requires") {
  const Json root = schema();
  CHECK(root.at("required") == Json({"workflow"}));
  CHECK(takes("workflow: a\nfields: {lead: {a: {type: text}}}\n"));
  CHECK(takes("workflow: a\nstages: {lead: [{name: a}]}\n"));
  CHECK(takes("workflow: a\nvalidate: {lead: [{check: amount > 0, message: m}]}\n"));
  const std::string reminder =
      "workflow: a\ntemplates: {t: {subject: s, body: b}}\nreminders: [{name: r, for: lead, "
      "when: amount > 0, every: 15m, template: t}]\n";
  CHECK(takes(reminder));
  const auto required = root.at("$defs").at("reminder").at("required").get<std::vector<std::string>>();
  CHECK(Names(required.begin(), required.end()) == Names{"name", "for", "when", "every", "template"});
}
