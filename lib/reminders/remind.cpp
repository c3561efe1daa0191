#include "crm/remind.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/text.h"
#include "crm/error.h"
#include "outbox/delivery.h"
#include "outbox/enqueue.h"
#include "outbox/person_zone.h"
#include "outbox/waiting.h"
#include "process/schedule.h"
#include "records/read_value.h"
#include "records/rights.h"
#include "records/session_state.h"
#include "reminders/digest.h"
#include "reminders/make_digests.h"
#include "reminders/people.h"

namespace crm {
namespace {

// The period that contains now, whatever the hour: of a rule that runs each day at nine the day, of one each
// Monday the week from Monday on.
std::string period_name(const Reminder& reminder, Moment now, const TimeZone& zone,
                        const BusinessCalendar& calendar) {
  std::optional<Schedule> schedule = parse_schedule(reminder.every);
  if (!schedule)
    throw Error(ErrorCode::invalid, quoted(reminder.every) + " is no schedule",
                "write " + std::string(kScheduleForms));
  if (schedule->unit == Schedule::Unit::interval)
    return format_moment(period_start(*schedule, now, zone, calendar), TimeZone());
  schedule->time_of_day = std::chrono::minutes(0);
  return format_date(zone.to_local(period_start(*schedule, now, zone, calendar)).date);
}

// The number of the last one; 0: none.
std::int64_t last_change(Connection& connection) {
  return connection.query_integer("SELECT max(id) FROM change").value_or(0);
}

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

// For whom a rule is run.
struct Recipients {
  std::optional<std::set<std::int64_t>> only = {};  // nothing: everybody
  bool again = false;                               // who has the period's message too
};

// The messages of one rule for the period at hand.
class RuleRun {
 public:
  RuleRun(Session& session, const Reminder& reminder, const People& people, Recipients recipients,
          bool explain = false)
      : session_(session),
        reminder_(reminder),
        people_(people),
        explain_(explain),
        recipients_(std::move(recipients)),
        template_(session.state().process(), reminder),
        rows_(session, reminder, template_.names()),
        period_(period_name(reminder, session.now(), session.zone(), session.state().process().calendar)),
        as_of_(last_change(*session.state().connection)) {}

  std::vector<NewMessage> messages(std::vector<std::string>& skipped) {
    for (const Person& owner : people_.all()) {
      collect(owner, reminder_.to, false);
      if (!reminder_.escalate_to.empty()) collect(owner, reminder_.escalate_to, true);
    }
    collect_unowned();
    std::vector<NewMessage> result;
    for (auto& [id, rows] : found_) {
      if (!rows.empty()) result.push_back(message(*people_.find(id), std::move(rows)));
    }
    if (explain_ && unowned_ > 0)
      skipped.push_back(note(unowned_, "no owner, and nobody to take their place"));
    std::move(skipped_.begin(), skipped_.end(), std::back_inserter(skipped));
    return result;
  }

 private:
  std::string key(const Person& person) const {
    return reminder_.name + '/' + std::to_string(person.id) + '/' + period_;
  }

  // Whether that person is still to get a message; asked once for each.
  bool is_wanted(const Person& person) {
    const auto [known, added] = wanted_.try_emplace(person.id, false);
    if (!added) return known->second;
    known->second = (!recipients_.only || recipients_.only->count(person.id) > 0) && !person.absent &&
                    (recipients_.again || !is_enqueued(*session_.state().connection, key(person)));
    if (person.absent && explain_)
      skipped_.push_back(reminder_.name + ": " + quoted(person.name) + " is absent");
    return known->second;
  }

  const Reader& reader(const Person& person) {
    const auto [known, added] = readers_.try_emplace(person.id);
    if (added) known->second = {person.id, person.chinese, zone_of_person(session_, person.timezone)};
    return known->second;
  }

  void collect(const Person& owner, std::string_view to, bool escalated) {
    const Person* recipient = people_.recipient(to, owner);
    if (recipient == nullptr) {
      if (explain_ && !escalated) explain_unreachable(owner);
      return;
    }
    if (!is_wanted(*recipient)) return;
    std::vector<MatchingRow>& rows = found_[recipient->id];
    // Who gets the rows anyway gets them once.
    if (escalated && people_.recipient(reminder_.to, owner) == recipient) return;
    rows_.each(&owner, escalated, reader(*recipient),
               [&](MatchingRow&& row) { rows.push_back(std::move(row)); });
  }

  void collect_unowned() {
    const Reader anybody{0, false, session_.zone()};
    std::vector<std::optional<std::int64_t>> teams;
    rows_.each(nullptr, false, anybody, [&](MatchingRow&& row) {
      const Person* recipient = people_.recipient_without_owner(reminder_.to, row.team);
      if (recipient == nullptr) {
        ++unowned_;
      } else if (std::find(teams.begin(), teams.end(), row.team) == teams.end() && is_wanted(*recipient)) {
        teams.push_back(row.team);
      }
    });
    // Once more for each team: its lead may read another language than the next one's.
    for (const std::optional<std::int64_t>& team : teams) {
      const Person* recipient = people_.recipient_without_owner(reminder_.to, team);
      std::vector<MatchingRow>& rows = found_[recipient->id];
      rows_.each(nullptr, false, reader(*recipient), [&](MatchingRow&& row) {
        if (row.team == team) rows.push_back(std::move(row));
      });
    }
  }

  void explain_unreachable(const Person& owner) {
    std::int64_t count = 0;
    rows_.each(&owner, false, {0, false, session_.zone()}, [&](MatchingRow&&) { ++count; });
    if (count > 0)
      skipped_.push_back(note(count, "owned by " + quoted(owner.name) + ", and nobody to take their place"));
  }

  std::string note(std::int64_t count, const std::string& why) const {
    const Label& label = entity(reminder_.kind).label;
    const Label& plural = entity(reminder_.kind).plural;
    return reminder_.name + ": skipped " + std::to_string(count) + ' ' +
           std::string(count == 1 ? label.en : plural.en) + ": " + why;
  }

  NewMessage message(const Person& person, std::vector<MatchingRow> rows) {
    DigestTemplate::Text text =
        template_.render(person, std::move(rows), reader(person).zone.to_local(session_.now()).date);
    NewMessage made{key(person), reminder_.name, person.id, std::move(text.subject), std::move(text.body)};
    made.html = std::move(text.html);
    made.via = reminder_.channel;
    made.hours = reminder_.hours;
    made.made_for = session_.now();
    made.as_of = as_of_;
    return made;
  }

  Session& session_;
  const Reminder& reminder_;
  const People& people_;
  bool explain_;
  Recipients recipients_;
  DigestTemplate template_;
  MatchingRows rows_;
  std::string period_;
  std::int64_t as_of_;
  std::map<std::int64_t, bool> wanted_;
  std::map<std::int64_t, Reader> readers_;
  std::map<std::int64_t, std::vector<MatchingRow>> found_;  // by recipient
  std::int64_t unowned_ = 0;
  std::vector<std::string> skipped_;
};

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
    if (!enqueue(connection, message, session.state().options.now)) continue;
    ++made;
    rules.insert(message.rule);
  }
  for (const std::string& rule : rules) supersede_waiting(connection, rule);
  write.commit();
  return made;
}

// Whether the message goes out with the next flush, and what it says may be so no longer. One that neither
// waited nor was tried was made just now: it is out of date only where something was changed since.
bool is_to_refresh(Session& session, const WaitingMessage& message, std::int64_t last) {
  const Moment now = session.state().options.now;
  if (message.hours.empty() && !message.tried && message.as_of == last) return false;
  return message.next_try <= now && !disturbs(session, message.hours, message.zone, now);
}

// The messages say what is so now, or at the moment they were made for where that lies ahead; one with
// nothing to say any more is cancelled. Inside a Write.
void refresh(Session& session, const Reminder& reminder, const People& people,
             const std::vector<WaitingMessage>& waiting) {
  Recipients recipients{std::set<std::int64_t>(), true};
  Moment moment = session.now();
  for (const WaitingMessage& message : waiting) {
    recipients.only->insert(message.person);
    moment = std::max(moment, message.made_for);
  }
  const SpeakOf then(session, moment);
  std::vector<std::string> skipped;
  std::map<std::int64_t, NewMessage> anew;
  for (NewMessage& message : RuleRun(session, reminder, people, recipients).messages(skipped))
    anew.emplace(message.person, std::move(message));
  for (const WaitingMessage& message : waiting) {
    const auto found = anew.find(message.person);
    if (found != anew.end()) {
      rewrite_waiting(*session.state().connection, message.id, found->second);
    } else {
      cancel_waiting(*session.state().connection, message.id, "there was nothing to remind of any more");
    }
  }
}

void name_without_address(const std::vector<NewMessage>& messages, const People& people,
                          std::vector<std::string>& named) {
  for (const NewMessage& message : messages) {
    const Person& person = *people.find(message.person);
    if (person.email.empty() && std::find(named.begin(), named.end(), person.name) == named.end())
      named.push_back(person.name);
  }
}

}  // namespace

std::int64_t make_digests(Session& session, const Reminder& reminder,
                          std::vector<std::string>& without_address) {
  const People people(session);
  std::vector<std::string> skipped;
  const std::vector<NewMessage> messages = RuleRun(session, reminder, people, {}).messages(skipped);
  name_without_address(messages, people, without_address);
  return put_into_outbox(session, messages);
}

void refresh_waiting(Session& session) {
  const WorkflowRights rights(session);
  Connection& connection = *session.state().connection;
  redirect_from_leavers(session);
  for (const Reminder& reminder : session.state().process().reminders) {
    const auto to_refresh = [&] {
      std::vector<WaitingMessage> waiting = waiting_messages(connection, reminder.name);
      const std::int64_t last = last_change(connection);
      std::erase_if(waiting, [&](const WaitingMessage& one) { return !is_to_refresh(session, one, last); });
      return waiting;
    };
    if (to_refresh().empty()) continue;
    // What is done meanwhile by others waits, and is seen by the next one who refreshes.
    Write write(session);
    supersede_waiting(connection, reminder.name);
    refresh(session, reminder, People(session), to_refresh());
    write.commit();
  }
}

RemindResult remind(Session& session, const RemindOptions& options, MessageSink& sink) {
  require_see_all(session, "may not send reminders");
  std::optional<std::int64_t> only;
  if (!options.to.empty()) only = require_user(session, options.to);
  Recipients recipients;
  if (only) recipients.only = {*only};
  if (!session.dry_run()) refresh_waiting(session);
  const People people(session);
  RemindResult result;
  std::vector<NewMessage> messages;
  DeliveryScope scope{{}, only};
  for (const Reminder& reminder : session.state().process().reminders) {
    scope.rules.push_back(reminder.name);
    std::vector<NewMessage> of_rule =
        RuleRun(session, reminder, people, recipients, options.explain).messages(result.skipped);
    std::move(of_rule.begin(), of_rule.end(), std::back_inserter(messages));
  }
  if (scope.rules.empty()) return result;
  if (session.dry_run()) {
    show(messages, people, session.state().options.now, sink);
  } else {
    result.made = put_into_outbox(session, messages);
  }
  if (options.channel) {
    result.delivery = deliver(session, *options.channel, scope, sink);
    return result;
  }
  name_without_address(messages, people, result.delivery.without_address);
  return result;
}

}  // namespace crm
