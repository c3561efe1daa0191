// How SQLite goes about the questions that are asked of millions of rows: by which index, and never through a
// whole table.
#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "crm/channels.h"
#include "crm/consent.h"
#include "crm/customers.h"
#include "crm/followups.h"
#include "crm/outbox.h"
#include "crm/report.h"
#include "records/session_state.h"
#include "unit/desk.h"

namespace crm {
namespace {

// Passes everything on, and keeps the queries.
class RecordingConnection final : public Connection {
 public:
  RecordingConnection(std::unique_ptr<Connection> inner, std::vector<std::string>& queries)
      : inner_(std::move(inner)), queries_(queries) {}

  void query(std::string_view sql, Params params, StoppingVisitor visit) override {
    queries_.emplace_back(sql);
    inner_->query(sql, params, visit);
  }
  void query_guarded(std::string_view sql, Params params, StoppingVisitor visit) override {
    queries_.emplace_back(sql);
    inner_->query_guarded(sql, params, visit);
  }
  std::int64_t execute(std::string_view sql, Params params) override { return inner_->execute(sql, params); }
  void run_script(std::string_view sql) override { inner_->run_script(sql); }
  void begin(AccessMode mode) override { inner_->begin(mode); }
  void commit() override { inner_->commit(); }
  void rollback() noexcept override { inner_->rollback(); }
  bool in_transaction() const override { return inner_->in_transaction(); }
  void set_durable(bool durable) override { inner_->set_durable(durable); }
  void sync() override { inner_->sync(); }
  void savepoint() override { inner_->savepoint(); }
  void release_savepoint() override { inner_->release_savepoint(); }
  void rollback_to_savepoint() noexcept override { inner_->rollback_to_savepoint(); }
  void index_new(std::int64_t key, const std::shared_ptr<const WordMaker>& maker,
                 std::string_view values) override {
    inner_->index_new(key, maker, values);
  }
  void reindex(std::int64_t key, std::string_view former, std::string_view words) override {
    inner_->reindex(key, former, words);
  }
  void empty_index() override { inner_->empty_index(); }
  bool index_is_emptied() const override { return inner_->index_is_emptied(); }
  void fill_index() override { inner_->fill_index(); }
  void find_texts(const TextSearch& search, FunctionRef<void(std::int64_t)> visit) override {
    inner_->find_texts(search, visit);
  }
  int schema_version() override { return inner_->schema_version(); }
  void set_schema_version(int version) override { inner_->set_schema_version(version); }
  void prepare_bulk_load() override { inner_->prepare_bulk_load(); }
  void prepare_scattered_writes() override { inner_->prepare_scattered_writes(); }
  void append(std::string_view insert, Params values) override { inner_->append(insert, values); }
  void suspend_indexes(std::string_view table, std::span<const std::string> empty_columns) override {
    inner_->suspend_indexes(table, empty_columns);
  }
  void restore_indexes() override { inner_->restore_indexes(); }
  void finish_bulk_load() override { inner_->finish_bulk_load(); }
  void backup_to(const std::string& path) override { inner_->backup_to(path); }
  std::vector<std::string> integrity_problems() override { return inner_->integrity_problems(); }
  std::string location() const override { return inner_->location(); }

 private:
  std::unique_ptr<Connection> inner_;
  std::vector<std::string>& queries_;
};

class Questions {
 public:
  Questions() {
    desk_.user("u03", "sales");
    desk_.lead("张伟", {{"owner", "u03"}, {"amount", "6000"}});
    desk_.add(Kind::customer, {{"name", "Bench"}});
    auto& connection = desk_.session().state().connection;
    connection = std::make_unique<RecordingConnection>(std::move(connection), queries_);
  }

  // The steps of the plans of all that `ask` queries, a line each.
  template <typename Ask>
  std::string plans(Ask ask) {
    queries_.clear();
    ask(desk_.session());
    const std::vector<std::string> asked = queries_;
    std::string steps;
    for (const std::string& sql : asked) {
      desk_.session().state().connection->each(
          "EXPLAIN QUERY PLAN " + sql, {}, [&](const Row& row) { steps += std::string(row.text(3)) + '\n'; });
    }
    return steps;
  }

 private:
  test::Desk desk_;
  std::vector<std::string> queries_;
};

bool has(const std::string& steps, const std::string& step) {
  return steps.find(step) != std::string::npos;
}

// Small tables may be read whole, and so may what a subquery made (t: a record's tags), and an index that
// covers what is asked.
bool reads_a_table(const std::string& steps) {
  std::size_t at = 0;
  while ((at = steps.find("SCAN ", at)) != std::string::npos) {
    const std::string step = steps.substr(at, steps.find('\n', at) - at);
    const bool small = step == "SCAN t" || step == "SCAN user" || step == "SCAN team" || step == "SCAN meta";
    if (!small && !has(step, "VIRTUAL TABLE") && !has(step, "CONSTANT ROW") && !has(step, "COVERING INDEX"))
      return true;
    at += 5;
  }
  return false;
}

TEST_SUITE("report/query_plans") {
  TEST_CASE("one person's overdue plans come from the index of open plans, in order") {
    Questions questions;
    const std::string steps = questions.plans([](Session& session) {
      PlanQuery query;
      query.owner = "u03";
      query.query.kind = Kind::followup;
      query.query.limit = 50;
      test::CollectedRows rows;
      list_plans(session, query, rows);
    });
    CAPTURE(steps);
    CHECK(has(steps, "followup_open (owner=? AND due_at"));
    CHECK_FALSE(has(steps, "TEMP B-TREE"));
    CHECK_FALSE(reads_a_table(steps));
  }

  TEST_CASE("the overdue plans of all come from the index of open plans") {
    Questions questions;
    const std::string steps = questions.plans([](Session& session) { overdue(session); });
    CAPTURE(steps);
    CHECK(has(steps, "INDEX followup_due (due_at"));
    CHECK(has(steps, "SEARCH s USING INTEGER PRIMARY KEY"));  // whether what they are about is deleted
    CHECK_FALSE(reads_a_table(steps));
  }

  TEST_CASE("of messages that have ended nothing is read") {
    Questions questions;
    const std::string steps = questions.plans([](Session& session) {
      session.state().connection->execute(
          "INSERT INTO outbox (key, rule, person, subject, body, on_doubt, created_at, state) VALUES ('r/1', "
          "'r', "
          "1, 's', 'b', 'resend', 0, 'queued')",
          {});
      ChannelOptions to_nobody;
      to_nobody.name = "stdout";
      struct : MessageSink {
        void message(const Message& /*message*/) override {}
      } sink;
      flush_outbox(session, to_nobody, sink);
      const ConsentStatement withdrawn[] = {{RecordId{Kind::lead, 1}, {}, "newsletter", false}};
      state_consent(session, withdrawn);
      test::CollectedRows rows;
      list_outbox(session, {"doubt", {}, {}}, rows);
      list_channels(session, rows);
    });
    CAPTURE(steps);
    CHECK(has(steps, "SCAN o USING INDEX outbox_open"));
    CHECK_FALSE(has(steps, "SCAN o\n"));
    CHECK_FALSE(has(steps, "SCAN outbox"));
  }

  TEST_CASE("a record is shown by its number") {
    Questions questions;
    const std::string steps = questions.plans([](Session& session) {
      const RecordId lead{Kind::lead, 1};
      test::CollectedRows rows;
      show(session, {&lead, 1}, {}, rows);
    });
    CAPTURE(steps);
    CHECK(has(steps, "INTEGER PRIMARY KEY (rowid=?)"));
    CHECK_FALSE(reads_a_table(steps));
  }

  TEST_CASE("everything about a customer comes from indexes") {
    Questions questions;
    const std::string steps = questions.plans([](Session& session) {
      test::CollectedRows rows;
      view_customer(session, {Kind::customer, 1}, std::nullopt, rows);
    });
    CAPTURE(steps);
    for (const char* index :
         {"event_record", "contact_customer", "lead_customer", "followup_about", "stage_change_record"}) {
      CAPTURE(index);
      CHECK(has(steps, index));
    }
    CHECK_FALSE(reads_a_table(steps));
  }

  TEST_CASE("a name of two characters is looked up in the search index") {
    Questions questions;
    const std::string steps = questions.plans([](Session& session) {
      ListQuery query;
      query.kind = Kind::lead;
      query.selection.terms = {"张伟"};
      query.limit = 50;
      test::CollectedRows rows;
      list(session, query, rows);
    });
    CAPTURE(steps);
    CHECK(has(steps, "VIRTUAL TABLE INDEX"));
    CHECK_FALSE(reads_a_table(steps));
  }

  TEST_CASE("a filtered and sorted list with a limit comes from the index of stages, in order") {
    Questions questions;
    const std::string steps = questions.plans([](Session& session) {
      ListQuery query;
      query.kind = Kind::lead;
      query.selection.terms = {"stage=contacted", "amount>=5000"};
      query.sort = {"-amount"};
      query.limit = 20;
      test::CollectedRows rows;
      list(session, query, rows);
    });
    CAPTURE(steps);
    CHECK(has(steps, "lead_stage (stage=?"));
    CHECK_FALSE(has(steps, "TEMP B-TREE FOR ORDER BY"));
    CHECK_FALSE(reads_a_table(steps));
  }

  TEST_CASE("the funnel reads indexes only") {
    Questions questions;
    const std::string steps = questions.plans([](Session& session) { funnel(session, {}); });
    CAPTURE(steps);
    CHECK(has(steps, "COVERING INDEX stage_change_record"));
    CHECK_FALSE(reads_a_table(steps));
  }
}

}  // namespace
}  // namespace crm
