#include "outbox/message_form.h"

#include "base/text.h"
#include "crm/error.h"
#include "outbox/plain_text.h"

namespace crm {
namespace {

Template parsed_text(const MessageTemplate& source, const std::string& text) {
  Template result;
  if (const auto fault = Template::parse(text, result))
    throw Error(ErrorCode::invalid, "the template " + quoted(source.name) + ": " + fault->message,
                fault->hint);
  return result;
}

}  // namespace

MessageForm::MessageForm(const MessageTemplate& source)
    : subject_(parsed_text(source, source.subject)), body_(parsed_text(source, source.body)) {
  if (!source.html.empty()) html_ = parsed_text(source, source.html);
}

std::set<std::string, std::less<>> MessageForm::names() const {
  std::set<std::string, std::less<>> names = subject_.names();
  names.merge(body_.names());
  if (html_) names.merge(html_->names());
  return names;
}

MessageForm::Texts MessageForm::render(const TemplateScope& scope) const {
  return {one_line(subject_.render(scope)), plain_lines(body_.render(scope)),
          html_ ? plain_lines(html_->render_html(scope)) : std::string()};
}

}  // namespace crm
