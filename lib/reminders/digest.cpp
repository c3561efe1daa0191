#include "reminders/digest.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "crm/error.h"
#include "outbox/digest_names.h"
#include "outbox/plain_text.h"

namespace crm {
namespace {

Template parsed(const Reminder& reminder, const std::string& text) {
  Template result;
  if (const auto fault = Template::parse(text, result)) {
    throw Error(ErrorCode::invalid, "the template " + quoted(reminder.template_name) + ": " + fault->message,
                fault->hint);
  }
  return result;
}

}  // namespace

DigestTemplate::DigestTemplate(const Process& process, const Reminder& reminder) {
  const MessageTemplate* found = process.find_template(reminder.template_name);
  if (found == nullptr) {
    throw Error(
        ErrorCode::invalid,
        "the reminder " + quoted(reminder.name) + " has no template " + quoted(reminder.template_name),
        "apply a workflow file that has it");
  }
  subject_ = parsed(reminder, found->subject);
  body_ = parsed(reminder, found->body);
  if (!found->html.empty()) html_ = parsed(reminder, found->html);
}

std::set<std::string, std::less<>> DigestTemplate::names() const {
  std::set<std::string, std::less<>> names = subject_.names();
  names.merge(body_.names());
  if (html_) names.merge(html_->names());
  return names;
}

DigestTemplate::Text DigestTemplate::render(const Person& person, std::vector<MatchingRow> rows,
                                            Date day) const {
  std::stable_sort(rows.begin(), rows.end(),
                   [](const MatchingRow& a, const MatchingRow& b) { return a.due < b.due; });
  TemplateScope scope;
  scope.texts = {{"name", one_line(person.name)},
                 {"count", std::to_string(rows.size())},
                 {"date", format_date(day)},
                 {"zh", person.chinese ? "true" : ""}};
  std::vector<TemplateScope>& list = scope.lists[std::string(digest::kRows)];
  list.reserve(rows.size());
  for (MatchingRow& row : rows) list.push_back(std::move(row.scope));
  return {one_line(subject_.render(scope)), plain_lines(body_.render(scope)),
          html_ ? plain_lines(html_->render_html(scope)) : std::string()};
}

}  // namespace crm
