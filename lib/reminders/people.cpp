#include "reminders/people.h"

#include <algorithm>

#include "records/session_state.h"

namespace crm {

People::People(Session& session) {
  Connection& connection = *session.state().connection;
  const std::string today = format_date(session.zone().to_local(session.now()).date);
  connection.each(
      "SELECT id, name, email, timezone, team, manager, active <> 0 AND deleted_at IS NULL, absent_until, "
      "language FROM \"user\" "
      "ORDER BY id",
      {}, [&](const Row& row) {
        Person person;
        person.id = row.integer(0);
        person.name = row.text(1);
        person.email = row.text(2);
        person.timezone = row.text(3);
        person.team = row.optional_integer(4);
        person.manager = row.optional_integer(5);
        person.active = row.integer(6) != 0;
        person.absent = row.text(7) > today;
        person.chinese = row.text(8) == "zh";
        people_.push_back(std::move(person));
      });
  connection.each("SELECT id, lead FROM team WHERE deleted_at IS NULL", {},
                  [&](const Row& row) { team_leads_.emplace(row.integer(0), row.optional_integer(1)); });
}

const Person* People::find(std::optional<std::int64_t> id) const {
  if (!id) return nullptr;
  const auto found =
      std::lower_bound(people_.begin(), people_.end(), *id,
                       [](const Person& person, std::int64_t wanted) { return person.id < wanted; });
  return found != people_.end() && found->id == *id ? &*found : nullptr;
}

const Person* People::recipient(std::string_view to, const Person& owner) const {
  if (to == "owner") {
    const Person* person = present(&owner);
    return person != nullptr ? person : present(lead_of(owner.team));
  }
  if (to == "manager") return present(find(owner.manager));
  if (to == "team-lead") return present(lead_of(owner.team));
  return present(named(to));
}

const Person* People::recipient_without_owner(std::string_view to, std::optional<std::int64_t> team) const {
  const Person* lead = lead_of(team);
  if (to == "owner" || to == "team-lead") return present(lead);
  if (to == "manager") return present(lead == nullptr ? nullptr : find(lead->manager));
  return present(named(to));
}

const Person* People::lead_of(std::optional<std::int64_t> team) const {
  if (!team) return nullptr;
  const auto found = team_leads_.find(*team);
  return found == team_leads_.end() ? nullptr : find(found->second);
}

const Person* People::named(std::string_view name) const {
  // A name that was used again after a deletion is the present user's.
  const auto found = std::find_if(people_.rbegin(), people_.rend(),
                                  [&](const Person& person) { return person.name == name; });
  return found == people_.rend() ? nullptr : &*found;
}

const Person* People::present(const Person* person) const {
  // Managers may be each other's managers.
  for (std::size_t steps = 0; person != nullptr && !person->active && steps < people_.size(); ++steps)
    person = find(person->manager);
  return person != nullptr && person->active ? person : nullptr;
}

}  // namespace crm
