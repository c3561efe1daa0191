#include "outbox/same_person.h"

#include <set>

#include "base/add_once.h"
#include "base/text.h"
#include "entity/descriptors.h"

namespace crm {
namespace {

// More records than one person has: the number of a switchboard, a mailbox that stands in for "none".
constexpr std::size_t kMostOfOne = 20;
// Whatever they have in common, a person is never all of a list.
constexpr std::size_t kMostRecords = 200;

constexpr Kind kPeople[] = {Kind::customer, Kind::contact, Kind::lead};

constexpr const char* kNoCompany = " AND coalesce(r.type, '') <> 'company'";

// The search index finds the few that can have it; they are then compared.
std::string having_sql(Kind kind, const std::string& column) {
  const std::string base = std::to_string(static_cast<std::int64_t>(kind) << 48);
  return "SELECT r.id FROM search_index s JOIN " + std::string(entity(kind).table) +
         " r ON r.id = s.rowid - " + base + " WHERE s.search_index MATCH $1 AND s.rowid BETWEEN " + base +
         " AND " + base + " + (1 << 48) - 1 AND r.deleted_at IS NULL AND r." + column + " = $2" +
         (kind == Kind::customer ? std::string(kNoCompany) : std::string()) + " LIMIT " +
         std::to_string(kMostOfOne + 1);
}

std::vector<RecordId> having(Connection& connection, const char* column, std::string_view key,
                             std::string_view sought) {
  std::vector<RecordId> found;
  const std::string words = search_text(sought);
  if (words.empty()) return found;
  const std::string phrase = '"' + words + '"';
  const Param params[] = {phrase, key};
  for (const Kind kind : kPeople) {
    connection.each(having_sql(kind, column), params, [&](const Row& row) {
      found.push_back({kind, row.integer(0)});
    });
  }
  if (found.size() > kMostOfOne) found.clear();
  return found;
}

class Closure {
 public:
  explicit Closure(Connection& connection) : connection_(connection) {}

  SamePerson run(const Addressee& addressee) {
    if (addressee.record) add_once(found_.records, *addressee.record);
    add_address(email_key(addressee.address));
    for (std::size_t at = 0; at < found_.records.size() && at < kMostRecords; ++at)
      follow(found_.records[at]);
    return std::move(found_);
  }

 private:
  void add_address(const std::string& key) {
    if (key.empty() || !keys_.insert(key).second) return;
    found_.addresses.push_back(key);
    for (const RecordId record : holders_of(connection_, key)) add_once(found_.records, record);
  }

  void add_all(const std::string& sql, Kind kind, RecordId of) {
    const Param params[] = {of.id};
    std::vector<RecordId> records;
    connection_.each(sql, params, [&](const Row& row) { records.push_back({kind, row.integer(0)}); });
    for (const RecordId record : records) add_once(found_.records, record);
  }

  void follow(RecordId record) {
    const Param of[] = {static_cast<std::int64_t>(record.kind), record.id};
    std::vector<RecordId> merged;
    connection_.each("SELECT loser FROM merge WHERE kind = $1 AND winner = $2 AND unmerged_by IS NULL", of,
                     [&](const Row& row) {
                       merged.push_back({record.kind, row.integer(0)});
                     });
    for (const RecordId one : merged) add_once(found_.records, one);
    if (record.kind == Kind::lead) {
      add_all("SELECT contact FROM lead WHERE id = $1 AND contact IS NOT NULL", Kind::contact, record);
      add_all(std::string("SELECT r.id FROM lead l JOIN customer r ON r.id = l.customer WHERE l.id = $1") +
                  kNoCompany,
              Kind::customer, record);
    } else if (record.kind == Kind::contact) {
      add_all("SELECT id FROM lead WHERE contact = $1", Kind::lead, record);
    } else {
      add_all(std::string("SELECT l.id FROM customer r JOIN lead l ON l.customer = r.id WHERE r.id = $1") +
                  kNoCompany,
              Kind::lead, record);
    }
    follow_keys(record);
  }

  void follow_keys(RecordId record) {
    const Param id[] = {record.id};
    std::string email;
    std::string phone;
    connection_.each("SELECT email_key, " +
                         std::string(record.kind == Kind::customer
                                         ? "CASE WHEN coalesce(type, '') <> 'company' THEN phone_key END"
                                         : "phone_key") +
                         " FROM " + std::string(entity(record.kind).table) + " WHERE id = $1",
                     id, [&](const Row& row) {
                       email = row.text(0);
                       phone = row.text(1);
                     });
    add_address(email);
    if (phone.empty() || !keys_.insert(phone).second) return;
    for (const RecordId other : having(connection_, "phone_key", phone, phone))
      add_once(found_.records, other);
  }

  Connection& connection_;
  SamePerson found_;
  std::set<std::string> keys_;  // addresses and numbers that were followed
};

}  // namespace

std::vector<RecordId> holders_of(Connection& connection, const std::string& address) {
  // A domain in other letters may have been typed in either form.
  const bool two_forms = address.find("xn--") != std::string::npos;
  return having(connection, "email_key", address, two_forms ? address.substr(0, address.find('@')) : address);
}

SamePerson same_person(Connection& connection, const Addressee& addressee) {
  return Closure(connection).run(addressee);
}

}  // namespace crm
