#include "engine/messages.h"

#include "base/json.h"
#include "base/text.h"
#include "engine/reactions.h"
#include "engine/record_texts.h"
#include "outbox/enqueue.h"
#include "outbox/person_zone.h"
#include "outbox/plain_text.h"

namespace crm {
namespace {

const Person* recipient_of(Session& session, const StoredRecord& record, const std::string& to) {
  const People& people = Reactions::of(session).people(session);
  const KindView& view = session.view(record.id.kind);
  const auto number = [&](std::string_view field) {
    const std::size_t at = view.position(field);
    return at == KindView::npos ? std::nullopt : record.integer(at);
  };
  if (const Person* owner = people.find(number("owner"))) return people.recipient(to, *owner);
  return people.recipient_without_owner(to, number("team"));
}

TextUse reader_of(Session& session, const Person& person) {
  return {false, person.chinese, zone_of_person(session, person.timezone), false,
          concealed_from_user(session, person.id)};
}

}  // namespace

std::string send_about(Session& session, const StoredRecord& record, const RecordMessage& message) {
  const Person* person = recipient_of(session, record, message.to);
  if (person == nullptr) return "no message: nobody is " + quoted(message.to) + " here";
  NewMessage row;
  row.key =
      message.rule + '/' + std::to_string(person->id) + '/' + to_string(record.id) + '/' + message.cause;
  row.rule = message.rule;
  row.person = person->id;
  if (!record.deleted_at) row.about = record.id;  // else it is told of, and goes out
  row.via = message.channel;
  const MessageTemplate* found = message.template_name.empty()
                                     ? nullptr
                                     : session.state().process().find_template(message.template_name);
  TextUse reader = reader_of(session, *person);
  TemplateScope scope;
  scope.texts = {{"recipient", person->name},
                 {"date", format_date(session.zone().to_local(session.now()).date)},
                 {"rule", message.rule},
                 {"zh", person->chinese ? "true" : ""}};
  row.subject =
      one_line(fill_in(session, record, found != nullptr ? found->subject : message.subject, reader, scope));
  row.body =
      plain_lines(fill_in(session, record, found != nullptr ? found->body : message.body, reader, scope));
  if (found != nullptr && !found->html.empty()) {
    reader.html = true;
    row.html = plain_lines(fill_in(session, record, found->html, reader, scope));
  }
  const bool made = enqueue(*session.state().connection, row, session.state().options.now);
  return made ? "a message to " + person->name : person->name + " has the message already";
}

std::string record_as_json(Session& session, const StoredRecord& record,
                           const std::vector<std::string>& fields) {
  std::vector<std::string> names = fields;
  if (names.empty()) {
    for (const Field* field : session.view(record.id.kind).fields()) {
      if (!field->sensitive && !field->is_derived()) names.emplace_back(field->name);
    }
  }
  std::string json = "{\"record\":";
  append_json_string(json, to_string(record.id));
  for (const std::string& name : names) {
    json += ',';
    append_json_string(json, name);
    json += ':';
    const std::string text = value_text(session, record, name, {true, false, session.zone()});
    if (text.empty()) {
      json += "null";
    } else {
      append_json_string(json, text);
    }
  }
  return json + '}';
}

}  // namespace crm
