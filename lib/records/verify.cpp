// Proves that the change log is whole and that every row is what its last change left.
#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "crm/error.h"
#include "crm/records.h"
#include "records/rights.h"
#include "records/session_state.h"
#include "records/write_record.h"

namespace crm {
namespace {

constexpr std::size_t kMostProblems = 100;

// A kind with the custom fields of one workflow revision.
struct RevisionFields {
  RevisionFields(std::unique_ptr<Process> process_of_revision, Kind kind)
      : process(std::move(process_of_revision)), view(process->view(kind)), shape(view) {}
  RevisionFields(const RevisionFields&) = delete;
  RevisionFields& operator=(const RevisionFields&) = delete;

  std::unique_ptr<Process> process;
  KindView view;
  TableShape shape;
};

std::string field_names(const KindView& view) {
  std::string names;
  for (const Field* field : view.fields()) names.append(field->name) += ',';
  return names;
}

class Verification {
 public:
  explicit Verification(Session& session) : session_(session), connection_(*session.state().connection) {}

  VerifyResult run() {
    // One snapshot for all of it, though others write.
    Transaction transaction(connection_, AccessMode::read);
    check_chain();
    for (const Entity& kind : entities()) check_rows(kind);
    std::vector<std::string> problems;
    for (Reactor* reactor : reactors()) reactor->verify(session_, problems);
    for (std::string& text : problems) problem(std::move(text));
    return std::move(result_);
  }

 private:
  void problem(std::string text) {
    if (result_.problems.size() < kMostProblems) result_.problems.push_back(std::move(text));
  }

  void check_chain() {
    struct Link {
      std::int64_t id;
      ChangeInfo info;
      std::int64_t first_event;
      std::int64_t events;
      std::string hash;
    };
    std::string previous;
    std::int64_t expected = 1;
    std::int64_t events = 0;
    connection_.each(
        "SELECT id, at, acted_at, actor, program, command, reason, undoes, first_event, events, hash FROM "
        "change ORDER BY id",
        {}, [&](const Row& row) {
          Link link{row.integer(0), {}, row.integer(8), row.integer(9), std::string(row.text(10))};
          link.info = {row.integer(1),
                       row.integer(2),
                       std::string(row.text(3)),
                       std::string(row.text(4)),
                       std::string(row.text(5)),
                       row.is_null(6) ? std::nullopt : std::optional(std::string(row.text(6))),
                       row.optional_integer(7)};
          if (link.id != expected) problem("change " + std::to_string(expected) + " is missing from the log");
          expected = link.id + 1;
          EventHash hash;
          const Param params[] = {link.first_event, link.first_event + link.events, link.id};
          connection_.each(
              "SELECT kind, record, action, row_digest, old_digest, old, salt, rule, acted_at FROM event "
              "WHERE id >= "
              "$1 AND id < $2 AND change = $3 ORDER BY id",
              params, [&](const Row& event) {
                hash.add({event.integer(0), event.integer(1), event.integer(2), event.text(3), event.text(4),
                          event.text(7), event.optional_integer(8)});
                if (!event.is_null(5) && !event.is_null(6) &&
                    salted_digest(event.text(5), event.text(6)) != event.text(4)) {
                  problem("the old values of change " + std::to_string(link.id) + " were altered");
                }
              });
          if (hash.count() != link.events)
            problem("change " + std::to_string(link.id) + " has " + std::to_string(hash.count()) +
                    " events, not " + std::to_string(link.events));
          if (hash.finish(previous, link.id, link.info) != link.hash)
            problem("the hash of change " + std::to_string(link.id) +
                    " does not fit its content and its predecessor");
          previous = link.hash;
          events += hash.count();
          ++result_.changes;
        });
    const std::int64_t stray = connection_.query_integer("SELECT count(*) FROM event").value_or(0) - events;
    if (stray > 0) problem(std::to_string(stray) + " events belong to no change");
    result_.head = hex(previous);
  }

  // Lists of (record, text) in order of record, read beside the rows.
  using Lists = std::map<std::int64_t, std::vector<std::string>>;

  Lists lists_of(const std::string& sql, const Entity& kind, std::int64_t from, std::int64_t to) {
    Lists lists;
    const Param params[] = {static_cast<std::int64_t>(kind.kind), from, to};
    connection_.each(sql, params, [&](const Row& row) { lists[row.integer(0)].emplace_back(row.text(1)); });
    for (auto& [record, items] : lists) std::sort(items.begin(), items.end());
    return lists;
  }

  // In blocks of ids, so that memory does not grow with the table.
  // A row that was written last by a revision of other custom fields was digested with these.
  const std::vector<std::unique_ptr<RevisionFields>>& earlier_fields(Kind kind) {
    auto& known = earlier_fields_[slot(kind)];
    if (known) return *known;
    known.emplace();
    std::set<std::string> seen{field_names(session_.view(kind))};
    connection_.each("SELECT compiled FROM workflow_revision ORDER BY id DESC", {}, [&](const Row& row) {
      auto fields = std::make_unique<RevisionFields>(from_compiled(std::string(row.text(0))), kind);
      if (seen.insert(field_names(fields->view)).second) known->push_back(std::move(fields));
    });
    return *known;
  }

  bool fits_earlier_fields(const StoredRecord& record, const std::string& salt, const std::string& digest) {
    const auto& all = earlier_fields(record.id.kind);
    return std::any_of(all.begin(), all.end(), [&](const auto& fields) {
      StoredRecord read;
      const Param params[] = {record.id.id};
      connection_.each(fields->shape.select_by_id(), params,
                       [&](const Row& row) { fields->shape.read(row, read); });
      read.tags = record.tags;
      read.refs = record.refs;
      std::string canonical;
      fields->shape.canonical(read, canonical);
      return salted_digest(canonical, salt) == digest;
    });
  }

  void check_rows(const Entity& kind) {
    const TableShape& shape = session_.state().shape(session_, kind.kind);
    const std::int64_t last =
        connection_.query_integer("SELECT max(id) FROM \"" + std::string(kind.table) + "\"").value_or(0);
    constexpr std::int64_t kBlock = 20000;
    for (std::int64_t from = 0; from <= last; from += kBlock) check_block(kind, shape, from, from + kBlock);
    const Param params[] = {static_cast<std::int64_t>(kind.kind)};
    connection_.each(
        "SELECT DISTINCT e.record FROM event e WHERE e.kind = $1 AND NOT EXISTS (SELECT 1 FROM \"" +
            std::string(kind.table) + "\" r WHERE r.id = e.record) LIMIT 50",
        params, [&](const Row& row) {
          problem(to_string(RecordId{kind.kind, row.integer(0)}) + " is in the log, but not in the database");
        });
  }

  void check_block(const Entity& kind, const TableShape& shape, std::int64_t from, std::int64_t to) {
    struct Digest {
      std::string salt, digest;
    };
    std::map<std::int64_t, Digest> digests;
    const Param range[] = {static_cast<std::int64_t>(kind.kind), from, to};
    connection_.each(
        "SELECT record, salt, row_digest, max(id) FROM event WHERE kind = $1 AND record >= $2 AND record < "
        "$3 GROUP BY record",
        range, [&](const Row& row) {
          digests[row.integer(0)] = {std::string(row.text(1)), std::string(row.text(2))};
        });
    Lists tags = lists_of("SELECT record, name FROM tag WHERE kind = $1 AND record >= $2 AND record < $3",
                          kind, from, to);
    Lists refs = lists_of(
        "SELECT record, source || '/' || key FROM external_ref WHERE kind = $1 AND record >= $2 AND record < "
        "$3",
        kind, from, to);
    const Param ids[] = {from, to};
    std::string canonical;
    StoredRecord record;
    connection_.each(shape.select() + " WHERE id >= $1 AND id < $2 ORDER BY id", ids, [&](const Row& row) {
      shape.read(row, record);
      ++result_.records;
      record.tags = std::move(tags[record.id.id]);
      record.refs = std::move(refs[record.id.id]);
      const auto digest = digests.find(record.id.id);
      if (digest == digests.end()) {
        problem(to_string(record.id) + " came into the database without the log");
        return;
      }
      canonical.clear();
      shape.canonical(record, canonical);
      if (!digest->second.salt.empty() &&
          salted_digest(canonical, digest->second.salt) != digest->second.digest &&
          !fits_earlier_fields(record, digest->second.salt, digest->second.digest)) {
        problem(to_string(record.id) + " was changed behind the program's back");
      }
    });
  }

  Session& session_;
  Connection& connection_;
  VerifyResult result_;
  ByKind<std::optional<std::vector<std::unique_ptr<RevisionFields>>>> earlier_fields_;
};

}  // namespace

VerifyResult verify(Session& session) {
  require_see_all(session, "may not verify the database");
  return Verification(session).run();
}

}  // namespace crm
