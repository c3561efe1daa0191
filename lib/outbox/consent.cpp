#include "crm/consent.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <thread>

#include "base/text.h"
#include "crm/error.h"
#include "entity/descriptors.h"
#include "outbox/lease.h"
#include "outbox/mail_message.h"
#include "outbox/outbox_columns.h"
#include "outbox/permission.h"
#include "records/read_value.h"
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
constexpr std::size_t kLongestPurpose = 60;

bool is_purpose(std::string_view text) {
  return !text.empty() && text.size() <= kLongestPurpose && text.front() >= 'a' && text.front() <= 'z' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
         });
}

std::string address_of(Session& session, const ConsentStatement& statement) {
  if (!statement.address.empty() || !statement.person) return statement.address;
  const std::size_t position = session.view(statement.person->kind).position("email");
  return std::string(load_record(session, *statement.person).text(position));
}

void check(const ConsentStatement& statement) {
  if (!is_purpose(statement.purpose)) {
    throw Error(ErrorCode::invalid, quoted(statement.purpose) + " is no purpose",
                "small letters, digits and '-': newsletter, offers")
        .about_field("purpose");
  }
  if (!statement.address.empty() && !is_mail_address(statement.address))
    throw Error(ErrorCode::invalid, quoted(statement.address) + " is no e-mail address")
        .about_field("address");
  if (!statement.person) return;
  const Kind kind = statement.person->kind;
  if (kind != Kind::customer && kind != Kind::contact && kind != Kind::lead)
    throw Error(ErrorCode::invalid, to_string(*statement.person) + " is nobody who could agree to anything",
                "name a contact, a lead or a customer");
}

// The later of things said within one second is the later one: by hand, not by a file.
std::int64_t moment_now(Session& session, const ConsentStatement& statement, const std::string& address) {
  const std::string key = email_key(address);
  const Param params[] = {
      statement.person ? Param(static_cast<std::int64_t>(statement.person->kind)) : Param(),
      statement.person ? Param(statement.person->id) : Param(), Param(key), Param(statement.purpose)};
  const auto latest = session.state().connection->query_integer(
      "SELECT max(at) FROM consent WHERE purpose = $4 AND deleted_at IS NULL AND ((about_kind = $1 AND "
      "about_id = $2) "
      "OR (address_key = $3 AND $3 <> ''))",
      params);
  const std::int64_t now = now_seconds(session);
  constexpr std::int64_t kMostAhead = 60;  // what lies further ahead was dated so
  return latest && *latest >= now && *latest < now + kMostAhead ? *latest + 1 : now;
}

WriteResult write_statement(Session& session, const ConsentStatement& statement) {
  const KindView& view = session.view(Kind::consent);
  StoredRecord record = new_record(session, Kind::consent);
  const std::string address = address_of(session, statement);
  if (statement.person) record[kAbout] = to_string(*statement.person);
  record[kAddress] = read_value(session, {view.fields()[kAddress], address, {}, nullptr});
  record[kPurpose] = statement.purpose;
  record[kState] = std::string(statement.given ? "given" : "withdrawn");
  record[kAt] = statement.at.empty() ? Value(moment_now(session, statement, address))
                                     : read_value(session, {view.fields()[kAt], statement.at, {}, nullptr});
  record[kEvidence] = read_value(session, {view.fields()[kEvidence], statement.evidence, {}, nullptr});
  if (const auto user = find_user(session, session.login())) record[kBy] = *user;
  insert_record(session, record, Origin::command);
  return {record.id, Written::added};
}

// Whether some process hands a message to the person over at this moment.
bool is_on_its_way(Session& session, const ConsentStatement& statement) {
  const std::string key = email_key(address_of(session, statement));
  const Param params[] = {
      statement.person ? Param(static_cast<std::int64_t>(statement.person->kind)) : Param(),
      statement.person ? Param(statement.person->id) : Param()};
  const Moment now = SystemClock().now();
  bool found = false;
  session.state().connection->each(
      std::string("SELECT o.lease, o.lease_until, o.address, o.recipient_kind = $1 AND o.recipient = $2 FROM "
                  "outbox o WHERE ") +
          kNotEnded + " AND o.state = 'sending'",
      params, [&](const Row& row) {
        const bool theirs = row.integer(3) != 0 || (!key.empty() && email_key(row.text(2)) == key);
        found = found ||
                (theirs && !is_lease_free(row.text(0), Moment(std::chrono::seconds(row.integer(1))), now));
      });
  return found;
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

void show_consent(Session& session, const std::optional<RecordId>& person, const std::string& address,
                  RowSink& sink) {
  static const std::vector<Column> kColumns = {{.name = "purpose", .label = "purpose"},
                                               {.name = "state", .label = "state"},
                                               {.name = "since", .label = "since", .moment = true},
                                               {.name = "evidence", .label = "evidence", .wide = true},
                                               {.name = "by", .label = "by"},
                                               {.name = "statement", .label = "statement"}};
  const std::string key = email_key(address_of(session, {person, address}));
  const Param params[] = {person ? Param(static_cast<std::int64_t>(person->kind)) : Param(),
                          person ? Param(person->id) : Param(), Param(key), Param(kAnyContact)};
  sink.begin(kColumns);
  std::string last;
  session.state().connection->each(
      "SELECT c.purpose, c.state, c.at, coalesce(c.evidence, ''), coalesce(u.name, ''), c.id FROM consent c "
      "LEFT "
      "JOIN user u ON u.id = c.by_user WHERE c.deleted_at IS NULL AND ((c.about_kind = $1 AND c.about_id = "
      "$2) OR "
      "(c.address_key = $3 AND $3 <> '')) ORDER BY c.purpose <> $4, c.purpose, c.at DESC, c.state DESC, c.id "
      "DESC",
      params, [&](const Row& row) {
        if (row.text(0) == last) return;
        last = row.text(0);
        const std::string since = format_moment(Moment(std::chrono::seconds(row.integer(2))), session.zone());
        const std::string statement = to_string(RecordId{Kind::consent, row.integer(5)});
        const auto text = [](std::string_view value) {
          return Cell{value.empty() ? CellType::null : CellType::text, value, {}};
        };
        const Cell cells[] = {text(last),        text(row.text(1)), text(since),
                              text(row.text(3)), text(row.text(4)), text(statement)};
        sink.row(cells);
      });
  sink.end();
}

}  // namespace crm
