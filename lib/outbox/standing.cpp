#include "outbox/standing.h"

#include <algorithm>
#include <tuple>

#include "base/text.h"

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

}  // namespace

std::map<std::string, std::vector<Statement>> statements_about(Connection& connection,
                                                               const Addressee& addressee) {
  std::map<std::string, std::vector<Statement>> statements;
  const std::string key = email_key(addressee.address);
  const Param params[] = {
      addressee.record ? Param(static_cast<std::int64_t>(addressee.record->kind)) : Param(),
      addressee.record ? Param(addressee.record->id) : Param(), Param(key)};
  connection.each(
      "SELECT purpose, id, state, at, created_at FROM consent WHERE about_kind = $1 AND about_id = $2 AND "
      "deleted_at IS NULL UNION SELECT purpose, id, state, at, created_at FROM consent WHERE address_key = "
      "$3 AND $3 <> '' AND deleted_at IS NULL",
      params, [&](const Row& row) {
        statements[std::string(row.text(0))].push_back(
            {row.integer(1), row.text(2) == "given", row.integer(3), row.integer(4)});
      });
  return statements;
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
  return consent != nullptr ? *consent : *withdrawal;
}

}  // namespace crm
