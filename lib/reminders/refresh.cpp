#include "reminders/refresh.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <utility>

#include "base/text.h"
#include "crm/error.h"
#include "outbox/waiting.h"
#include "records/concealment.h"
#include "records/rights.h"
#include "records/session_state.h"
#include "reminders/digest_run.h"

namespace crm {
namespace {

// For so long a text stays true by itself: "3 hours overdue".
constexpr std::chrono::minutes kTrueFor{10};

// For a while the session's now is that moment.
class SpeakOf {
 public:
  SpeakOf(Session& session, Moment moment)
      : state_(session.state()), now_(std::exchange(state_.now, moment)) {}
  ~SpeakOf() { state_.now = now_; }
  SpeakOf(const SpeakOf&) = delete;
  SpeakOf& operator=(const SpeakOf&) = delete;

 private:
  Session::State& state_;
  Moment now_;
};

// Whether what it says may be so no longer.
bool may_be_outdated(const WaitingMessage& message, std::int64_t last, Moment now) {
  return message.as_of != last || now > message.text_at + kTrueFor || now < message.text_at;
}

// Whether the message goes out with the next flush, and what it says may be so no longer.
bool is_to_refresh(Session& session, const WaitingMessage& message, std::int64_t last) {
  const Moment now = session.state().options.now;
  if (message.hours.empty() && !message.tried && !may_be_outdated(message, last, now)) return false;
  return message.next_try <= now && !disturbs(session, message.hours, message.zone, now);
}

// The messages say what is so now, when so long has passed since the session began, or at the moment they
// were made for where that lies ahead; one with nothing to say any more is cancelled. Inside a transaction.
void refresh(Session& session, const Reminder& reminder, const std::vector<WaitingMessage>& waiting,
             std::chrono::seconds passed) {
  Connection& connection = *session.state().connection;
  Moment moment = session.now() + passed;
  DigestRecipients recipients{std::set<std::int64_t>(), true};
  for (const WaitingMessage& message : waiting) {
    recipients.only->insert(message.person);
    moment = std::max(moment, message.made_for);
  }
  const SpeakOf then(session, moment);
  const People people(session);
  std::vector<std::string> skipped;
  std::map<std::int64_t, NewMessage> anew;
  for (NewMessage& message : DigestRun(session, reminder, people, recipients).messages(skipped))
    anew.emplace(message.person, std::move(message));
  for (const WaitingMessage& message : waiting) {
    const auto found = anew.find(message.person);
    if (found != anew.end()) {
      rewrite_waiting(connection, message.id, found->second, session.state().options.now + passed);
    } else {
      cancel_needless(connection, message.id);
    }
  }
}

}  // namespace

void refresh_waiting(Session& session) {
  const WorkflowRights rights(session);
  Connection& connection = *session.state().connection;
  redirect_from_leavers(session);
  for (const Reminder& reminder : session.state().process().reminders) {
    const auto to_refresh = [&] {
      std::vector<WaitingMessage> waiting = waiting_messages(connection, reminder.name);
      const std::int64_t last = last_change(session);
      std::erase_if(waiting, [&](const WaitingMessage& one) { return !is_to_refresh(session, one, last); });
      return waiting;
    };
    if (to_refresh().empty()) continue;
    // What is done meanwhile by others waits, and is seen by the next one who refreshes.
    Write write(session);
    supersede_waiting(connection, reminder.name);
    refresh(session, reminder, to_refresh(), std::chrono::seconds(0));
    write.commit();
  }
}

Refresh refreshing(Session& session) {
  // The clock may be set meanwhile.
  const auto begun = std::chrono::steady_clock::now();
  return [&session, begun](std::int64_t id) {
    const auto passed =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begun);
    const auto message = message_at_hand(*session.state().connection, id);
    if (!message || !may_be_outdated(*message, last_change(session), session.state().options.now + passed))
      return;
    const WorkflowRights rights(session);
    for (const Reminder& reminder : session.state().process().reminders) {
      if (reminder.name == message->rule) refresh(session, reminder, {*message}, passed);
    }
  };
}

void require_may_read_messages(Session& session, const ChannelOptions* channel) {
  const bool is_read =
      session.dry_run() ||
      (channel != nullptr && (channel->name == "stdout" || channel->name.starts_with("file:")));
  if (!is_read || reads_everything(session)) return;
  throw Error(ErrorCode::not_permitted, quoted(session.login()) + " may not read what messages say to others",
              "it takes a role that reveals all fields; a channel of 'crm outbox channel list' delivers them "
              "unread");
}

Delivery flush_outbox(Session& session, const ChannelOptions& channel, MessageSink& sink) {
  require_see_all(session, "may not deliver what is for others");
  require_may_read_messages(session, &channel);
  if (!session.dry_run()) refresh_waiting(session);
  return deliver(session, channel, {}, refreshing(session), sink);
}

}  // namespace crm
