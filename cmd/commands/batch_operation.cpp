#include "commands/batch_operation.h"

#include <crm/error.h>
#include <crm/text.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <map>
#include <utility>

#include "commands/add_checked.h"
#include "commands/exact_json.h"
#include "commands/registry.h"

namespace crm::cmd {
namespace {

constexpr std::array<std::string_view, 6> kOperations{"add", "edit", "delete", "restore", "tag", "untag"};

Error malformed(const std::string& line, const std::string& place, const std::string& hint) {
  return {ErrorCode::invalid, place + ": not an operation: " + crm::quoted(line),
          hint.empty() ? "write {\"cmd\": [\"lead\", \"add\", …]} or {\"op\": \"add\", \"kind\": \"lead\", "
                         "\"fields\": {…}}"
                       : hint};
}

bool is_command(Kind kind, const std::string& verb) {
  static std::map<std::pair<Kind, std::string>, bool> known;
  const auto [found, is_new] = known.try_emplace({kind, verb}, false);
  if (is_new) {
    const std::string words[] = {std::string(entity(kind).name), verb};
    const auto command = find_command(words);
    found->second = command && command->words_used == std::size(words);
  }
  return found->second;
}

class OperationReader {
 public:
  OperationReader(const std::string& line, const std::string& place, const BatchResults& results)
      : line_(line), place_(place), results_(results) {}

  BatchOperation read() {
    std::optional<ExactJson> object = parse_exactly(line_);
    if (!object || !object->is_object()) throw malformed(line_, place_, {});
    for (auto& member : object->items()) take(member.key(), member.value());
    const bool command = !operation_.command.empty();
    if (command ? object->size() != 1 : operation_.op.empty() || operation_.kind == nullptr)
      throw malformed(line_, place_, {});
    if (!command && (operation_.op == "add") != operation_.record.empty()) {
      throw malformed(line_, place_,
                      operation_.op == "add" ? "a new record has no id yet" : "say which with \"id\"");
    }
    // What no command does to a kind, such as to a consent, no operation does.
    if (!command && !is_command(operation_.kind->kind, operation_.op)) {
      throw malformed(line_, place_,
                      "there is no 'crm " + std::string(operation_.kind->name) + ' ' + operation_.op + "'");
    }
    return std::move(operation_);
  }

 private:
  void take(const std::string& key, ExactJson& value) {
    if (key == "cmd") {
      operation_.command = texts(value);
    } else if (key == "op") {
      operation_.op = text(value);
      if (std::find(kOperations.begin(), kOperations.end(), operation_.op) == kOperations.end()) {
        throw malformed(line_, place_, "\"op\" is add, edit, delete, restore, tag or untag");
      }
    } else if (key == "kind") {
      const std::string name = text(value);
      operation_.kind = find_entity(name);
      if (operation_.kind == nullptr) throw malformed(line_, place_, "there is no kind " + crm::quoted(name));
    } else if (key == "id") {
      operation_.record = text(value);
    } else if (key == "tags") {
      operation_.tags = texts(value);
    } else if (key == "allow_duplicate" && value.is_boolean()) {
      operation_.allow_duplicate = value.get<bool>();
    } else if (key == "fields" && value.is_object()) {
      for (auto& field : value.items()) operation_.fields.push_back({field.key(), joined(field.value())});
    } else {
      throw malformed(line_, place_, "it takes no " + crm::quoted(key) + " like this");
    }
  }

  // The value gives its text away.
  std::string text(ExactJson& value) {
    std::optional<std::string> plain =
        value.is_string() ? std::optional(std::move(value.get_ref<std::string&>())) : plain_text(value);
    if (!plain) throw malformed(line_, place_, {});
    try {
      return results_.resolved(std::move(*plain));
    } catch (const Error& error) {
      throw Error(error.code(), place_ + ": " + error.message(), error.hint());
    }
  }

  std::vector<std::string> texts(ExactJson& value) {
    if (!value.is_array() || value.empty()) throw malformed(line_, place_, {});
    std::vector<std::string> all;
    all.reserve(value.size());
    for (ExactJson& item : value) {
      if (!item.is_string()) throw malformed(line_, place_, {});
      all.push_back(text(item));
    }
    return all;
  }

  // The items of a list are joined by ';', as --tags takes them.
  std::string joined(ExactJson& value) {
    if (!value.is_array()) return text(value);
    std::string all;
    for (ExactJson& item : value) all += (all.empty() ? "" : ";") + text(item);
    return all;
  }

  const std::string& line_;
  const std::string& place_;
  const BatchResults& results_;
  BatchOperation operation_;
};

}  // namespace

void BatchResults::add(std::string_view json) {
  // The id stands first in a record.
  std::int64_t id = 0;
  if (const std::size_t at = json.find("\"id\":"); json.starts_with('{') && at != std::string_view::npos) {
    std::size_t begin = at + 5;
    while (begin < json.size() && json[begin] == ' ') ++begin;
    std::from_chars(json.data() + begin, json.data() + json.size(), id);
  }
  ids_.push_back(id);
  recent_.emplace_back(json);
  if (recent_.size() > kRemembered) recent_.pop_front();
}

std::string BatchResults::resolved(std::string text) const {
  const std::size_t slash = text.find('/');
  const bool of_kind =
      slash != std::string::npos && find_entity(std::string_view(text).substr(0, slash)) != nullptr;
  const std::string_view reference = std::string_view(text).substr(of_kind ? slash + 1 : 0);
  if (!reference.starts_with('$')) return text;
  std::size_t line = 0;
  const auto [end, error] = std::from_chars(reference.data() + 1, reference.data() + reference.size(), line);
  const std::string_view rest(end, static_cast<std::size_t>(reference.data() + reference.size() - end));
  if (error != std::errc() || rest.size() < 2 || rest[0] != '.' ||
      rest.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789", 1) != std::string_view::npos)
    return text;
  const std::string before = of_kind ? text.substr(0, slash + 1) : std::string();
  const std::string name(rest.substr(1));
  if (line == 0 || line > ids_.size())
    throw Error(ErrorCode::invalid, crm::quoted(text) + " names a line that has not come yet",
                "refer to earlier lines, from 1");
  if (name == "id" && ids_[line - 1] != 0) return before + std::to_string(ids_[line - 1]);
  const std::size_t forgotten = ids_.size() - recent_.size();
  if (line > forgotten) {
    const std::optional<ExactJson> result = parse_exactly(recent_[line - 1 - forgotten]);
    if (result && result->is_object() && result->contains(name)) {
      if (const auto value = plain_text((*result)[name])) return before + *value;
    }
  }
  throw Error(ErrorCode::invalid,
              crm::quoted(text) + ": line " + std::to_string(line) + " has no " + crm::quoted(name),
              "it failed, or its result is no record");
}

std::vector<std::string> words_of(const BatchOperation& operation) {
  std::vector<std::string> words = {std::string(operation.kind->name), operation.op};
  if (!operation.record.empty()) words.push_back(operation.record);
  for (const FieldText& field : operation.fields) {
    words.emplace_back("--field");
    words.push_back(field.field + '=' + field.text);
  }
  for (const std::string& tag : operation.tags) words.push_back('+' + tag);
  if (operation.op == "delete") words.emplace_back("--yes");
  if (operation.allow_duplicate && is_compared(operation.kind->kind)) words.emplace_back("--allow-duplicate");
  return words;
}

BatchOperation read_operation(const std::string& line, const std::string& place,
                              const BatchResults& results) {
  return OperationReader(line, place, results).read();
}

}  // namespace crm::cmd
