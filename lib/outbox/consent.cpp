#include "crm/consent.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "base/text.h"
#include "crm/error.h"
#include "entity/descriptors.h"
#include "outbox/carry_consent.h"
#include "outbox/lease.h"
#include "outbox/mail_message.h"
#include "outbox/outbox_columns.h"
#include "outbox/permission.h"
#include "outbox/said_at.h"
#include "outbox/same_person.h"
#include "outbox/standing.h"
#include "records/read_value.h"
#include "records/rights.h"
#include "records/session_state.h"
#include "records/write_record.h"

namespace crm {
namespace {

constexpr std::size_t kAbout = field<Kind::consent>("about");
constexpr std::size_t kAddress = field<Kind::consent>("address");
constexpr std::size_t kPurpose = field<Kind::consent>("purpose");
constexpr std::size_t kState = field<Kind::consent>("state");
constexpr std::size_t kAt = field<Kind::consent>("at");
constexpr std::size_t kEvidence = field<Kind::consent>("evidence");
constexpr std::size_t kBy = field<Kind::consent>("by");

std::string address_of(Session& session, const ConsentStatement& statement) {
  if (!statement.address.empty() || !statement.person) return statement.address;
  const std::size_t position = session.view(statement.person->kind).position("email");
  return std::string(load_record(session, *statement.person).text(position));
}

void check(const ConsentStatement& statement) {
  if (!is_purpose(statement.purpose)) {
    throw Error(ErrorCode::invalid, quoted(statement.purpose) + " is no purpose", std::string(kPurposeForm))
        .about_field("purpose");
  }
  if (!statement.address.empty() && mail_address(statement.address).empty())
    throw Error(ErrorCode::invalid, quoted(statement.address) + " is no e-mail address")
        .about_field("address");
  if (!statement.person) return;
  const Kind kind = statement.person->kind;
  if (kind != Kind::customer && kind != Kind::contact && kind != Kind::lead)
    throw Error(ErrorCode::invalid, to_string(*statement.person) + " is nobody who could agree to anything",
                "name a contact, a lead or a customer");
}

Addressee addressee_of(const ConsentStatement& statement, const std::string& address) {
  return {statement.person, address};
}

// The latest moment at which anything was said on the purpose; nothing where nothing was, or no consent was.
std::optional<std::int64_t> latest_moment(const std::vector<Statement>& statements, bool given_only) {
  std::optional<std::int64_t> latest;
  for (const Statement& one : statements) {
    if ((one.given || !given_only) && (!latest || *latest < one.at)) latest = one.at;
  }
  return latest;
}

// What is said now is said after all that was said before, also within one second. Consent that is dated
// ahead is overruled by a withdrawal anyway.
std::int64_t moment_now(Session& session, const std::vector<Statement>& before, bool given) {
  const std::int64_t now = now_seconds(session);
  const auto latest = latest_moment(before, false);
  if (!latest || *latest < now) return now;
  return given || *latest < now + kMostAhead ? *latest + 1 : now;
}

struct When {
  std::int64_t at = 0;
  std::string said = {};  // when that was, where it counts from another moment
};

// A withdrawal that comes to our knowledge after consent was given again counts from now: it wins.
When moment_of(Session& session, const ConsentStatement& statement, const std::vector<Statement>& before) {
  if (statement.at.empty()) return {moment_now(session, before, statement.given)};
  const Field& field = *session.view(Kind::consent).fields()[kAt];
  const Value read = read_value(session, {&field, statement.at, {}, nullptr});
  if (is_null(read)) return {moment_now(session, before, statement.given)};
  const std::int64_t at = std::get<std::int64_t>(read);
  check_said_at(session, at, statement.at);
  const auto consent = latest_moment(before, true);
  if (statement.given || !consent || *consent <= at) return {at};
  session.notice("consent was given on " +
                 format_moment(Moment(std::chrono::seconds(*consent)), session.zone()) +
                 ", after that: the withdrawal counts from now");
  return {moment_now(session, before, false),
          format_moment(Moment(std::chrono::seconds(at)), session.zone())};
}

// Opting out is never made to wait for a proof: who entered it, and how, is one.
std::string evidence_of(const Session& session, const ConsentStatement& statement, const std::string& said) {
  std::string evidence = statement.evidence;
  if (evidence.empty() && !statement.given)
    evidence = std::string("entered by ") + session.login() + " with 'crm consent " +
               (statement.purpose == kAnyContact ? "block'" : "withdraw'");
  if (said.empty()) return evidence;
  return "said on " + said + (evidence.empty() ? "" : "; " + evidence);
}

// Says where somebody may still not be written to although they just agreed.
void tell_refusal(Session& session, const ConsentStatement& statement, const std::string& address) {
  if (!statement.given) return;
  const std::string purpose = statement.purpose == kAnyContact ? std::string() : statement.purpose;
  const std::string refusal =
      refusal_of(*session.state().connection, addressee_of(statement, address), purpose);
  if (refusal.empty()) return;
  const std::string who = statement.person ? to_string(*statement.person) : quoted(address);
  session.notice(who + " still gets nothing: " + refusal + " ('crm consent show " +
                 (statement.person ? who : address) + "')");
}

// The statement is made about that record too, as it was said. Read here: it may be about a record that the
// acting user does not see.
void copy_statement(Session& session, std::int64_t statement, RecordId about) {
  StoredRecord copy = new_record(session, Kind::consent);
  copy[kAbout] = to_string(about);
  const Param params[] = {statement};
  session.state().connection->each(
      "SELECT purpose, state, at, address, evidence, by_user FROM consent WHERE id = $1", params,
      [&](const Row& row) {
        copy[kPurpose] = std::string(row.text(0));
        copy[kState] = std::string(row.text(1));
        copy[kAt] = row.integer(2);
        if (!row.is_null(3)) copy[kAddress] = std::string(row.text(3));
        if (!row.is_null(4)) copy[kEvidence] = std::string(row.text(4));
        if (!row.is_null(5)) copy[kBy] = row.integer(5);
      });
  insert_record(session, copy, Origin::command);
}

// Whoever gives it by an address gives it for all who have that: what others said there would count no more.
void check_may_give(Session& session, const std::string& address) {
  const std::vector<RecordId> holders = holders_of(*session.state().connection, email_key(address));
  if (std::all_of(holders.begin(), holders.end(), [&](RecordId holder) { return may_see(session, holder); }))
    return;
  throw Error(ErrorCode::not_permitted,
              quoted(session.login()) + " may not say that whoever has " + quoted(address) + " agrees",
              "say it of a record of your own: 'crm consent give lead/1'");
}

WriteResult write_statement(Session& session, const ConsentStatement& statement) {
  const KindView& view = session.view(Kind::consent);
  const std::string address = address_of(session, statement);
  if (statement.given && !statement.person) check_may_give(session, address);
  auto known = statements_about_person(*session.state().connection, addressee_of(statement, address));
  const When when = moment_of(session, statement, known[statement.purpose]);
  StoredRecord record = new_record(session, Kind::consent);
  if (statement.person) record[kAbout] = to_string(*statement.person);
  record[kAddress] = read_value(session, {view.fields()[kAddress], address, {}, nullptr});
  record[kPurpose] = statement.purpose;
  record[kState] = std::string(statement.given ? "given" : "withdrawn");
  record[kAt] = when.at;
  record[kEvidence] = read_value(
      session, {view.fields()[kEvidence], evidence_of(session, statement, when.said), {}, nullptr});
  if (const auto user = find_own_user(session)) record[kBy] = *user;
  insert_record(session, record, Origin::command);
  // Whoever opts out by an address has done so when they get another one.
  if (!statement.given && !statement.person) {
    for (const RecordId holder : holders_of(*session.state().connection, email_key(address)))
      copy_statement(session, record.id.id, holder);
  }
  tell_refusal(session, statement, address);
  return {record.id, Written::added};
}

bool works_for(Connection& connection, RecordId contact, RecordId customer) {
  if (contact.kind != Kind::contact || customer.kind != Kind::customer) return false;
  const Param params[] = {contact.id, customer.id};
  return connection.exists("SELECT 1 FROM contact WHERE id = $1 AND customer = $2", params);
}

// Whether some process hands a message to the person over at this moment.
bool is_on_its_way(Session& session, const ConsentStatement& statement) {
  Connection& connection = *session.state().connection;
  std::vector<std::pair<std::optional<RecordId>, std::string>> leased;  // to which record, and address
  const Moment now = SystemClock().now();
  connection.each(
      std::string(
          "SELECT o.lease, o.lease_until, o.address, o.recipient_kind, o.recipient FROM outbox o WHERE ") +
          kNotEnded + " AND o.state = 'sending'",
      {}, [&](const Row& row) {
        if (is_lease_free(row.text(0), Moment(std::chrono::seconds(row.integer(1))), now)) return;
        std::optional<RecordId> to;
        if (!row.is_null(3)) to = RecordId{static_cast<Kind>(row.integer(3)), row.integer(4)};
        leased.emplace_back(to, email_key(row.text(2)));
      });
  if (leased.empty()) return false;
  const SamePerson person = same_person(connection, addressee_of(statement, address_of(session, statement)));
  const auto holds = [](const auto& all, const auto& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  };
  return std::any_of(leased.begin(), leased.end(), [&](const auto& message) {
    const auto& [to, address] = message;
    return holds(person.addresses, address) ||
           (to && (holds(person.records, *to) ||
                   (statement.person && works_for(connection, *to, *statement.person))));
  });
}

// True with the statements written and nothing on its way; false where something is.
bool write_when_quiet(Session& session, std::span<const ConsentStatement> statements,
                      std::vector<WriteResult>& results) {
  Write write(session);
  for (const ConsentStatement& statement : statements) {
    if (!statement.given && is_on_its_way(session, statement)) return false;
  }
  for (const ConsentStatement& statement : statements) results.push_back(write_statement(session, statement));
  write.commit();
  return true;
}

}  // namespace

std::vector<WriteResult> state_consent(Session& session, std::span<const ConsentStatement> statements) {
  for (const ConsentStatement& statement : statements) check(statement);
  std::vector<WriteResult> results;
  constexpr std::chrono::milliseconds kPause{20};
  const auto deadline = std::chrono::steady_clock::now() + kLeaseTime + std::chrono::seconds(5);
  while (!write_when_quiet(session, statements, results)) {
    results.clear();
    if (session.state().write_depth > 0 || std::chrono::steady_clock::now() > deadline) {
      throw Error(ErrorCode::busy, "a message to them is being sent at this moment", "try again");
    }
    std::this_thread::sleep_for(kPause);
  }
  return results;
}

void carry_consent(Session& session, RecordId from, RecordId to) {
  const std::string address = address_of(session, {from, {}});
  for (const auto& [purpose, said] : statements_about(*session.state().connection, {from, address}))
    copy_statement(session, decisive(said).id, to);
}

namespace {

// What counts for the addressee: what was said about them, and opt-outs of other records of the same person.
Statements said_of(Connection& connection, const Addressee& addressee) {
  Statements statements = statements_about(connection, addressee);
  if (!addressee.record) return statements;
  for (auto& [purpose, said] : statements_about_person(connection, addressee)) {
    if (!decisive(said).given) statements[purpose] = std::move(said);
  }
  return statements;
}

}  // namespace

void show_consent(Session& session, const std::optional<RecordId>& person, const std::string& address,
                  RowSink& sink) {
  static const std::vector<Column> kColumns = {{.name = "purpose", .label = "purpose"},
                                               {.name = "state", .label = "state"},
                                               {.name = "since", .label = "since", .moment = true},
                                               {.name = "evidence", .label = "evidence", .wide = true},
                                               {.name = "by", .label = "by"},
                                               {.name = "statement", .label = "statement"},
                                               {.name = "about", .label = "about"}};
  Connection& connection = *session.state().connection;
  const std::string its_address = address_of(session, {person, address});
  Statements statements = said_of(connection, {person, its_address});
  const auto text = [](std::string_view value) {
    return Cell{value.empty() ? CellType::null : CellType::text, value, {}};
  };
  const auto is_seen = [&](const Statement& one) { return may_see(session, {Kind::consent, one.id}); };
  // Of a statement about somebody else's record it is told what it means, not of whom it was said.
  const auto show_purpose = [&](const std::string& purpose, const std::vector<Statement>& said) {
    if (!person && std::none_of(said.begin(), said.end(), is_seen)) return;
    const Statement& counts = decisive(said);
    const bool seen = is_seen(counts);
    const Param params[] = {counts.id};
    connection.each(
        "SELECT coalesce(c.evidence, ''), coalesce(u.name, ''), c.about_kind, c.about_id, "
        "coalesce(c.address, "
        "'') FROM consent c LEFT JOIN user u ON u.id = c.by_user WHERE c.id = $1",
        params, [&](const Row& row) {
          const std::string since = format_moment(Moment(std::chrono::seconds(counts.at)), session.zone());
          const std::string statement = to_string(RecordId{Kind::consent, counts.id});
          const std::string about(
              row.is_null(2) ? std::string(row.text(4))
                             : to_string(RecordId{static_cast<Kind>(row.integer(2)), row.integer(3)}));
          const auto if_seen = [&](std::string_view value) {
            return text(seen ? value : std::string_view());
          };
          const Cell cells[] = {text(purpose),        text(counts.given ? "given" : "withdrawn"),
                                text(since),          if_seen(row.text(0)),
                                if_seen(row.text(1)), if_seen(statement),
                                if_seen(about)};
          sink.row(cells);
        });
  };
  sink.begin(kColumns);
  if (const auto any_contact = statements.extract(kAnyContact))
    show_purpose(any_contact.key(), any_contact.mapped());
  for (const auto& [purpose, said] : statements) show_purpose(purpose, said);
  sink.end();
}

}  // namespace crm
