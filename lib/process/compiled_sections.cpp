#include "process/compiled_sections.h"

#include <nlohmann/json.hpp>

#include "crm/error.h"

namespace crm {
namespace {

using Json = nlohmann::json;

template <typename Item>
void read_optional(const Json& json, const char* key, std::optional<Item>& item) {
  if (const auto found = json.find(key); found != json.end()) item = found->get<Item>();
}

template <typename Item>
void write_optional(Json& json, const char* key, const std::optional<Item>& item) {
  if (item) json[key] = *item;
}

Json to_json(const DayRange& range) {
  return {format_date(range.first), format_date(range.last)};
}

DayRange day_range(const Json& json) {
  const auto first = parse_iso_date(json.at(0).get<std::string>());
  const auto last = parse_iso_date(json.at(1).get<std::string>());
  if (!first || !last) throw Error(ErrorCode::failed, "no date");
  return {*first, *last};
}

Json to_json(const BusinessCalendar& calendar) {
  Json hours = Json::array();
  for (const auto& day : calendar.hours) {
    Json& spans = hours.emplace_back(Json::array());
    for (const OpenHours& span : day) spans.push_back({span.from.count(), span.to.count()});
  }
  Json holidays = Json::array(), workdays = Json::array();
  for (const DayRange& range : calendar.holidays) holidays.push_back(to_json(range));
  for (const DayRange& range : calendar.workdays) workdays.push_back(to_json(range));
  return {{"hours", hours}, {"holidays", holidays}, {"workdays", workdays}};
}

BusinessCalendar calendar_from(const Json& json) {
  BusinessCalendar calendar;
  for (std::size_t day = 0; day < calendar.hours.size(); ++day) {
    for (const Json& span : json.at("hours").at(day)) {
      calendar.hours[day].push_back(
          {std::chrono::minutes(span.at(0).get<int>()), std::chrono::minutes(span.at(1).get<int>())});
    }
  }
  for (const Json& range : json.at("holidays")) calendar.holidays.push_back(day_range(range));
  for (const Json& range : json.at("workdays")) calendar.workdays.push_back(day_range(range));
  return calendar;
}

Json to_json(const AssignmentRow& row) {
  Json json = {{"when", row.when},       {"to", row.to},     {"by", row.by},
               {"weights", row.weights}, {"same", row.same}, {"else_next", row.else_next},
               {"line", row.line}};
  write_optional(json, "cap", row.cap);
  write_optional(json, "per_day", row.per_day);
  return json;
}

AssignmentRow assignment_from(const Json& json) {
  AssignmentRow row;
  json.at("when").get_to(row.when);
  json.at("to").get_to(row.to);
  json.at("by").get_to(row.by);
  json.at("weights").get_to(row.weights);
  json.at("same").get_to(row.same);
  json.at("else_next").get_to(row.else_next);
  json.at("line").get_to(row.line);
  read_optional(json, "cap", row.cap);
  read_optional(json, "per_day", row.per_day);
  return row;
}

Json to_json(const ScoreRow& row) {
  return {{"when", row.when}, {"points", row.points}, {"line", row.line}};
}

ScoreRow score_from(const Json& json) {
  return {json.at("when").get<std::string>(), json.at("points").get<int>(), json.at("line").get<int>()};
}

Json to_json(const LevelRow& row) {
  return {{"when", row.when}, {"level", row.level}, {"reason", row.reason}, {"line", row.line}};
}

LevelRow level_from(const Json& json) {
  return {json.at("when").get<std::string>(), json.at("level").get<std::string>(),
          json.at("reason").get<std::string>(), json.at("line").get<int>()};
}

Json to_json(const PoolRules& pool) {
  Json json = {{"template", pool.warn_template}, {"recycle", Json::array()}};
  write_optional(json, "claims_per_day", pool.claims_per_day);
  write_optional(json, "hold", pool.hold);
  write_optional(json, "cooling_off_days", pool.cooling_off_days);
  for (const RecycleRow& row : pool.recycle) {
    json["recycle"].push_back(
        {{"when", row.when}, {"after", row.after_days}, {"warn", row.warn_days}, {"line", row.line}});
  }
  return json;
}

PoolRules pool_from(const Json& json) {
  PoolRules pool;
  json.at("template").get_to(pool.warn_template);
  read_optional(json, "claims_per_day", pool.claims_per_day);
  read_optional(json, "hold", pool.hold);
  read_optional(json, "cooling_off_days", pool.cooling_off_days);
  for (const Json& row : json.at("recycle")) {
    pool.recycle.push_back({row.at("when").get<std::string>(), row.at("after").get<int>(),
                            row.at("warn").get<int>(), row.at("line").get<int>()});
  }
  return pool;
}

Json to_json(const Role& role) {
  return {{"name", role.name}, {"see", role.see},       {"edit", role.edit},
          {"as", role.act_as}, {"reveal", role.reveal}, {"reveal_all", role.reveal_all}};
}

Role role_from(const Json& json) {
  Role role;
  json.at("name").get_to(role.name);
  json.at("see").get_to(role.see);
  json.at("edit").get_to(role.edit);
  json.at("as").get_to(role.act_as);
  json.at("reveal").get_to(role.reveal);
  json.at("reveal_all").get_to(role.reveal_all);
  return role;
}

Json to_json(const DedupeRules& rules) {
  Json json = {{"same", rules.same}, {"similar", Json::array()}};
  for (const SimilarField& one : rules.similar) json["similar"].push_back({one.field, one.threshold});
  if (rules.threshold) json["threshold"] = *rules.threshold;
  return json;
}

DedupeRules dedupe_from(const Json& json) {
  DedupeRules rules;
  json.at("same").get_to(rules.same);
  for (const Json& one : json.at("similar")) {
    rules.similar.push_back({one.at(0).get<std::string>(), one.at(1).get<double>()});
  }
  if (json.contains("threshold")) rules.threshold = json.at("threshold").get<double>();
  return rules;
}

// Under the kind's name, in `json[key]`; nothing where no kind has any.
template <typename Item>
void write_tables(Json& json, const char* key, const ByKind<std::vector<Item>>& tables) {
  for (const Entity& kind : entities()) {
    for (const Item& item : tables[slot(kind.kind)])
      json[key][std::string(kind.name)].push_back(to_json(item));
  }
}

template <typename Item>
void write_tables(Json& json, const char* key, const ByKind<std::optional<Item>>& tables) {
  for (const Entity& kind : entities()) {
    if (const auto& item = tables[slot(kind.kind)]) json[key][std::string(kind.name)] = to_json(*item);
  }
}

template <typename Visit>
void each_kind(const Json& json, const char* key, Visit visit) {
  const auto found = json.find(key);
  if (found == json.end()) return;
  for (const auto& [name, value] : found->items()) {
    const Entity* kind = find_entity(name);
    if (kind == nullptr) throw Error(ErrorCode::failed, "a kind that this version does not have");
    visit(slot(kind->kind), value);
  }
}

template <typename Item, typename FromJson>
void read_tables(const Json& json, const char* key, ByKind<std::vector<Item>>& tables, FromJson from_json) {
  each_kind(json, key, [&](std::size_t kind, const Json& items) {
    for (const Json& item : items) tables[kind].push_back(from_json(item));
  });
}

template <typename Item, typename FromJson>
void read_tables(const Json& json, const char* key, ByKind<std::optional<Item>>& tables, FromJson from_json) {
  each_kind(json, key, [&](std::size_t kind, const Json& item) { tables[kind] = from_json(item); });
}

}  // namespace

void write_sections(const Process& process, Json& json) {
  json["calendar"] = to_json(process.calendar);
  json["history_days"] = process.history_days;
  write_tables(json, "assign", process.assignments);
  write_tables(json, "score", process.scores);
  write_tables(json, "level", process.levels);
  write_tables(json, "pool", process.pools);
  write_tables(json, "dedupe", process.dedupe);
  for (const Role& role : process.roles) json["roles"].push_back(to_json(role));
}

void read_sections(const Json& json, Process& process) {
  if (const auto found = json.find("calendar"); found != json.end()) process.calendar = calendar_from(*found);
  if (const auto found = json.find("history_days"); found != json.end()) found->get_to(process.history_days);
  read_tables(json, "assign", process.assignments, assignment_from);
  read_tables(json, "score", process.scores, score_from);
  read_tables(json, "level", process.levels, level_from);
  read_tables(json, "pool", process.pools, pool_from);
  read_tables(json, "dedupe", process.dedupe, dedupe_from);
  if (const auto found = json.find("roles"); found != json.end()) {
    for (const Json& role : *found) process.roles.push_back(role_from(role));
  }
}

}  // namespace crm
