// A scratch database with a session that can be had again as somebody else or at another moment, and results
// as texts.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "crm/error.h"
#include "crm/records.h"
#include "unit/scratch_database.h"

namespace crm::test {

// All rows of a result by the names of their columns; what is absent is empty, a list's items have spaces
// between them.
class CollectedRows final : public RowSink {
 public:
  using Texts = std::map<std::string, std::string>;
  void begin(std::span<const Column> columns) override { columns_.assign(columns.begin(), columns.end()); }
  bool row(std::span<const Cell> cells) override {
    Texts& texts = rows.emplace_back();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      std::string& text = texts[columns_[i].name] = cells[i].text;
      for (const std::string_view item : cells[i].items) text.append(text.empty() ? "" : " ").append(item);
    }
    return true;
  }
  void end() override {}

  std::vector<Texts> rows;

 private:
  std::vector<Column> columns_;
};

class Desk {
 public:
  // Opens the session anew: at a moment of the database's zone (Asia/Shanghai), as that user; a dry run
  // changes nothing.
  void at(const std::string& now, const std::string& login = "admin", bool dry_run = false) {
    session_.reset();
    SessionOptions options;
    options.path = database_.path();
    options.mode = AccessMode::write;
    options.now = SystemClock().now();
    options.now_text = now;
    options.login = login;
    options.command = "test";
    options.dry_run = dry_run;
    session_ = std::make_unique<Session>(options);
  }
  Desk() { at("2026-03-02T10:00"); }

  Session& session() { return *session_; }

  RecordId add(Kind kind, const std::vector<FieldText>& fields) {
    return crm::add(session(), kind, fields).record;
  }
  RecordId user(const std::string& name, const std::string& team = {}) {
    return add(Kind::user, {{"name", name}, {"team", team}});
  }
  RecordId lead(const std::string& name, std::vector<FieldText> fields = {}) {
    fields.push_back({"name", name});
    return add(Kind::lead, fields);
  }
  std::string text(RecordId record, const std::string& field) {
    CollectedRows shown;
    const std::string fields[] = {field};
    show(session(), {&record, 1}, fields, shown);
    return shown.rows.at(0).at(field);
  }
  std::vector<CollectedRows::Texts> list(Kind kind, const std::vector<std::string>& terms = {}) {
    ListQuery query;
    query.kind = kind;
    query.selection.terms = terms;
    CollectedRows rows;
    crm::list(session(), query, rows);
    return rows.rows;
  }

 private:
  ScratchDatabase database_;
  std::unique_ptr<Session> session_;
};

// The code of the Error that the action throws; 0 where it throws none.
template <typename Action>
int error_code(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return static_cast<int>(error.code());
  }
  return 0;
}

}  // namespace crm::test
