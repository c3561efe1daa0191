// Who is reminded: users, their managers and the leads of their teams, as they are when a run begins.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crm/session.h"

namespace crm {

struct Person {
  std::int64_t id = 0;
  std::string name;
  std::string email;
  std::string timezone;  // empty: the workflow's
  std::optional<std::int64_t> team;
  std::optional<std::int64_t> manager;
  bool active = false;   // neither deactivated nor deleted
  bool absent = false;   // today is before their `absent_until`
  bool chinese = false;  // reads Chinese
};

class People {
 public:
  explicit People(Session& session);

  // Everybody whom a record may belong to, those who have left included.
  const std::vector<Person>& all() const { return people_; }
  const Person* find(std::optional<std::int64_t> id) const;

  // Who gets what is meant for the owner of a record by the workflow's `to`: "owner", "manager", "team-lead"
  // or a user's name. In place of somebody who has left it is the next manager above who has not. Nobody:
  // null.
  const Person* recipient(std::string_view to, const Person& owner) const;
  // The same for a record without owner, which is the lead's of its team.
  const Person* recipient_without_owner(std::string_view to, std::optional<std::int64_t> team) const;

 private:
  const Person* lead_of(std::optional<std::int64_t> team) const;
  const Person* named(std::string_view name) const;
  const Person* present(const Person* person) const;

  std::vector<Person> people_;                                      // by id
  std::map<std::int64_t, std::optional<std::int64_t>> team_leads_;  // by team
};

}  // namespace crm
