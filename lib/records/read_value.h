// What a user typed for a field, as the value that is stored.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crm/decimal_mark.h"
#include "crm/session.h"
#include "crm/value.h"

namespace crm {

struct ValueText {
  const Field* field = nullptr;
  std::string_view text;
  std::string_view currency;                // of the record, for an amount that names none
  std::string* named_currency = nullptr;    // receives the currency that an amount names
  DecimalMark mark = DecimalMark::unknown;  // of an amount, as parse_money() takes it
};

// Reads the text as the field's type; an empty text is absent. Throws Error{invalid} that names the field,
// with what it takes or the nearest known name; Error{not_found} for a reference to nobody.
Value read_value(Session& session, const ValueText& value);

// The id of the user or team by name, login or e-mail; nothing where there is none.
std::optional<std::int64_t> find_user(Session& session, std::string_view name);
// Whose account of the operating system it is: by login, else by the name of one who has no login.
std::optional<std::int64_t> find_account(Session& session, std::string_view account);
// Who is meant to act: whose account it is, before others who are called so.
std::optional<std::int64_t> find_identity(Session& session, std::string_view name);
// The one that acts, which is looked up once in a Write or group of them.
std::optional<std::int64_t> find_own_user(Session& session);
std::optional<std::int64_t> find_team(Session& session, std::string_view name);
// Error{not_found} with the nearest name.
std::int64_t require_user(Session& session, std::string_view name);
// The team of that name, made with a notice where there is none.
std::int64_t team_or_new(Session& session, std::string_view name);

// A choice by its name, label (any language) or alias; nothing for another word. Case does not count.
const Choice* find_choice(const Field& field, std::string_view text);

// "SOURCE/KEY", a bare key getting `default_source`. Error{invalid} for an empty part or control characters.
std::string read_ref(std::string_view text, std::string_view default_source);
// Splits a cell at ';', trims, leaves out empty parts.
std::vector<std::string> read_list(std::string_view text);
// Error{invalid} for a name with control characters or ';', or an empty one.
std::string read_tag(std::string_view text);

}  // namespace crm
