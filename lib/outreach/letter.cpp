#include "outreach/letter.h"

#include <set>

#include "base/text.h"
#include "crm/error.h"
#include "crm/records.h"
#include "outbox/plain_text.h"
#include "records/session_state.h"

namespace crm {
namespace {

const MessageTemplate& find_template(const Process& process, const std::string& name) {
  if (const MessageTemplate* found = process.find_template(name)) return *found;
  std::vector<std::string> names;
  for (const MessageTemplate& one : process.templates) names.push_back(one.name);
  const auto near = nearest(name, names);
  throw Error(
      ErrorCode::not_found, "the workflow has no template " + quoted(name),
      near ? "did you mean " + quoted(*near) + "?" : "write it under 'templates' of the workflow file");
}

// The cells of one row by their columns' names.
struct OneRow final : RowSink {
  TemplateScope scope;
  std::vector<std::string> names;
  void begin(std::span<const Column> columns) override {
    for (const Column& column : columns) names.push_back(column.name);
  }
  bool row(std::span<const Cell> cells) override {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      std::string text(cells[i].text);
      for (const std::string_view item : cells[i].items)
        text += (text.empty() ? "" : ", ") + std::string(item);
      scope.texts.emplace(names[i], one_line(text));
    }
    return true;
  }
  void end() override {}
};

}  // namespace

Letter::Letter(Session& session, Kind kind, const std::string& template_name)
    : session_(session), form_(find_template(session.state().process(), template_name)) {
  const std::set<std::string, std::less<>> names = form_.names();
  fields_.assign(names.begin(), names.end());
  const KindView& view = session.view(kind);
  for (const std::string& name : fields_) {
    if (view.find(name) != nullptr) continue;
    const auto near = nearest(name, view.names());
    throw Error(ErrorCode::invalid,
                "the template " + quoted(template_name) + " names " + quoted(name) + ", which no " +
                    std::string(view.entity().label.en) + " has",
                near ? "did you mean " + quoted(*near) + "?" : std::string());
  }
  if (fields_.empty()) fields_.emplace_back("id");
}

MessageForm::Texts Letter::render(RecordId record) {
  OneRow row;
  show(session_, {&record, 1}, fields_, row);
  return form_.render(row.scope);
}

MessageForm::Texts Letter::specimen() const {
  TemplateScope scope;
  for (const std::string& name : fields_) scope.texts.emplace(name, '[' + name + ']');
  return form_.render(scope);
}

}  // namespace crm
