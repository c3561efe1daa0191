#include "crm/settings.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>

#include "modules/yaml.h"

namespace crm {
namespace {

// Nothing where there is no such file: the yaml module is then not loaded.
std::optional<std::string> text_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    throw Error(ErrorCode::io, "cannot read '" + path + "': " + std::strerror(errno));
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

std::vector<Setting> read_settings(const std::string& path) {
  const std::optional<std::string> text = text_of_file(path);
  if (!text) return {};
  std::vector<Problem> problems;
  const std::optional<Node> document = read_yaml(*text, path, problems);
  std::vector<Setting> settings;
  if (document && document->kind == Node::Kind::map) {
    for (const auto& [name, value] : document->entries) {
      if (value.kind == Node::Kind::scalar) {
        settings.push_back({name.text, value.text, {path, name.line, name.column}});
      } else if (value.kind != Node::Kind::null) {
        problems.push_back(
            {{path, value.line, value.column}, "'" + name.text + "' takes one plain value", {}, {}});
      }
    }
  } else if (document && document->kind != Node::Kind::null) {
    problems.push_back({{path, document->line, document->column}, "expected names with values", {}, {}});
  }
  if (!problems.empty()) {
    const std::string message =
        problems.size() == 1 ? problems.front().message : "the settings in '" + path + "' cannot be read";
    throw Error(ErrorCode::invalid, message).with_problems(std::move(problems));
  }
  return settings;
}

}  // namespace crm
