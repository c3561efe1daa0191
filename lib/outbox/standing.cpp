#include "outbox/standing.h"

#include <algorithm>
#include <cassert>
#include <set>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "crm/consent.h"
#include "outbox/same_person.h"

namespace crm {
namespace {

// What lies further ahead of a later entry was dated ahead, by hand or by a clock that went wrong.
constexpr std::int64_t kSkew = 60;

bool overrules(const Statement& withdrawal, const Statement& consent) {
  if (withdrawal.at >= consent.at) return true;
  return withdrawal.id > consent.id && consent.at > withdrawal.entered_at + kSkew;
}

bool is_earlier(const Statement& a, const Statement& b) {
  return std::tuple(a.at, a.id) < std::tuple(b.at, b.id);
}

constexpr std::string_view kSelectStatements =
    "SELECT purpose, id, state, at, created_at FROM consent WHERE ";

class Collected {
 public:
  explicit Collected(Connection& connection) : connection_(connection) {}

  void about(RecordId record) {
    const Param params[] = {static_cast<std::int64_t>(record.kind), record.id};
    add("about_kind = $1 AND about_id = $2", params);
  }
  void about_address(const std::string& key) {
    const Param params[] = {key};
    if (!key.empty()) add("address_key = $1", params);
  }
  void about_company_of(RecordId contact) {
    const Param params[] = {contact.id, kAnyContact};
    add("about_kind = 3 AND about_id = (SELECT customer FROM contact WHERE id = $1) AND purpose = $2",
        params);
  }

  Statements take() { return std::move(statements_); }

 private:
  void add(std::string_view condition, Params params) {
    connection_.each(std::string(kSelectStatements) + std::string(condition) + " AND deleted_at IS NULL",
                     params, [&](const Row& row) {
                       if (!seen_.insert(row.integer(1)).second) return;
                       statements_[std::string(row.text(0))].push_back(
                           {row.integer(1), row.text(2) == "given", row.integer(3), row.integer(4)});
                     });
  }

  Connection& connection_;
  std::set<std::int64_t> seen_;
  Statements statements_;
};

}  // namespace

Statements statements_about(Connection& connection, const Addressee& addressee) {
  Collected statements(connection);
  if (addressee.record) statements.about(*addressee.record);
  statements.about_address(email_key(addressee.address));
  return statements.take();
}

Statements statements_about_person(Connection& connection, const Addressee& addressee) {
  Collected statements(connection);
  const SamePerson person = same_person(connection, addressee);
  for (const RecordId record : person.records) {
    statements.about(record);
    if (record.kind == Kind::contact) statements.about_company_of(record);
  }
  for (const std::string& address : person.addresses) statements.about_address(address);
  return statements.take();
}

const Statement& decisive(std::span<const Statement> statements) {
  const Statement* consent = nullptr;
  const Statement* withdrawal = nullptr;
  for (const Statement& one : statements) {
    const Statement*& latest = one.given ? consent : withdrawal;
    if (one.given && std::any_of(statements.begin(), statements.end(), [&](const Statement& other) {
          return !other.given && overrules(other, one);
        }))
      continue;
    if (latest == nullptr || is_earlier(*latest, one)) latest = &one;
  }
  const Statement* decides = consent != nullptr ? consent : withdrawal;
  assert(decides != nullptr);
  return *decides;
}

}  // namespace crm
