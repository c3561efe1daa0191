#include "outbox/template.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "outbox/html_text.h"

namespace crm {
namespace {

using Part = Template::Part;
using PartKind = Template::PartKind;

constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";
constexpr std::size_t kMaxDepth = 16;

bool is_name(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  return !text.empty() && is_letter(text.front()) && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9');
  });
}

enum class TagKind : std::uint8_t { value, each, condition, otherwise, end_each, end_condition, unknown };

struct Tag {
  TagKind kind = TagKind::unknown;
  std::string_view name;  // of value, each and condition
};

Tag read_tag(std::string_view inside) {
  inside = trimmed(inside);
  if (inside == "else") return {TagKind::otherwise, {}};
  if (inside == "/each") return {TagKind::end_each, {}};
  if (inside == "/if") return {TagKind::end_condition, {}};
  for (const auto& [word, kind] : {std::pair(std::string_view("#each "), TagKind::each),
                                   std::pair(std::string_view("#if "), TagKind::condition)}) {
    if (!inside.starts_with(word)) continue;
    const std::string_view name = trimmed(inside.substr(word.size()));
    return {is_name(name) ? kind : TagKind::unknown, name};
  }
  return {is_name(inside) ? TagKind::value : TagKind::unknown, inside};
}

class TemplateParser {
 public:
  explicit TemplateParser(std::string_view text) : text_(text) {}

  std::optional<TemplateFault> run(std::vector<Part>& parts) {
    open_.push_back({nullptr, &parts});
    while (at_ < text_.size()) {
      const std::size_t tag = text_.find(kOpen, at_);
      if (tag == std::string_view::npos) break;
      if (auto fault = take_tag(tag)) return fault;
    }
    add_text(text_.size());
    if (open_.size() == 1) return std::nullopt;
    const Part& block = *open_.back().block;
    const bool each = block.kind == PartKind::each;
    return TemplateFault{block.offset, std::string(each ? "'{{#each" : "'{{#if") + "' is never closed",
                         each ? "end it with '{{/each}}'" : "end it with '{{/if}}'"};
  }

 private:
  struct Level {
    Part* block;               // null at the top
    std::vector<Part>* parts;  // where parts are added: of the block, or of its `otherwise`
  };

  std::optional<TemplateFault> take_tag(std::size_t begin) {
    const std::size_t close = text_.find(kClose, begin + kOpen.size());
    if (close == std::string_view::npos)
      return TemplateFault{begin, "'{{' is never closed", "end it with '}}'"};
    const std::string_view inside = text_.substr(begin + kOpen.size(), close - begin - kOpen.size());
    const std::size_t end = close + kClose.size();
    const Tag tag = read_tag(inside);
    if (tag.kind == TagKind::unknown) {
      return TemplateFault{
          begin, quoted("{{" + std::string(inside) + "}}") + " is no part of a template",
          "write {{name}}, {{#each rows}} … {{/each}}, or {{#if name}} … {{else}} … {{/if}}"};
    }
    if (tag.kind == TagKind::value) {
      add_text(begin);
      open_.back().parts->push_back({PartKind::value, std::string(tag.name), begin, {}, {}});
      at_ = end;
      return std::nullopt;
    }
    take_lines_around(begin, end);
    return take_block_tag(tag, begin);
  }

  // The text before the tag and, where the tag stands alone on its line, without that line.
  void take_lines_around(std::size_t begin, std::size_t end) {
    std::size_t line_begin = begin;
    while (line_begin > at_ && (text_[line_begin - 1] == ' ' || text_[line_begin - 1] == '\t')) --line_begin;
    const bool first_on_line = line_begin == 0 || text_[line_begin - 1] == '\n';
    const std::size_t line_end = text_.find_first_not_of(" \t\r", end);
    const bool last_on_line = line_end == std::string_view::npos || text_[line_end] == '\n';
    const bool alone = first_on_line && last_on_line;
    add_text(alone ? line_begin : begin);
    at_ = end;
    if (alone) at_ = line_end == std::string_view::npos ? text_.size() : line_end + 1;
  }

  std::optional<TemplateFault> take_block_tag(const Tag& tag, std::size_t begin) {
    Part* const block = open_.back().block;
    const bool in_each = block != nullptr && block->kind == PartKind::each;
    const bool in_condition = block != nullptr && block->kind == PartKind::condition;
    switch (tag.kind) {
      case TagKind::each:
      case TagKind::condition:
        return open_block(tag, begin);
      case TagKind::otherwise:
        if (!in_condition || open_.back().parts == &block->otherwise) {
          return TemplateFault{begin, "'{{else}}' belongs to no '{{#if'", {}};
        }
        open_.back().parts = &block->otherwise;
        return std::nullopt;
      case TagKind::end_each:
        if (!in_each) return TemplateFault{begin, "'{{/each}}' closes no '{{#each'", {}};
        break;
      default:
        if (!in_condition) return TemplateFault{begin, "'{{/if}}' closes no '{{#if'", {}};
        break;
    }
    open_.pop_back();
    return std::nullopt;
  }

  std::optional<TemplateFault> open_block(const Tag& tag, std::size_t begin) {
    if (open_.size() > kMaxDepth) return TemplateFault{begin, "blocks within blocks are too deep", {}};
    const PartKind kind = tag.kind == TagKind::each ? PartKind::each : PartKind::condition;
    std::vector<Part>& parts = *open_.back().parts;
    parts.push_back({kind, std::string(tag.name), begin, {}, {}});
    // It stays where it is: nothing is added to `parts` before the block is closed.
    open_.push_back({&parts.back(), &parts.back().parts});
    return std::nullopt;
  }

  void add_text(std::size_t end) {
    if (end > at_) {
      open_.back().parts->push_back({PartKind::text, std::string(text_.substr(at_, end - at_)), at_, {}, {}});
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Level> open_;
};

// The scopes from the innermost outwards.
using Scopes = std::vector<const TemplateScope*>;

std::string_view text_of(const Scopes& scopes, std::string_view name) {
  for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
    if (const auto found = (*scope)->texts.find(name); found != (*scope)->texts.end()) return found->second;
  }
  return {};
}

const std::vector<TemplateScope>* list_of(const Scopes& scopes, std::string_view name) {
  for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
    if (const auto found = (*scope)->lists.find(name); found != (*scope)->lists.end()) return &found->second;
  }
  return nullptr;
}

bool holds(const Scopes& scopes, std::string_view name) {
  const std::string_view text = text_of(scopes, name);
  if (!text.empty()) return text != "0" && text != "false";
  const std::vector<TemplateScope>* list = list_of(scopes, name);
  return list != nullptr && !list->empty();
}

void collect_names(const std::vector<Part>& parts, std::set<std::string, std::less<>>& names) {
  for (const Part& part : parts) {
    if (part.kind != PartKind::text) names.insert(part.text);
    collect_names(part.parts, names);
    collect_names(part.otherwise, names);
  }
}

using AppendText = void (*)(std::string& out, std::string_view text);

void append_plain(std::string& out, std::string_view text) {
  out += text;
}

// `append` puts in what a name stands for.
void render_parts(const std::vector<Part>& parts, Scopes& scopes, AppendText append, std::string& out) {
  for (const Part& part : parts) {
    switch (part.kind) {
      case PartKind::text:
        out += part.text;
        break;
      case PartKind::value:
        append(out, text_of(scopes, part.text));
        break;
      case PartKind::condition:
        render_parts(holds(scopes, part.text) ? part.parts : part.otherwise, scopes, append, out);
        break;
      case PartKind::each: {
        const std::vector<TemplateScope>* rows = list_of(scopes, part.text);
        if (rows == nullptr) break;
        for (const TemplateScope& row : *rows) {
          scopes.push_back(&row);
          render_parts(part.parts, scopes, append, out);
          scopes.pop_back();
        }
        break;
      }
    }
  }
}

}  // namespace

std::optional<TemplateFault> Template::parse(std::string_view text, Template& result) {
  result.parts_.clear();
  return TemplateParser(text).run(result.parts_);
}

std::string Template::render(const TemplateScope& scope) const {
  std::string out;
  Scopes scopes = {&scope};
  render_parts(parts_, scopes, append_plain, out);
  return out;
}

std::string Template::render_html(const TemplateScope& scope) const {
  std::string out;
  Scopes scopes = {&scope};
  render_parts(parts_, scopes, append_html_text, out);
  const bool whole = out.starts_with("<!DOCTYPE") || out.starts_with("<!doctype") || out.starts_with("<html");
  return whole ? out : html_document(out);
}

std::set<std::string, std::less<>> Template::names() const {
  std::set<std::string, std::less<>> names;
  collect_names(parts_, names);
  return names;
}

}  // namespace crm
