#include "exchange/mapping_rules.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "base/text.h"
#include "entity/heading.h"
#include "exchange/byte_source.h"
#include "modules/yaml.h"
#include "workflow/faults.h"

namespace crm {
namespace {

constexpr std::string_view kTargetForms =
    "it takes FIELD, custom:FIELD, stage-change:STAGE, name:family, name:given, else:FIELD, join:FIELD, "
    "over:FIELD, commas:FIELD, known:FIELD, id:FIELD, time:FIELD, primary:FIELD, done:VALUE, "
    "leave-out:VALUE, unknown or ignore";
constexpr std::string_view kUnknown = "unknown";

struct TargetForm {
  std::string_view form;
  MappedTarget::Means means;
};
constexpr std::array kForms = {
    TargetForm{"custom", MappedTarget::Means::custom_field},
    TargetForm{"stage-change", MappedTarget::Means::stage_change},
    TargetForm{"else", MappedTarget::Means::fallback},
    TargetForm{"join", MappedTarget::Means::joined},
    TargetForm{"over", MappedTarget::Means::over},
    TargetForm{"commas", MappedTarget::Means::commas},
    TargetForm{"known", MappedTarget::Means::known},
    TargetForm{"id", MappedTarget::Means::referred},
    TargetForm{"time", MappedTarget::Means::time_of_day},
    TargetForm{"primary", MappedTarget::Means::primary},
    TargetForm{"done", MappedTarget::Means::done},
    TargetForm{"leave-out", MappedTarget::Means::leave_out},
};

MappedTarget read_target(std::string_view text) {
  text = trimmed(text);
  if (text.empty() || text == "ignore") return {MappedTarget::Means::nothing, {}};
  if (text == kUnknown) return {MappedTarget::Means::nothing, std::string(kUnknown)};
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {MappedTarget::Means::field, std::string(text)};
  const std::string_view form = trimmed(text.substr(0, colon));
  const std::string name(trimmed(text.substr(colon + 1)));
  const bool part = name == "family" || name == "given" || name == "middle";
  if (form == "name" && part) return {MappedTarget::Means::name_part, name};
  const auto known =
      std::find_if(kForms.begin(), kForms.end(), [&](const TargetForm& one) { return one.form == form; });
  if (known != kForms.end() && !name.empty()) return {known->means, name};
  throw Error(ErrorCode::usage, crm::quoted(text) + " is nothing that a column can fill",
              std::string(kTargetForms));
}

}  // namespace

std::string read_whole_file(const std::string& path) {
  constexpr std::size_t kMost = (std::size_t{1} << 20) + 1;  // the YAML reader refuses more than 1 MiB
  const auto bytes = open_bytes(path);
  std::string text;
  std::array<char, 4096> block{};
  while (text.size() < kMost) {
    const std::size_t size = bytes->read(block.data(), block.size());
    if (size == 0) break;
    text.append(block.data(), size);
  }
  return text;
}

namespace {

class MappingFile {
 public:
  MappingFile(std::string_view text, const std::string& path, std::vector<Problem>& problems,
              MappingRules& rules)
      : faults_(text, path, problems), rules_(rules) {}

  void read(const Node& root) {
    if (root.kind != Node::Kind::map) {
      faults_.add(root, "a mapping file is a map", "it has columns, values and set");
      return;
    }
    const bool sections =
        root.find("columns") != nullptr || root.find("values") != nullptr || root.find("set") != nullptr;
    for (const NodeEntry& entry : root.entries) {
      if (!sections) {  // a plain list of columns
        read_column(entry);
      } else if (entry.key.text == "columns") {
        each_entry(entry.value, [&](const NodeEntry& column) { read_column(column); });
      } else if (entry.key.text == "values") {
        each_entry(entry.value, [&](const NodeEntry& field) { read_values(field); });
      } else if (entry.key.text == "set") {
        each_entry(entry.value, [&](const NodeEntry& field) {
          rules_.set.push_back({field.key.text, field.value.text});
        });
      } else {
        faults_.add(entry.key, "unknown key " + crm::quoted(entry.key.text),
                    nearest_hint(entry.key.text, {"columns", "values", "set"}));
      }
    }
  }

 private:
  template <typename Visitor>
  void each_entry(const Node& map, Visitor visit) {
    if (map.kind == Node::Kind::map) {
      for (const NodeEntry& entry : map.entries) visit(entry);
    } else if (map.kind != Node::Kind::null) {
      faults_.add(map, "this must be a map");
    }
  }

  void read_column(const NodeEntry& entry) {
    MappedColumn column{entry.key.text, {}, true};
    if (entry.value.kind == Node::Kind::list) {
      for (const Node& item : entry.value.items) add_target(item, column);
    } else {
      add_target(entry.value, column);
    }
    rules_.columns.push_back(std::move(column));
  }

  void add_target(const Node& node, MappedColumn& column) {
    if (node.kind == Node::Kind::map && node.entries.size() == 1 &&
        node.entries[0].value.kind == Node::Kind::scalar) {
      add_target(node.entries[0].key.text + ":" + node.entries[0].value.text, node, column);
    } else if (node.kind == Node::Kind::scalar || node.kind == Node::Kind::null) {
      add_target(node.text, node, column);
    } else {
      faults_.add(node, "a column cannot fill this", std::string(kTargetForms));
    }
  }

  void add_target(std::string_view text, const Node& node, MappedColumn& column) {
    try {
      column.targets.push_back(read_target(text));
    } catch (const Error& error) {
      faults_.add(node, error.message(), error.hint());
    }
  }

  void read_values(const NodeEntry& field) {
    each_entry(field.value, [&](const NodeEntry& value) {
      rules_.values.push_back({field.key.text, value.key.text, value.value.text, true});
    });
  }

  Faults faults_;
  MappingRules& rules_;
};

void read_mapping_file(const std::string& path, MappingRules& rules) {
  const std::string text = read_whole_file(path);
  std::vector<Problem> problems;
  if (const std::optional<Node> root = read_yaml(text, path, problems))
    read_mapping_tree(*root, text, path, problems, rules);
  if (problems.empty()) return;
  throw Error(ErrorCode::invalid, "the mapping file " + crm::quoted(path) + " has faults")
      .with_problems(std::move(problems));
}

// "close_date=closed_at,stage-change:stage". A file's name may hold a '=' too.
void read_map_option(const std::string& text, MappingRules& rules) {
  const std::size_t equals = text.rfind('=');
  std::error_code ignored;
  if (equals == std::string::npos || equals == 0 || std::filesystem::exists(text, ignored))
    return read_mapping_file(text, rules);
  MappedColumn column{text.substr(0, equals), {}, true};
  std::string_view rest = std::string_view(text).substr(equals + 1);
  for (;;) {
    const std::size_t comma = rest.find(',');
    column.targets.push_back(read_target(rest.substr(0, comma)));
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  rules.columns.push_back(std::move(column));
}

MappedValue read_value_option(const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::size_t equals = text.rfind('=');
  if (colon == std::string::npos || colon == 0 || equals == std::string::npos || equals < colon) {
    throw Error(ErrorCode::usage, "--map-value cannot be " + crm::quoted(text), "it takes FIELD:FROM=TO");
  }
  return {text.substr(0, colon), text.substr(colon + 1, equals - colon - 1), text.substr(equals + 1), true};
}

FieldText read_set_option(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw Error(ErrorCode::usage, "--set cannot be " + crm::quoted(text), "it takes FIELD=VALUE");
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

// "phone#value" of "phone12value".
std::string with_number_signs(std::string_view key) {
  std::string text;
  for (const char c : key) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit) text += c;
    if (digit && !text.ends_with('#')) text += '#';
  }
  return text;
}

}  // namespace

void read_mapping_tree(const Node& root, std::string_view text, const std::string& file,
                       std::vector<Problem>& problems, MappingRules& rules) {
  MappingFile(text, file, problems, rules).read(root);
}

const MappedColumn* MappingRules::find(std::string_view heading) const {
  const std::string key = heading_key(heading);
  const auto found = std::find_if(columns.rbegin(), columns.rend(), [&](const MappedColumn& column) {
    return column.heading == heading || (!key.empty() && heading_key(column.heading) == key);
  });
  if (found != columns.rend()) return &*found;
  const std::string numbered = with_number_signs(key);
  if (numbered == key) return nullptr;
  const auto like = std::find_if(columns.rbegin(), columns.rend(), [&](const MappedColumn& column) {
    return column.heading.find('#') != std::string::npos && heading_key(column.heading) == numbered;
  });
  return like == columns.rend() ? nullptr : &*like;
}

MappingRules read_mapping_rules(const ImportOptions& options) {
  MappingRules rules;
  for (const std::string& map : options.maps) read_map_option(map, rules);
  for (const std::string& value : options.map_values) rules.values.push_back(read_value_option(value));
  for (const std::string& set : options.set) rules.set.push_back(read_set_option(set));
  return rules;
}

}  // namespace crm
