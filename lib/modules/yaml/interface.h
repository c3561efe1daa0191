// What the yaml module and libcrm say to each other. The module links yaml-cpp and nothing of libcrm: it only
// turns text into events; every check of meaning is made by the taker of the events.
#pragma once

#include <cstddef>
#include <string_view>

namespace crm {

struct YamlEvent {
  enum class Kind { document, null, scalar, alias, list_begin, list_end, map_begin, map_end };
  Kind kind = Kind::document;
  std::size_t offset =
      0;  // byte at which the node begins (with its tag or anchor, if it has one); 0 for an end
  std::string_view text;  // of a scalar, unescaped; valid until the call returns
  std::string_view tag;   // written out in the file, resolved; empty for none
  bool quoted = false;    // the scalar was in quotes or a block
  bool anchored = false;
};

class YamlEvents {
 public:
  virtual ~YamlEvents() = default;
  // False ends the parse without a fault.
  virtual bool take(const YamlEvent& event) = 0;
};

// Why the text is no YAML. The texts are constants of the module.
struct YamlFault {
  const char* message = nullptr;  // null where nothing was wrong
  const char* hint = "";
  std::size_t offset = 0;
};

// What the entry point `crm_module_yaml` returns.
struct YamlModule {
  // Parses the first document and, where there is more text after it, announces a second `document` event
  // before going on. The text is valid UTF-8 without a byte order mark, with lines that end in LF. Throws
  // nothing of its own.
  YamlFault (*parse)(std::string_view text, YamlEvents& events);
};

}  // namespace crm
