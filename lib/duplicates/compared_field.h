// Which fields of a kind are compared, and how.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "process/dedupe.h"
#include "records/session_state.h"

namespace crm {

enum class Sort : std::uint8_t { phone, email, name, company, number, text };

// How alike two values are; `missing`: one of them is absent, which says nothing.
enum class Likeness : std::int8_t { missing = -1, different = 0, somewhat = 1, nearly = 2, equal = 3 };
inline constexpr std::size_t kLikenesses = 4;

struct ComparedField {
  const Field* field = nullptr;
  Sort sort = Sort::text;
  bool shared = false;  // colleagues or neighbours have it in common: a company, an address, a switchboard
  double least_similarity = 0;  // from the workflow file: at or above it two values count as nearly equal; 0:
                                // the program's own measure
};

// The kind's fields that tell one record from another: those that the workflow's `dedupe` names, or else all
// texts, phones, e-mails and dates but for those that classify (level, source …).
std::vector<ComparedField> compared_fields(Session& session, Kind kind, const DedupeRules* rules);

// The value in its normal form; empty where there is none.
std::string normal_form(const ComparedField& field, std::string_view value, std::string_view country);
// Of two values in normal form.
Likeness likeness(const ComparedField& field, std::string_view a, std::string_view b);

}  // namespace crm
