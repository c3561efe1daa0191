#include <algorithm>
#include <array>
#include <functional>
#include <future>
#include <unordered_map>

#include "base/text.h"
#include "crm/error.h"
#include "crm/report.h"
#include "records/open_beside.h"
#include "records/rights.h"
#include "records/session_state.h"
#include "report/funnel_counter.h"
#include "report/percentile.h"
#include "report/period.h"

namespace crm {
namespace {

constexpr std::array<std::string_view, 4> kGroupings = {"owner", "source", "region", "month"};

// Numbers the groups as they come, by the text of their column.
class GroupNumbers {
 public:
  GroupNumbers(Session& session, Kind kind, const std::string& by) : session_(session), by_(by) {
    if (by.empty()) return;
    const Field* field = session.view(kind).find(by == "month" ? "created_at" : by);
    if (std::find(kGroupings.begin(), kGroupings.end(), by) == kGroupings.end() || field == nullptr) {
      throw Error(ErrorCode::usage, "a funnel cannot be grouped by " + quoted(by),
                  "group by " + listed({kGroupings.begin(), kGroupings.end()}));
    }
    column_ = std::string(field->column_name());
  }

  // The column that decides the group; an SQL null where there is just one.
  std::string column() const { return column_.empty() ? "NULL" : '"' + column_ + '"'; }

  std::uint32_t number(const Row& row, int column) {
    if (row.is_null(column)) return absent_ ? *absent_ : *(absent_ = new_number(std::nullopt));
    std::array<char, 8> month{};
    const std::string_view key = by_ == "month" ? month_of(row.integer(column), month) : row.text(column);
    const auto found = numbers_.find(key);
    if (found != numbers_.end()) return found->second;
    const std::uint32_t number = new_number(
        by_ == "owner" ? session_.state().name_of(Kind::user, row.integer(column)) : std::string(key));
    numbers_.emplace(key, number);
    return number;
  }

  const std::vector<std::optional<std::string>>& names() const { return names_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  // "2026-03"
  std::string_view month_of(std::int64_t moment, std::array<char, 8>& text) const {
    const Date date = session_.zone().to_local(Moment(std::chrono::seconds(moment))).date;
    const int year = static_cast<int>(date.year());
    const unsigned month = static_cast<unsigned>(date.month());
    for (int place = 3, rest = year; place >= 0; --place, rest /= 10)
      text[static_cast<std::size_t>(place)] = static_cast<char>('0' + rest % 10);
    text[4] = '-';
    text[5] = static_cast<char>('0' + month / 10);
    text[6] = static_cast<char>('0' + month % 10);
    return {text.data(), 7};
  }

  std::uint32_t new_number(std::optional<std::string> name) {
    names_.push_back(std::move(name));
    return static_cast<std::uint32_t>(names_.size() - 1);
  }

  Session& session_;
  std::string by_;
  std::string column_;
  std::optional<std::uint32_t> absent_;
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers_;
  std::vector<std::optional<std::string>> names_;
};

// In order of id.
std::vector<FunnelRecord> read_records(Session& session, const FunnelQuery& query,
                                       const std::vector<Stage>& stages, GroupNumbers& groups) {
  const Period period = read_period(session, query.period);
  std::string sql = "SELECT id, stage, " + groups.column() + " FROM \"" +
                    std::string(entity(query.kind).table) + "\" WHERE deleted_at IS NULL" +
                    visible_sql(session, query.kind, std::string(entity(query.kind).table));
  if (period.from) sql += " AND created_at >= $1";
  if (period.to) sql += " AND created_at < $2";
  // An index by stage, where there is one, has all that the plain funnel asks for: that takes a third of the
  // time of reading the rows.
  sql += groups.column() == "NULL" && !period.from && !period.to ? " ORDER BY stage" : " ORDER BY id";
  const Param params[] = {period.from, period.to};
  std::vector<FunnelRecord> records;
  session.state().connection->each(sql, params, [&](const Row& row) {
    records.push_back({row.integer(0), groups.number(row, 2), stage_number(stages, row.text(1))});
  });
  const auto before = [](const FunnelRecord& a, const FunnelRecord& b) { return a.id < b.id; };
  if (!std::is_sorted(records.begin(), records.end(), before))
    std::sort(records.begin(), records.end(), before);
  return records;
}

// The stage changes of the counter's records. The index stage_change_record has all of it, in this order.
struct ChangeReader {
  const std::vector<Stage>& stages;
  Kind kind;
  std::string visible;  // what the acting user may see of them

  void count(Connection& connection, FunnelCounter& counter) const {
    if (!counter.records().empty()) {
      const Param params[] = {static_cast<std::int64_t>(kind), counter.records().front().id,
                              counter.records().back().id};
      connection.each(
          "SELECT record_id, at, from_stage, to_stage FROM stage_change WHERE record_kind = $1 AND record_id "
          "BETWEEN $2 AND $3 AND deleted_at IS NULL" +
              visible + " ORDER BY record_id, at",
          params, [&](const Row& row) {
            counter.add_change(row.integer(0), row.integer(1), stage_number(stages, row.text(2)),
                               stage_number(stages, row.text(3)));
          });
    }
    counter.finish();
  }
};

// Where there are many records, the changes of half of them are read by another thread.
FunnelCounter count_changes(Session& session, const ChangeReader& reader,
                            std::span<const FunnelRecord> records, std::size_t groups) {
  constexpr std::size_t kMany = 20'000;
  const std::unique_ptr<Connection> beside = records.size() < kMany ? nullptr : open_beside(session);
  const std::size_t own = beside ? records.size() / 2 : records.size();
  FunnelCounter counter(reader.stages, records.first(own), groups);
  if (!beside) {
    reader.count(*session.state().connection, counter);
    return counter;
  }
  FunnelCounter rest(reader.stages, records.subspan(own), groups);
  std::future<void> reading = std::async(std::launch::async, [&] { reader.count(*beside, rest); });
  reader.count(*session.state().connection, counter);
  reading.get();
  counter.add(std::move(rest));
  return counter;
}

std::optional<double> share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? std::nullopt : std::optional(static_cast<double>(part) / static_cast<double>(whole));
}

std::vector<FunnelRow> rows_of(const std::vector<Stage>& stages, std::vector<FunnelCounter::Count>& counts) {
  std::vector<FunnelRow> rows;
  std::int64_t further = 0;
  for (std::size_t i = stages.size(); i-- > 0;) {
    if (stages[i].outcome == Outcome::lost) continue;
    FunnelCounter::Count& count = counts[i];
    FunnelRow& row = rows.emplace_back();
    row.stage = stages[i].name;
    row.advanced = further;
    row.lost = count.lost_here;
    row.open = count.open_here;
    row.reached = further + row.lost + row.open;
    if (rows.size() > 1) row.conversion = share(row.advanced, row.reached);
    row.median_days = percentile_days(count.stays, 0.5);
    row.p90_days = percentile_days(count.stays, 0.9);
    row.open_stays = count.open_stays;
    further = row.reached;
  }
  for (FunnelRow& row : rows) row.overall = share(row.reached, further);
  std::reverse(rows.begin(), rows.end());
  return rows;
}

}  // namespace

Funnel funnel(Session& session, const FunnelQuery& query) {
  const std::vector<Stage>& stages = session.state().process().stages_of(query.kind);
  if (stages.empty()) {
    throw Error(
        ErrorCode::usage,
        "there is no funnel of " + std::string(entity(query.kind).plural.en) + ": they have no stages",
        "take a kind that has stages, such as lead");
  }
  GroupNumbers groups(session, query.kind, query.by);
  Transaction snapshot(*session.state().connection, AccessMode::read);
  const std::vector<FunnelRecord> records = read_records(session, query, stages, groups);
  const ChangeReader reader{stages, query.kind, visible_sql(session, Kind::stage_change, "stage_change")};
  const std::size_t count = query.by.empty() ? 1 : groups.names().size();
  FunnelCounter counter = count_changes(session, reader, records, count);
  snapshot.commit();
  Funnel result;
  result.records = static_cast<std::int64_t>(records.size());
  result.without_history = counter.without_history();
  for (std::size_t i = 0; i < counter.groups().size(); ++i) {
    result.groups.push_back(
        {query.by.empty() ? std::nullopt : groups.names()[i], rows_of(stages, counter.groups()[i])});
  }
  std::sort(result.groups.begin(), result.groups.end(),
            [](const FunnelGroup& a, const FunnelGroup& b) { return group_before(a.name, b.name); });
  return result;
}

}  // namespace crm
