#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <istream>
#include <streambuf>
#include <string>
#include <string_view>

#include "crm/export.h"
#include "modules/yaml/interface.h"

namespace crm {
namespace {

struct Stop {};

class TextBuffer final : public std::streambuf {
 public:
  explicit TextBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // the get area is never written to
    setg(begin, begin, begin + text.size());
  }
};

// Forwards yaml-cpp's events. It marks a plain scalar by the tag "?" and a quoted or block one by "!".
class Forwarder final : public YAML::EventHandler {
 public:
  Forwarder(std::string_view text, YamlEvents& events) : text_(text), events_(events) {}

  void OnDocumentStart(const YAML::Mark& mark) override { node(YamlEvent::Kind::document, mark, {}, 0); }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    node(YamlEvent::Kind::null, mark, {}, anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    node(YamlEvent::Kind::alias, mark, {}, anchor);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    node(YamlEvent::Kind::scalar, mark, tag, anchor, value, tag == "!");
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    node(YamlEvent::Kind::list_begin, mark, tag, anchor);
  }
  void OnSequenceEnd() override { end(YamlEvent::Kind::list_end); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    node(YamlEvent::Kind::map_begin, mark, tag, anchor);
  }
  void OnMapEnd() override { end(YamlEvent::Kind::map_end); }

 private:
  void node(YamlEvent::Kind kind, const YAML::Mark& mark, std::string_view tag, YAML::anchor_t anchor,
            std::string_view value = {}, bool quoted = false) {
    YamlEvent event;
    event.kind = kind;
    event.offset = static_cast<std::size_t>(std::max(mark.pos, 0));
    event.text = value;
    event.quoted = quoted;
    event.anchored = anchor != YAML::NullAnchor;
    const bool written = event.offset < text_.size() && text_[event.offset] == '!';
    if (written || (tag != "?" && tag != "!")) event.tag = tag;
    if (!events_.take(event)) throw Stop{};
  }
  void end(YamlEvent::Kind kind) {
    YamlEvent event;
    event.kind = kind;
    if (!events_.take(event)) throw Stop{};
  }

  std::string_view text_;
  YamlEvents& events_;
};

struct Wording {
  std::string_view original;  // how yaml-cpp's message begins
  const char* message;
  const char* hint;
};

constexpr const char* kQuoteIt = "put text with such characters in quotes";
constexpr const char* kCheckIndentation = "check the indentation, or put text that contains ': ' in quotes";

const Wording kWordings[] = {
    {YAML::ErrorMsg::END_OF_MAP_FLOW, "a ',' or the closing '}' is missing", ""},
    {YAML::ErrorMsg::END_OF_SEQ_FLOW, "a ',' or the closing ']' is missing", ""},
    {YAML::ErrorMsg::END_OF_MAP, "this is neither part of the value before it nor a key like those above",
     kCheckIndentation},
    {YAML::ErrorMsg::END_OF_SEQ,
     "this is neither part of the value before it nor a '- ' item like those above", kCheckIndentation},
    {YAML::ErrorMsg::INVALID_HEX, "an escape needs hexadecimal digits here", "put the text in single quotes"},
    {YAML::ErrorMsg::INVALID_UNICODE, "this escape stands for no character", ""},
    {YAML::ErrorMsg::INVALID_ESCAPE, "unknown escape after '\\' in double quotes",
     "put the text in single quotes, or write '\\\\'"},
    {YAML::ErrorMsg::UNKNOWN_TOKEN, "a value cannot begin with this character", kQuoteIt},
    {YAML::ErrorMsg::DOC_IN_SCALAR, "'---' or '...' inside quotes that are still open", "close the quotes"},
    {YAML::ErrorMsg::EOF_IN_SCALAR, "the file ends inside quotes", "close the quotes"},
    {YAML::ErrorMsg::CHAR_IN_SCALAR, "this character cannot stand in unquoted text", kQuoteIt},
    {YAML::ErrorMsg::TAB_IN_INDENTATION, "a tab in the indentation", "indent with spaces"},
    {YAML::ErrorMsg::FLOW_END, "this bracket closes nothing", kQuoteIt},
    {YAML::ErrorMsg::BLOCK_ENTRY, "a '- ' item cannot stand here", kCheckIndentation},
    {YAML::ErrorMsg::MAP_KEY, "a key cannot stand here", kCheckIndentation},
    {YAML::ErrorMsg::MAP_VALUE, "a value cannot stand here", kCheckIndentation},
    {YAML::ErrorMsg::UNKNOWN_ANCHOR, "an alias ('*name') is not taken here", "write the value out"},
    {YAML::ErrorMsg::ALIAS_NOT_FOUND, "a value cannot begin with '*'", kQuoteIt},
    {YAML::ErrorMsg::ALIAS_CONTENT, "a value cannot begin with '*'", kQuoteIt},
    {YAML::ErrorMsg::CHAR_IN_ALIAS, "a value cannot begin with '*'", kQuoteIt},
    {YAML::ErrorMsg::ANCHOR_NOT_FOUND, "a value cannot begin with '&'", kQuoteIt},
    {YAML::ErrorMsg::CHAR_IN_ANCHOR, "a value cannot begin with '&'", kQuoteIt},
    {YAML::ErrorMsg::MULTIPLE_ANCHORS, "a value cannot begin with '&'", kQuoteIt},
    {YAML::ErrorMsg::ZERO_INDENT_IN_BLOCK, "the indentation of a block of text cannot be 0", ""},
    {YAML::ErrorMsg::CHAR_IN_BLOCK, "nothing else can stand on the line of '|' or '>'",
     "begin the text on the next line"},
    {YAML::ErrorMsg::YAML_MAJOR_VERSION, "this version of YAML is not known", "use YAML 1.2"},
    {YAML::ErrorMsg::YAML_VERSION, "this is no version of YAML", "use YAML 1.2"},
};

YamlFault fault_of(const YAML::ParserException& exception) {
  YamlFault fault{"this is not valid YAML", "", static_cast<std::size_t>(std::max(exception.mark.pos, 0))};
  for (const Wording& wording : kWordings) {
    if (std::string_view(exception.msg).starts_with(wording.original)) {
      fault.message = wording.message;
      fault.hint = wording.hint;
      break;
    }
  }
  return fault;
}

YamlFault parse(std::string_view text, YamlEvents& events) {
  try {
    TextBuffer buffer(text);
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    Forwarder forwarder(text, events);
    // No loop: yaml-cpp 0.7 finds one document after another in a lone comma and never reaches the end.
    if (parser.HandleNextDocument(forwarder)) parser.HandleNextDocument(forwarder);
  } catch (const Stop&) {
    return {};
  } catch (const YAML::ParserException& exception) {
    return fault_of(exception);
  } catch (const std::exception&) {
    return {"this cannot be read as YAML", "", 0};
  }
  return {};
}

}  // namespace
}  // namespace crm

extern "C" CRM_API void* crm_module_yaml() {
  static crm::YamlModule module{crm::parse};
  return &module;
}
