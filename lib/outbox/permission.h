// Whether somebody may be written to, by what they said.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crm/kind.h"
#include "store/connection.h"

namespace crm {

inline constexpr std::string_view kPurposeForm = "small letters, digits, '-' and '_': newsletter, offers";
// Whether the text can be what somebody agrees to: at most 60 of these, the first a letter. It stands in a
// header of each mail.
bool is_purpose(std::string_view text);

// Who a message is to: a customer, contact or lead, or nothing for one of us; and their address.
struct Addressee {
  std::optional<RecordId> record = {};
  std::string_view address = {};  // may be empty
};

// Why they must not get a message for that purpose (empty: one that needs no consent); an empty text where
// they may. What counts is what was said on the purpose, and on any contact, about the record or its address
// (standing.h); an opt-out also where it was said about another record of the same person (same_person.h).
// Throws where it cannot be read: then nothing may be sent.
std::string refusal_of(Connection& connection, const Addressee& addressee, std::string_view purpose);
// The same of this very record and address alone: some twenty times quicker.
std::string own_refusal_of(Connection& connection, const Addressee& addressee, std::string_view purpose);

}  // namespace crm
