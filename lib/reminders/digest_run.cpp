#include "reminders/digest_run.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/text.h"
#include "crm/error.h"
#include "outbox/digest_names.h"
#include "outbox/person_zone.h"
#include "outbox/plain_text.h"
#include "outbox/waiting.h"
#include "process/schedule.h"
#include "records/session_state.h"

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

const MessageTemplate& template_of(const Process& process, const Reminder& reminder) {
  if (const MessageTemplate* found = process.find_template(reminder.template_name)) return *found;
  throw Error(ErrorCode::invalid,
              "the reminder " + quoted(reminder.name) + " has no template " + quoted(reminder.template_name),
              "apply a workflow file that has it");
}

// What the template is filled with. The rows are put in the order of their due times. `day` is the day where
// the person lives.
TemplateScope scope_of(const Person& person, std::vector<MatchingRow> rows, Date day) {
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
  return scope;
}

}  // namespace

std::int64_t last_change(Session& session) {
  return session.state().connection->query_integer("SELECT max(id) FROM change").value_or(0);
}

DigestRun::DigestRun(Session& session, const Reminder& reminder, const People& people,
                     DigestRecipients recipients, bool explain)
    : session_(session),
      reminder_(reminder),
      people_(people),
      explain_(explain),
      recipients_(std::move(recipients)),
      form_(template_of(session.state().process(), reminder)),
      rows_(session, reminder, form_.names()),
      period_(period_name(reminder, session.now(), session.zone(), session.state().process().calendar)),
      as_of_(last_change(session)) {}

std::vector<NewMessage> DigestRun::messages(std::vector<std::string>& skipped) {
  for (const Person& owner : people_.all()) {
    collect(owner, reminder_.to, false);
    if (!reminder_.escalate_to.empty()) collect(owner, reminder_.escalate_to, true);
  }
  collect_unowned();
  std::vector<NewMessage> result;
  for (auto& [id, rows] : found_) {
    if (!rows.empty()) result.push_back(message(*people_.find(id), std::move(rows)));
  }
  if (!recipients_.only && unowned_ > 0)
    skipped.push_back(note(unowned_, "no owner, and nobody to take their place"));
  std::move(skipped_.begin(), skipped_.end(), std::back_inserter(skipped));
  return result;
}

std::string DigestRun::key(const Person& person) const {
  return reminder_.name + '/' + std::to_string(person.id) + '/' + period_;
}

bool DigestRun::is_wanted(const Person& person) {
  const auto [known, added] = wanted_.try_emplace(person.id, false);
  if (!added) return known->second;
  known->second = (!recipients_.only || recipients_.only->count(person.id) > 0) && !person.absent &&
                  (recipients_.again || !has_it(person));
  if (person.absent && explain_)
    skipped_.push_back(reminder_.name + ": " + quoted(person.name) + " is absent");
  return known->second;
}

bool DigestRun::has_it(const Person& person) {
  Connection& connection = *session_.state().connection;
  if (!ahead_) ahead_ = reminded_ahead(connection, reminder_.name, session_.now());
  return ahead_->count(person.id) > 0 || is_reminded(connection, key(person));
}

const Reader& DigestRun::reader(const Person& person) {
  const auto [known, added] = readers_.try_emplace(person.id);
  if (added)
    known->second = {person.id, person.chinese, zone_of_person(session_, person.timezone),
                     concealed_from_user(session_, person.id)};
  return known->second;
}

void DigestRun::collect(const Person& owner, std::string_view to, bool escalated) {
  const Person* recipient = people_.recipient(to, owner);
  if (recipient == nullptr) {
    if (!recipients_.only && !escalated) explain_unreachable(owner);
    return;
  }
  if (!is_wanted(*recipient)) return;
  std::vector<MatchingRow>& rows = found_[recipient->id];
  // Who gets the rows anyway gets them once.
  if (escalated && people_.recipient(reminder_.to, owner) == recipient) return;
  rows_.each(&owner, escalated, reader(*recipient),
             [&](MatchingRow&& row) { rows.push_back(std::move(row)); });
}

void DigestRun::collect_unowned() {
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

void DigestRun::explain_unreachable(const Person& owner) {
  std::int64_t count = 0;
  rows_.each(&owner, false, {0, false, session_.zone()}, [&](MatchingRow&&) { ++count; });
  if (count > 0)
    skipped_.push_back(note(count, "owned by " + quoted(owner.name) +
                                       ", and nobody to take their place; 'crm user transfer " + owner.name +
                                       " --to USER' hands them over"));
}

std::string DigestRun::note(std::int64_t count, const std::string& why) const {
  const Label& label = entity(reminder_.kind).label;
  const Label& plural = entity(reminder_.kind).plural;
  return reminder_.name + ": skipped " + std::to_string(count) + ' ' +
         std::string(count == 1 ? label.en : plural.en) + ": " + why;
}

NewMessage DigestRun::message(const Person& person, std::vector<MatchingRow> rows) {
  const Date day = reader(person).zone.to_local(session_.now()).date;
  MessageForm::Texts text = form_.render(scope_of(person, std::move(rows), day));
  NewMessage made{key(person), reminder_.name, person.id, std::move(text.subject), std::move(text.body)};
  made.html = std::move(text.html);
  made.via = reminder_.channel;
  made.hours = reminder_.hours;
  made.made_for = session_.now();
  made.as_of = as_of_;
  return made;
}

}  // namespace crm
