#include "engine/actions.h"

#include "base/text.h"
#include "crm/error.h"
#include "crm/followups.h"
#include "crm/ownership.h"
#include "crm/records.h"
#include "engine/approvals.h"
#include "engine/messages.h"
#include "engine/reactions.h"
#include "engine/record_texts.h"
#include "followups/followup_rules.h"
#include "outbox/enqueue.h"
#include "records/read_value.h"
#include "records/write_record.h"

namespace crm {
namespace {

// The fields with the record's own put into their texts.
std::vector<FieldText> filled_in(Session& session, const StoredRecord& record,
                                 const std::vector<ActionField>& fields) {
  std::vector<FieldText> texts;
  texts.reserve(fields.size());
  const TextUse reader{true, false, session.zone()};
  for (const ActionField& field : fields)
    texts.push_back({field.name, fill_in(session, record, field.text, reader)});
  return texts;
}

std::string field_names(const std::vector<ActionField>& fields) {
  std::string names;
  for (const ActionField& field : fields) names += (names.empty() ? "" : ", ") + field.name;
  return names;
}

std::string changed_or_not(const WriteResult& result, const std::string& what) {
  return result.written == Written::unchanged ? what + " already" : what;
}

std::string set(Session& session, const RuleAction& action, const StoredRecord& record) {
  const auto texts = filled_in(session, record, action.fields);
  return changed_or_not(edit(session, record.id, texts), "set " + field_names(action.fields));
}

std::string tag_or_untag(Session& session, const RuleAction& action, const StoredRecord& record) {
  const std::string tags[] = {fill_in(session, record, action.target, {true, false, session.zone()})};
  const bool adding = action.type == ActionType::tag;
  const WriteResult result = adding ? tag(session, record.id, tags) : untag(session, record.id, tags);
  return changed_or_not(result, (adding ? "tagged " : "untagged ") + tags[0]);
}

std::string move_to_stage(Session& session, const RuleAction& action, const StoredRecord& record) {
  const FieldText stage[] = {{"stage", action.target}};
  return changed_or_not(edit(session, record.id, stage), "stage " + action.target);
}

std::string give_to(Session& session, const StoredRecord& record, const std::string& name) {
  return changed_or_not(crm::assign(session, record.id, name), "assigned to " + name);
}

std::string assign(Session& session, const RuleAction& action, const StoredRecord& record) {
  if (action.target == "table") {
    assign_automatically(session, {&record.id, 1});
    const StoredRecord after = load_record(session, record.id);
    const auto owner = after.integer(session.view(record.id.kind).position("owner"));
    return owner ? "assigned to " + session.state().name_of(Kind::user, *owner) : "left in the pool";
  }
  if (action.target != "manager" && action.target != "team-lead")
    return give_to(session, record, action.target);
  const People& people = Reactions::of(session).people(session);
  const KindView& view = session.view(record.id.kind);
  const auto number = [&](std::string_view field) {
    const std::size_t at = view.position(field);
    return at == KindView::npos ? std::nullopt : record.integer(at);
  };
  const Person* owner = people.find(number("owner"));
  const Person* next = owner != nullptr ? people.recipient(action.target, *owner)
                                        : people.recipient_without_owner(action.target, number("team"));
  if (next == nullptr) return "not assigned: nobody is " + quoted(action.target) + " here";
  return give_to(session, record, next->name);
}

std::string plan(Session& session, const RuleAction& action, const StoredRecord& record) {
  if (is_closed(session, record.id)) return "nothing planned: " + to_string(record.id) + " is closed";
  std::vector<FieldText> fields = filled_in(session, record, action.fields);
  const auto dwell = parse_dwell(action.due);
  const Moment due =
      add_dwell(session.state().process().calendar, session.zone(), session.now(), dwell.value_or(Dwell{}));
  fields.push_back({"due_at", format_moment(due, session.zone())});
  const WriteResult result = plan_followup(session, record.id, fields);
  return "planned " + to_string(result.record) + " for " + format_moment_short(due, session.zone());
}

std::string create(Session& session, const RuleAction& action, const StoredRecord& record) {
  const auto texts = filled_in(session, record, action.fields);
  return "made " + to_string(add(session, action.kind, texts).record);
}

std::string notify(Session& session, const Rule& rule, const RuleAction& action, const StoredRecord& record) {
  RecordMessage message;
  message.rule = rule.name;
  message.to = action.target;
  message.template_name = action.template_name;
  message.channel = action.channel;
  message.cause = Reactions::of(session).cause(session);
  return send_about(session, record, message);
}

std::string call_webhook(Session& session, const Rule& rule, const RuleAction& action,
                         const StoredRecord& record) {
  std::vector<std::string> names;
  for (const ActionField& field : action.fields) names.push_back(field.name);
  NewMessage row;
  row.key = rule.name + "/hook-" + action.channel + '/' + to_string(record.id) + '/' +
            Reactions::of(session).cause(session);
  row.rule = rule.name;
  if (!record.deleted_at) row.about = record.id;
  row.via = action.channel;
  row.subject = rule.name + ": " + to_string(record.id);
  row.body = row.subject;
  row.payload = record_as_json(session, record, names);
  const bool made = enqueue(*session.state().connection, row, session.state().options.now);
  return (made ? "a web hook to " : "there is a web hook already to ") + action.channel;
}

}  // namespace

std::string act(Session& session, const Rule& rule, const RuleAction& action, RecordId id) {
  const StoredRecord record = load_record(session, id, rule.event.type == EventType::deleted);
  switch (action.type) {
    case ActionType::set:
      return set(session, action, record);
    case ActionType::tag:
    case ActionType::untag:
      return tag_or_untag(session, action, record);
    case ActionType::stage:
      return move_to_stage(session, action, record);
    case ActionType::assign:
      return assign(session, action, record);
    case ActionType::release:
      return changed_or_not(release(session, record.id), "released to the pool");
    case ActionType::followup:
      return plan(session, action, record);
    case ActionType::create:
      return create(session, action, record);
    case ActionType::notify:
      return notify(session, rule, action, record);
    case ActionType::webhook:
      return call_webhook(session, rule, action, record);
    case ActionType::require_approval:
      return require_approval(session, action.target, record);
  }
  return {};
}

}  // namespace crm
