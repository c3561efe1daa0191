#include "crm/quality.h"

#include <map>
#include <set>
#include <string_view>

#include "base/text.h"
#include "crm/duplicates.h"
#include "crm/error.h"
#include "records/rights.h"
#include "records/session_state.h"

namespace crm {
namespace {

constexpr std::string_view kChecks[] = {"incomplete", "malformed", "duplicate", "stale", "unassigned"};

bool has_owner(Kind kind) {
  return kind != Kind::contact;
}

// Counts by owner's number, or all under 0.
class QualityCount {
 public:
  QualityCount(Session& session, const QualityQuery& query, Kind kind)
      : session_(session), connection_(*session.state().connection), query_(query), kind_(kind) {}

  void run(std::vector<QualityLine>& lines) {
    count_rows();
    count_duplicates();
    for (const std::string_view check : kChecks) {
      if (check == "unassigned" && !has_owner(kind_)) continue;
      if (check == "stale" && kind_ == Kind::contact) continue;
      for (const auto& [owner, of] : totals_) {
        const std::string name =
            query_.by_owner && owner != 0 ? session_.state().name_of(Kind::user, owner) : std::string();
        lines.push_back({kind_, std::string(check), name, counts_[{std::string(check), owner}], of});
      }
    }
  }

 private:
  void count(std::string_view check, std::int64_t owner) { ++counts_[{std::string(check), owner}]; }

  // Of a follow-up the moment that it happened, else of the last change.
  std::string touched_sql() const {
    if (kind_ == Kind::contact) return "r.updated_at";
    return "max(r.updated_at, coalesce((SELECT max(f.at) FROM followup f WHERE f.about_kind = " +
           std::to_string(static_cast<int>(kind_)) + " AND f.about_id = r.id AND f.deleted_at IS NULL), 0))";
  }

  bool is_open(std::string_view stage) const {
    if (kind_ != Kind::lead) return true;
    const Stage* found = session_.state().process().find_stage(kind_, stage);
    return found == nullptr || found->outcome == Outcome::none;
  }

  void count_rows() {
    const std::int64_t stale_before = now_seconds(session_) - query_.stale_days * 86400;
    const std::string sql =
        "SELECT r.id, " + std::string(has_owner(kind_) ? "r.owner" : "NULL") +
        ", r.name, r.phone, r.phone_key, r.email, " + (kind_ == Kind::lead ? "r.stage" : "''") + ", " +
        (kind_ == Kind::contact ? "r.customer" : "1") + ", " + touched_sql() + " FROM \"" +
        std::string(entity(kind_).table) + "\" r WHERE r.deleted_at IS NULL" + visible_sql(session_, kind_);
    connection_.each(sql, {}, [&](const Row& row) {
      const std::int64_t owner = query_.by_owner ? row.integer(1) : 0;
      ++totals_[owner];
      if (row.text(2).empty() || (row.is_null(3) && row.is_null(5)) || row.is_null(7))
        count("incomplete", owner);
      if ((!row.is_null(3) && row.is_null(4)) || (!row.is_null(5) && !is_email(row.text(5))))
        count("malformed", owner);
      if (row.integer(8) < stale_before && is_open(row.text(6))) count("stale", owner);
      if (row.is_null(1)) count("unassigned", owner);
    });
  }

  void count_duplicates() {
    std::map<std::int64_t, std::set<std::int64_t>> clusters;
    for (const DuplicatePair& pair : find_duplicates(session_, {kind_, std::nullopt})) {
      if (pair.cluster) clusters[*pair.cluster].insert({pair.a.id, pair.b.id});
    }
    for (auto& [number, records] : clusters) {
      records.erase(records.begin());  // the one that would stay
      for (const std::int64_t id : records) count("duplicate", owner_of(id));
    }
  }

  std::int64_t owner_of(std::int64_t id) {
    if (!query_.by_owner || !has_owner(kind_)) return 0;
    const Param params[] = {id};
    return connection_
        .query_integer("SELECT owner FROM \"" + std::string(entity(kind_).table) + "\" WHERE id = $1", params)
        .value_or(0);
  }

  Session& session_;
  Connection& connection_;
  const QualityQuery& query_;
  Kind kind_;
  std::map<std::int64_t, std::int64_t> totals_;
  std::map<std::pair<std::string, std::int64_t>, std::int64_t> counts_;
};

}  // namespace

std::vector<QualityLine> check_quality(Session& session, const QualityQuery& query) {
  constexpr Kind kKinds[] = {Kind::customer, Kind::contact, Kind::lead};
  std::vector<QualityLine> lines;
  bool known = false;
  for (const Kind kind : kKinds) {
    if (query.kind && *query.kind != kind) continue;
    known = true;
    QualityCount(session, query, kind).run(lines);
  }
  if (!known)
    throw Error(ErrorCode::usage,
                "the quality of " + std::string(entity(*query.kind).plural.en) + " is not checked",
                "that of customers, contacts and leads is");
  return lines;
}

}  // namespace crm
