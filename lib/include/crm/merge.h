// Two records of one thing made one, and parted again.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "crm/export.h"
#include "crm/records.h"

namespace crm {

// How many records of a kind point to the winner and to the others by a field, before and after.
struct MergedChildren {
  std::string kind;
  std::string field;
  std::int64_t winner_before = 0;
  std::int64_t others_before = 0;
  std::int64_t winner_after = 0;
  std::int64_t others_after = 0;  // stage changes stay with their own record
};

// A field in which both have a value: the winner keeps its own. Texts as the acting user may see them.
struct MergeDifference {
  RecordId other;
  std::string field;
  std::string kept;
  std::string left;  // the other's
  bool in_note =
      false;  // of the winner; else only the other, deleted, has it, since some roles do not see it
};

struct MergeResult {
  RecordId winner;
  std::vector<RecordId> merged;
  std::vector<std::string> filled;  // fields that the winner did not have, and a note added to its own
  std::vector<MergeDifference> differences;
  std::vector<MergedChildren> children;
};

// Makes the losers part of the winner: what points to them points to it; it gets their tags, references, and
// the values of fields that it does not have. What they say otherwise is added to its note. They are
// deleted, keep what they hold, and their numbers lead to the winner. In one Write. Error{usage} for another
// kind than customer, contact and lead, or for a record with itself.
CRM_API MergeResult merge(Session& session, RecordId winner, std::span<const RecordId> losers);

// Merges each group of duplicates whose pairs are at least so likely one, into the one with the smallest
// number.
CRM_API std::vector<MergeResult> merge_duplicates(Session& session, Kind kind, double min_score);

struct UnmergeResult {
  RecordId loser, winner;
  std::int64_t records = 0;       // that were changed back
  std::vector<std::string> kept;  // "customer/12: phone was changed since"
  // Of a third record, which the winner is part of: "customer/1: phone came from it by way of customer/12".
  // It gives that back when the winner leaves it.
  std::vector<std::string> passed_on;
};
// Gives back what the merge moved. What was changed since stays, and is named. Error{not_found} for a record
// that is part of no other.
CRM_API UnmergeResult unmerge(Session& session, RecordId loser);

}  // namespace crm
