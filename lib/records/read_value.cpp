#include "records/read_value.h"

#include <algorithm>
#include <charconv>

#include "base/digits.h"
#include "base/domain_name.h"
#include "base/money.h"
#include "base/text.h"
#include "crm/error.h"
#include "crm/records.h"
#include "records/session_state.h"
#include "records/write_record.h"

namespace crm {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20;

Error bad_value(const Field& field, std::string_view text, const std::string& wants) {
  return Error(ErrorCode::invalid, std::string(field.name) + " cannot be " + quoted(text), wants)
      .about_field(std::string(field.name));
}

std::string instead(const std::vector<std::string>& known, std::string_view text) {
  if (const auto near = nearest(text, known)) return "did you mean " + quoted(*near) + "?";
  return "it is one of " + listed(known);
}

// What is due on a day is not late before the day is over.
Moment read_moment(Session& session, const Field& field, std::string_view text) {
  const Moment start = parse_when(text, session.now(), session.zone());
  if (!field.deadline) return start;
  const Moment end = parse_when(text, session.now(), session.zone(), DayEdge::end);
  return end == start ? start : end - std::chrono::seconds(1);
}

Value read_integer(const Field& field, std::string_view text) {
  const std::string_view digits = trimmed(text);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size())
    throw bad_value(field, text, "it takes a whole number");
  return number;
}

Value read_boolean(const Field& field, std::string_view text) {
  const std::string word = folded(text);
  for (const char* yes : {"true", "yes", "y", "1", "on", "是", "有"}) {
    if (word == yes) return std::int64_t{1};
  }
  for (const char* no : {"false", "no", "n", "0", "off", "否", "无"}) {
    if (word == no) return std::int64_t{0};
  }
  throw bad_value(field, text, "it takes yes or no");
}

Value read_money(const ValueText& value) {
  const auto amount = parse_money(value.text, value.currency, value.mark);
  if (!amount)
    throw bad_value(*value.field, value.text,
                    "it takes an amount such as 1234.50, with no more decimals than the currency has");
  if (!amount->currency.empty() && amount->currency != value.currency && value.named_currency != nullptr)
    *value.named_currency = amount->currency;
  return amount->minor;
}

Value read_currency(const Field& field, std::string_view text) {
  std::string code(trimmed(text));
  for (char& c : code) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  if (!currency_exponent(code)) throw bad_value(field, text, "it takes an ISO 4217 code such as CNY or USD");
  return code;
}

Value read_stage(Session& session, const Field& field, std::string_view text) {
  std::vector<std::string> known;
  for (const Entity& kind : entities()) {
    for (const Stage& stage : session.state().process().stages_of(kind.kind)) {
      if (stage.name == text || (!stage.label_zh.empty() && stage.label_zh == text) ||
          (!stage.label_en.empty() && stage.label_en == text)) {
        return stage.name;
      }
      known.push_back(stage.name);
    }
  }
  if (const auto near = nearest(text, known)) {
    throw Error(ErrorCode::invalid, "unknown stage " + quoted(text), "did you mean " + quoted(*near) + "?")
        .about_field(std::string(field.name));
  }
  throw Error(ErrorCode::invalid, "unknown stage " + quoted(text), "the workflow has " + listed(known))
      .about_field(std::string(field.name));
}

Value read_choice(const Field& field, std::string_view text) {
  if (const Choice* choice = find_choice(field, text)) return std::string(choice->name);
  std::vector<std::string> names;
  for (const Choice& choice : field.choices) names.emplace_back(choice.name);
  throw bad_value(field, text, instead(names, text));
}

Value read_reference(Session& session, const Field& field, std::string_view text) {
  if (field.target == Kind::user) {
    return require_user(session, text);
  }
  if (field.target == Kind::team) return team_or_new(session, text);
  try {
    return resolve(session, field.target, text).id;
  } catch (Error& error) {
    throw error.about_field(std::string(field.name));
  }
}

Value read_text(const Field& field, std::string_view text) {
  if (text.size() > kMostBytes) {
    throw Error(ErrorCode::invalid, std::string(field.name) + " is longer than 1 MiB", "shorten it")
        .about_field(std::string(field.name));
  }
  if (text.find('\0') != std::string_view::npos) {
    throw Error(ErrorCode::invalid, std::string(field.name) + " contains a NUL character", "take it out")
        .about_field(std::string(field.name));
  }
  return std::string(text);
}

// Spaces around it may be a slip; a line's end or a tab is none, and would be one in a header of a mail.
Value read_email(Session& session, const Field& field, std::string_view text) {
  constexpr std::size_t kLongest = 254;  // RFC 5321, 4.5.3.1.3
  const std::size_t begin = text.find_first_not_of(' ');
  const std::string_view address = text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
  if (!is_email(address) || address.size() > kLongest || address.front() == '-')
    throw bad_value(field, text, "it takes an address such as name@example.com");
  const std::size_t at = address.find('@');
  const std::string_view name = address.substr(0, at);
  std::string notice;
  if (ascii_domain(address.substr(at + 1)).empty()) {
    notice = "an address whose domain can be none is kept, but no mail can go to it";
  } else if (std::any_of(name.begin(), name.end(),
                         [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
    notice = "an address with letters beyond A to Z before the '@' is kept, but not all mail servers take it";
  }
  auto& notices = session.state().notices;
  if (!notice.empty() && std::find(notices.begin(), notices.end(), notice) == notices.end())
    session.notice(notice);
  return std::string(address);
}

std::optional<std::int64_t> find_named(Session& session, Kind kind, std::string_view name) {
  const Param params[] = {name};
  return session.state().connection->query_integer(
      "SELECT id FROM \"" + std::string(entity(kind).table) + "\" WHERE name = $1 AND deleted_at IS NULL",
      params);
}

std::vector<std::string> names_of(Session& session, Kind kind) {
  std::vector<std::string> names;
  session.state().connection->each("SELECT name FROM \"" + std::string(entity(kind).table) +
                                       "\" WHERE deleted_at IS NULL ORDER BY id LIMIT 5000",
                                   {}, [&](const Row& row) { names.emplace_back(row.text(0)); });
  return names;
}

}  // namespace

Value read_value(Session& session, const ValueText& value) {
  const Field& field = *value.field;
  const std::string_view text = value.text;
  if (const std::size_t bad = find_invalid_utf8(text); bad != std::string_view::npos) {
    throw bad_value(field, text, "it is not valid UTF-8 at byte " + std::to_string(bad + 1));
  }
  if (trimmed(text).empty()) return {};
  switch (field.type) {
    case FieldType::integer:
      return read_integer(field, text);
    case FieldType::boolean:
      return read_boolean(field, text);
    case FieldType::money:
      return read_money(value);
    case FieldType::currency:
      return read_currency(field, text);
    case FieldType::date:
      if (const auto date = parse_iso_date(trimmed(text))) return format_date(*date);
      return format_date(
          session.zone().to_local(parse_when(trimmed(text), session.now(), session.zone())).date);
    case FieldType::moment:
      return read_moment(session, field, trimmed(text)).time_since_epoch().count();
    case FieldType::choice:
      return read_choice(field, text);
    case FieldType::stage:
      return read_stage(session, field, trimmed(text));
    case FieldType::reference:
      return read_reference(session, field, trimmed(text));
    case FieldType::email:
      return read_email(session, field, text);
    case FieldType::phone:
      if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; })) {
        throw bad_value(field, text, "it contains control characters");
      }
      return std::string(trimmed(text));
    case FieldType::record: {
      const std::string_view name = trimmed(text);
      const std::size_t slash = name.find('/');
      const Entity* kind = slash == std::string_view::npos ? nullptr : find_entity(name.substr(0, slash));
      if (kind == nullptr) throw bad_value(field, text, "name a record as lead/42 or customer/7");
      const RecordId id = resolve(session, kind->kind, name.substr(slash + 1));
      return to_string(id);
    }
    case FieldType::text:
      return read_text(field, trimmed(text));
    case FieldType::note:
      return read_text(field, text);
    case FieldType::duration:
    case FieldType::tags:
    case FieldType::refs:
      break;
  }
  throw Error(ErrorCode::invalid, std::string(field.name) + " cannot be set")
      .about_field(std::string(field.name));
}

std::optional<std::int64_t> find_user(Session& session, std::string_view name) {
  if (const auto by_name = find_named(session, Kind::user, name)) return by_name;
  Connection& connection = *session.state().connection;
  const Param login[] = {name};
  if (const auto by_login =
          connection.query_integer("SELECT id FROM user WHERE login = $1 AND deleted_at IS NULL", login))
    return by_login;
  if (name.find('@') != std::string_view::npos) {
    const std::string key = email_key(name);
    const Param email[] = {key};
    if (const auto by_email = connection.query_integer(
            "SELECT id FROM user WHERE email_key = $1 AND deleted_at IS NULL", email))
      return by_email;
  }
  if (const auto record = parse_record_id(name);
      record && record->kind == Kind::user && find_record(session, *record))
    return record->id;
  return std::nullopt;
}

std::optional<std::int64_t> find_account(Session& session, std::string_view account) {
  Connection& connection = *session.state().connection;
  const Param login[] = {account};
  if (const auto user =
          connection.query_integer("SELECT id FROM user WHERE login = $1 AND deleted_at IS NULL", login))
    return user;
  const auto named = find_named(session, Kind::user, account);
  if (!named) return std::nullopt;
  const Param id[] = {*named};
  return connection.query_integer("SELECT id FROM user WHERE id = $1 AND login IS NULL", id);
}

std::optional<std::int64_t> find_identity(Session& session, std::string_view name) {
  if (const auto user = find_account(session, name)) return user;
  return find_user(session, name);
}

std::optional<std::int64_t> find_own_user(Session& session) {
  Session::State& state = session.state();
  if (state.write_depth == 0) return find_identity(session, session.login());
  if (!state.own_user) state.own_user = find_identity(session, session.login());
  return *state.own_user;
}

std::optional<std::int64_t> find_team(Session& session, std::string_view name) {
  return find_named(session, Kind::team, name);
}

std::int64_t require_user(Session& session, std::string_view name) {
  if (const auto user = find_user(session, name)) return *user;
  if (name == "me") {
    if (const auto me = find_own_user(session)) return *me;
  }
  if (name.starts_with("ref:") || (!name.empty() && std::all_of(name.begin(), name.end(), is_digit)))
    return resolve(session, Kind::user, name).id;
  const auto near = nearest(name, names_of(session, Kind::user));
  throw Error(
      ErrorCode::not_found, "there is no user " + quoted(name),
      near ? "did you mean " + quoted(*near) + "?" : "add it with 'crm user add " + std::string(name) + "'")
      .about_field("owner");
}

std::int64_t team_or_new(Session& session, std::string_view name) {
  if (const auto team = find_team(session, name)) return *team;
  const FieldText fields[] = {{"name", std::string(name)}};
  const std::int64_t id = add(session, Kind::team, fields).record.id;
  session.notice("made the team " + quoted(name));
  return id;
}

const Choice* find_choice(const Field& field, std::string_view text) {
  const std::string word = folded(text);
  for (const Choice& choice : field.choices) {
    if (word == folded(choice.name) || word == folded(choice.label.en) || word == folded(choice.label.zh))
      return &choice;
    std::string_view aliases = choice.aliases;
    while (!aliases.empty()) {
      const std::size_t bar = aliases.find('|');
      if (word == folded(aliases.substr(0, bar))) return &choice;
      if (bar == std::string_view::npos) break;
      aliases.remove_prefix(bar + 1);
    }
  }
  return nullptr;
}

std::string read_ref(std::string_view text, std::string_view default_source) {
  text = trimmed(text);
  const std::size_t slash = text.find('/');
  std::string ref = slash == std::string_view::npos ? std::string(default_source) + '/' + std::string(text)
                                                    : std::string(text);
  const std::size_t at = ref.find('/');
  const bool control =
      std::any_of(ref.begin(), ref.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  if (at == 0 || at + 1 == ref.size() || control || ref.find(';') != std::string::npos) {
    throw Error(ErrorCode::invalid, "a reference cannot be " + quoted(text), "it takes SOURCE/KEY")
        .about_field("ref");
  }
  return ref;
}

std::vector<std::string> read_list(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::size_t end = text.find(';');
    const std::string_view item = trimmed(text.substr(0, end));
    if (!item.empty()) items.emplace_back(item);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return items;
}

std::string read_tag(std::string_view text) {
  text = trimmed(text);
  const bool control =
      std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  if (text.empty() || control || text.find(';') != std::string_view::npos || !is_valid_utf8(text) ||
      character_count(text) > 200) {
    throw Error(ErrorCode::invalid, "a tag cannot be " + quoted(text), "it takes a short name without ';'")
        .about_field("tags");
  }
  return std::string(text);
}

}  // namespace crm
