// What counts of all that people said on being written to.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "outbox/permission.h"
#include "store/connection.h"

namespace crm {

struct Statement {
  std::int64_t id = 0;  // of the record; later ones were entered later
  bool given = false;
  std::int64_t at = 0;          // when it was said, in seconds since 1970
  std::int64_t entered_at = 0;  // when it was entered
};

// By purpose.
using Statements = std::map<std::string, std::vector<Statement>>;

// Those about the record or its address.
Statements statements_about(Connection& connection, const Addressee& addressee);
// Those about the person under whatever record or address (same_person.h); of the company that a contact
// works for, what it said on any contact.
Statements statements_about_person(Connection& connection, const Addressee& addressee);

// The one that counts of those on a purpose, which must be at least one: the latest withdrawal, unless
// consent was given after it. One that is dated ahead of a withdrawal's entry, and was entered before, came
// before it.
const Statement& decisive(std::span<const Statement> statements);

}  // namespace crm
