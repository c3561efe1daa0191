// All records of one person: they may be a lead, the contact and the customer made of it, and records that
// were merged, imported or typed twice.
#pragma once

#include <string>
#include <vector>

#include "outbox/permission.h"
#include "store/connection.h"

namespace crm {

struct SamePerson {
  std::vector<RecordId> records;       // the addressee's own first; deleted ones are among them
  std::vector<std::string> addresses;  // folded (email_key()), the addressee's own first
};

// What follows from conversions, merges, and equal e-mail addresses and phone numbers, on and on. A company
// is nobody: its phone is shared by all who work there. Nor is an address or a number followed that very many
// have in common.
SamePerson same_person(Connection& connection, const Addressee& addressee);

// The people's records that have this address (folded) now; none where very many have it.
std::vector<RecordId> holders_of(Connection& connection, const std::string& address);

}  // namespace crm
