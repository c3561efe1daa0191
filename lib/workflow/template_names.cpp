#include "workflow/template_names.h"

#include <algorithm>
#include <span>
#include <vector>

#include "base/text.h"
#include "outbox/template.h"

namespace crm {
namespace {

class TextNames {
 public:
  TextNames(const Node& scalar, const KindView& view, std::span<const std::string_view> own, Faults& faults)
      : scalar_(scalar), view_(view), own_(own), faults_(faults) {}

  void check(const std::vector<Template::Part>& parts) {
    for (const Template::Part& part : parts) {
      if (part.kind == Template::PartKind::each) {
        faults_.add_within(scalar_, part.offset, "there is no list here: the text is about one record");
      } else if (part.kind != Template::PartKind::text && !is_known(part.text)) {
        faults_.add_within(scalar_, part.offset, "unknown name " + quoted(part.text),
                           nearest_hint(part.text, names()));
      }
      check(part.parts);
      check(part.otherwise);
    }
  }

 private:
  bool is_known(std::string_view name) const {
    return view_.find(name) != nullptr || std::find(own_.begin(), own_.end(), name) != own_.end();
  }
  std::vector<std::string> names() const {
    std::vector<std::string> names = to_strings(own_);
    for (const Field* field : view_.fields()) names.emplace_back(field->name);
    return names;
  }

  const Node& scalar_;
  const KindView& view_;
  std::span<const std::string_view> own_;
  Faults& faults_;
};

void check_names(const Node& text, Kind kind, std::span<const std::string_view> own, Reading& reading) {
  Template parsed;
  if (const auto fault = Template::parse(text.text, parsed)) {
    reading.faults.add_within(text, fault->offset, fault->message, fault->hint);
    return;
  }
  const KindView view = reading.process.view(kind);
  TextNames(text, view, own, reading.faults).check(parsed.parts());
}

}  // namespace

void check_text(const Node& text, Kind kind, Reading& reading) {
  check_names(text, kind, kTextNames, reading);
}

std::string read_message_template(const MapReader& map, const Node* templates, Kind kind, Reading& reading) {
  const auto name = map.text("template");
  if (!name) return {};
  const Node* message = templates == nullptr ? nullptr : templates->find(*name);
  if (message == nullptr) {
    std::vector<std::string> known;
    for (const MessageTemplate& one : reading.process.templates) known.push_back(one.name);
    reading.faults.add(*map.find("template"), "unknown template " + quoted(*name),
                       known.empty() ? "write it under 'templates'" : nearest_hint(*name, known));
    return {};
  }
  for (const std::string_view key : workflow_keys::kTemplateNames) {
    const Node* text = message->find(key);
    Template parsed;
    // A broken one is reported where the templates are read.
    if (text != nullptr && !Template::parse(text->text, parsed))
      check_names(*text, kind, kMessageNames, reading);
  }
  return *name;
}

}  // namespace crm
