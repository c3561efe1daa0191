#include "crm/templates.h"

#include <algorithm>
#include <optional>

#include "base/embedded.h"
#include "base/text.h"
#include "crm/error.h"
#include "workflow/definition.h"

namespace crm {
namespace {

constexpr std::string_view kDefaultTemplate = "default";
constexpr std::string_view kTemplateFolder = "examples/";
constexpr std::string_view kTemplateFile = "/workflow.yaml";

// The name of the template that an embedded file is.
std::optional<std::string_view> template_name(const EmbeddedFile& file) {
  if (!file.name.starts_with(kTemplateFolder) || !file.name.ends_with(kTemplateFile)) return std::nullopt;
  return file.name.substr(kTemplateFolder.size(),
                          file.name.size() - kTemplateFolder.size() - kTemplateFile.size());
}

// Where a line of the top level begins that has that key, and where it ends; npos twice where there is none.
std::pair<std::size_t, std::size_t> line_of(std::string_view text, std::string_view key) {
  const std::string begin = '\n' + std::string(key) + ": ";
  const std::size_t at = text.find(begin);
  if (at == std::string_view::npos) return {at, at};
  return {at + 1, std::min(text.find('\n', at + 1), text.size())};
}

std::string description_of(std::string_view text) {
  constexpr std::string_view kKey = "description";
  const auto [begin, end] = line_of(text, kKey);
  if (begin == std::string_view::npos) return {};
  return std::string(trimmed(text.substr(begin + kKey.size() + 1, end - begin - kKey.size() - 1)));
}

}  // namespace

std::vector<ProcessTemplate> process_templates() {
  std::vector<ProcessTemplate> templates = {
      {std::string(kDefaultTemplate), description_of(default_workflow_text())}};
  for (const EmbeddedFile& file : embedded_files()) {
    if (const auto name = template_name(file))
      templates.push_back({std::string(*name), description_of(file.text)});
  }
  return templates;
}

std::string template_text(std::string_view name) {
  if (name == kDefaultTemplate) return default_workflow_text();
  std::vector<std::string> names = {std::string(kDefaultTemplate)};
  for (const EmbeddedFile& file : embedded_files()) {
    const auto found = template_name(file);
    if (!found) continue;
    if (*found == name) return std::string(file.text);
    names.emplace_back(*found);
  }
  const auto near = nearest(name, names);
  throw Error(ErrorCode::not_found, "there is no template " + quoted(name),
              near ? "did you mean " + quoted(*near) + "?" : "there are " + listed(names));
}

std::string with_setting(std::string text, std::string_view setting, std::string_view value) {
  const auto [begin, end] = line_of(text, setting);
  const std::string line = std::string(setting) + ": " + std::string(value);
  if (begin == std::string::npos) return line + '\n' + text;
  return text.replace(begin, end - begin, line);
}

}  // namespace crm
