// How good the data is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crm/export.h"
#include "crm/session.h"

namespace crm {

struct QualityQuery {
  std::optional<Kind> kind;  // default: customers, contacts and leads
  bool by_owner = false;
  std::int64_t stale_days = 90;
};

struct QualityLine {
  Kind kind{};
  std::string check;  // incomplete, malformed, duplicate, stale, unassigned
  std::string owner;  // a user's name; empty: nobody's, or not asked for
  std::int64_t records = 0;
  std::int64_t of = 0;
};

// For each kind and check how many of its records (not deleted) are concerned:
// incomplete: without a name, or with neither phone nor e-mail, or a contact without customer;
// malformed: a phone that cannot be dialled, or no e-mail address;
// duplicate: records that dedupe would put into others, one of each group left out;
// stale: an open lead or a customer that nobody changed or followed up for `stale_days`;
// unassigned: without an owner.
// Error{usage} for another kind.
CRM_API std::vector<QualityLine> check_quality(Session& session, const QualityQuery& query);

}  // namespace crm
