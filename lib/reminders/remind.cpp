#include "crm/remind.h"

#include <iterator>
#include <set>
#include <utility>

#include "base/add_once.h"
#include "crm/error.h"
#include "outbox/delivery.h"
#include "outbox/enqueue.h"
#include "outbox/waiting.h"
#include "records/read_value.h"
#include "records/rights.h"
#include "records/session_state.h"
#include "reminders/digest_run.h"
#include "reminders/make_digests.h"
#include "reminders/people.h"
#include "reminders/refresh.h"

namespace crm {
namespace {

void show(const std::vector<NewMessage>& messages, const People& people, Moment now, MessageSink& sink) {
  for (const NewMessage& message : messages) {
    const Person& person = *people.find(message.person);
    sink.message({message.key, message.rule, person.name, person.email, message.subject, message.body, now});
  }
}

// The messages that were new. They are of any rules, those of a rule together.
std::int64_t put_into_outbox(Session& session, const std::vector<NewMessage>& messages) {
  if (messages.empty()) return 0;
  Connection& connection = *session.state().connection;
  std::int64_t made = 0;
  Write write(session);
  std::set<std::string> rules;
  for (const NewMessage& message : messages) {
    if (!enqueue_reminder(connection, message, session.state().options.now)) continue;
    ++made;
    rules.insert(message.rule);
  }
  for (const std::string& rule : rules) supersede_waiting(connection, rule);
  write.commit();
  return made;
}

void name_without_address(const std::vector<NewMessage>& messages, const People& people,
                          std::vector<std::string>& named) {
  for (const NewMessage& message : messages) {
    const Person& person = *people.find(message.person);
    if (person.email.empty()) add_once(named, person.name);
  }
}

}  // namespace

std::int64_t make_digests(Session& session, const Reminder& reminder,
                          std::vector<std::string>& without_address) {
  const People people(session);
  std::vector<std::string> skipped;
  const std::vector<NewMessage> messages = DigestRun(session, reminder, people, {}).messages(skipped);
  name_without_address(messages, people, without_address);
  for (std::string& line : skipped) session.notice(std::move(line));
  return put_into_outbox(session, messages);
}

RemindResult remind(Session& session, const RemindOptions& options, MessageSink& sink) {
  require_see_all(session, "may not send reminders");
  require_may_read_messages(session, options.channel ? &*options.channel : nullptr);
  if (options.channel) check_channel(session, *options.channel);
  std::optional<std::int64_t> only;
  if (!options.to.empty()) only = require_user(session, options.to);
  DigestRecipients recipients;
  if (only) recipients.only = {*only};
  if (!session.dry_run()) refresh_waiting(session);
  const People people(session);
  RemindResult result;
  std::vector<NewMessage> messages;
  DeliveryScope scope{{}, only};
  for (const Reminder& reminder : session.state().process().reminders) {
    scope.rules.push_back(reminder.name);
    std::vector<NewMessage> of_rule =
        DigestRun(session, reminder, people, recipients, options.explain).messages(result.skipped);
    std::move(of_rule.begin(), of_rule.end(), std::back_inserter(messages));
  }
  if (scope.rules.empty()) return result;
  if (session.dry_run()) {
    show(messages, people, session.state().options.now, sink);
  } else {
    result.made = put_into_outbox(session, messages);
  }
  if (options.channel) {
    result.delivery = deliver(session, *options.channel, scope, refreshing(session), sink);
    return result;
  }
  name_without_address(messages, people, result.delivery.without_address);
  return result;
}

}  // namespace crm
