#include "outbox/template.h"

#include <doctest/doctest.h>

#include <string>

using crm::Template;
using crm::TemplateScope;

namespace {

std::string render(const std::string& text, const TemplateScope& scope) {
  Template parsed;
  const auto fault = Template::parse(text, parsed);
  INFO(text);
  REQUIRE_FALSE(fault.has_value());
  return parsed.render(scope);
}

// "offset: message" of what is wrong first, or "".
std::string fault(const std::string& text) {
  Template parsed;
  const auto found = Template::parse(text, parsed);
  return found ? std::to_string(found->offset) + ": " + found->message : "";
}

TemplateScope scope_of(std::map<std::string, std::string, std::less<>> texts,
                       std::vector<TemplateScope> rows = {}) {
  TemplateScope scope;
  scope.texts = std::move(texts);
  scope.lists["rows"] = std::move(rows);
  return scope;
}

}  // namespace

TEST_CASE("names are replaced once, and what is put in is never read again") {
  CHECK(render("Hello {{name}}, {{ count }} left", scope_of({{"name", "王芳"}, {"count", "3"}})) ==
        "Hello 王芳, 3 left");
  CHECK(render("{{name}}{{gone}}", scope_of({{"name", "{{secret}}"}, {"secret", "x"}})) == "{{secret}}");
  CHECK(render("{{a}}{{b}}", scope_of({{"a", "{{"}, {"b", "name}}"}, {"name", "x"}})) == "{{name}}");
  CHECK(render("", {}) == "");
  CHECK(render("} }} { {a} $1 %s \\n", {}) == "} }} { {a} $1 %s \\n");
}

TEST_CASE("each row is rendered in order, its own names first") {
  const TemplateScope scope =
      scope_of({{"name", "li"}, {"count", "2"}}, {scope_of({{"name", "a"}}), scope_of({{"note", "b"}})});
  CHECK(render("{{#each rows}}[{{name}}{{note}}/{{count}}]{{/each}}", scope) == "[a/2][lib/2]");
  CHECK(render("{{#each rows}}x{{/each}}", scope_of({})) == "");
  CHECK(render("{{#each nothing}}x{{/each}}", scope_of({})) == "");
}

TEST_CASE("a condition holds for what is there") {
  const auto shown = [](const std::string& value) {
    return render("{{#if v}}yes{{else}}no{{/if}}", scope_of({{"v", value}}));
  };
  CHECK(shown("x") == "yes");
  CHECK(shown("00") == "yes");
  CHECK(shown("") == "no");
  CHECK(shown("0") == "no");
  CHECK(shown("false") == "no");
  CHECK(render("{{#if v}}yes{{/if}}", {}) == "");
  CHECK(render("{{#if rows}}yes{{else}}no{{/if}}", scope_of({}, {scope_of({})})) == "yes");
  CHECK(render("{{#if rows}}yes{{else}}no{{/if}}", scope_of({})) == "no");
  CHECK(render("{{#if a}}{{#if b}}ab{{else}}a{{/if}}{{else}}{{#if b}}b{{/if}}{{/if}}",
               scope_of({{"b", "1"}})) == "b");
}

TEST_CASE("a block tag alone on its line takes the line with it") {
  const std::string text = "list:\n  {{#each rows}}\n  - {{name}}\n  {{/each}}\nend\n";
  CHECK(render(text, scope_of({}, {scope_of({{"name", "a"}}), scope_of({{"name", "b"}})})) ==
        "list:\n  - a\n  - b\nend\n");
  CHECK(render("{{#if v}}\nyes\n{{else}}\nno\n{{/if}}", scope_of({})) == "no\n");
  CHECK(render("{{#if v}}\r\nyes\r\n{{/if}}\r\nend", scope_of({{"v", "1"}})) == "yes\r\nend");
  CHECK(render("a {{#if v}}\nyes\n{{/if}} b", scope_of({{"v", "1"}})) == "a \nyes\n b");
  CHECK(render("  {{name}}\n", scope_of({{"name", "x"}})) == "  x\n");
}

TEST_CASE("what is no template is refused at its place") {
  CHECK(fault("a {{name") == "2: '{{' is never closed");
  CHECK(fault("{{}}") == "0: '{{}}' is no part of a template");
  CHECK(fault("x{{Name}}") == "1: '{{Name}}' is no part of a template");
  CHECK(fault("{{#unless x}}") == "0: '{{#unless x}}' is no part of a template");
  CHECK(fault("{{#each}}") == "0: '{{#each}}' is no part of a template");
  CHECK(fault("{{{name}}}") == "0: '{{{name}}' is no part of a template");
  CHECK(fault("{{#if a}}{{#each b}}x{{/each}}") == "0: '{{#if' is never closed");
  CHECK(fault("{{#if a}}{{#each b}}x") == "9: '{{#each' is never closed");
  CHECK(fault("{{#if a}}x{{/each}}") == "10: '{{/each}}' closes no '{{#each'");
  CHECK(fault("{{/if}}") == "0: '{{/if}}' closes no '{{#if'");
  CHECK(fault("{{else}}") == "0: '{{else}}' belongs to no '{{#if'");
  CHECK(fault("{{#if a}}{{else}}{{else}}{{/if}}") == "17: '{{else}}' belongs to no '{{#if'");
  CHECK(fault("{{#each a}}{{else}}{{/each}}") == "11: '{{else}}' belongs to no '{{#if'");
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "{{#if a}}";
  CHECK(fault(deep) == "144: blocks within blocks are too deep");
}

TEST_CASE("a template of HTML: what is put in is text") {
  Template parsed;
  REQUIRE_FALSE(Template::parse("<p>{{name}}</p>{{#each rows}}<b>{{note}}</b>{{/each}}", parsed).has_value());
  TemplateScope row;
  row.texts = {{"note", "\"a\" & b"}};
  const TemplateScope scope = scope_of({{"name", "<script>"}}, {row});
  CHECK(parsed.render_html(scope) ==
        "<!DOCTYPE html>\n<html><body>\n<p>&lt;script&gt;</p><b>&quot;a&quot; &amp; b</b></body></html>\n");
  REQUIRE_FALSE(Template::parse("<html><body>{{name}}</body></html>", parsed).has_value());
  CHECK(parsed.render_html(scope) == "<html><body>&lt;script&gt;</body></html>");
  CHECK(parsed.render(scope) == "<html><body><script></body></html>");
}

TEST_CASE("all that a template names") {
  Template parsed;
  REQUIRE_FALSE(
      Template::parse("{{a}}{{#if b}}{{c}}{{else}}{{d}}{{/if}}{{#each e}}{{f}}{{/each}}{{a}}", parsed));
  const std::set<std::string, std::less<>> names = parsed.names();
  CHECK(std::vector<std::string>(names.begin(), names.end()) ==
        std::vector<std::string>{"a", "b", "c", "d", "e", "f"});
}
