// The rows of an export without what is about deleted records: an import of it finds all that it names.
#pragma once

#include <crm/records.h>

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crm::cmd {

// Passes rows on to a sink. One that is about a deleted record is left out; one that refers to one, such as a
// contact of a deleted customer, comes without that reference.
class LiveRows final : public RowSink {
 public:
  LiveRows(Session& session, ListQuery query, RowSink& sink);

  // Runs the query. The number of rows that the sink got.
  std::int64_t write();
  std::int64_t left_out() const { return left_out_; }

  void begin(std::span<const Column> columns) override { sink_.begin(columns.first(asked_)); }
  bool row(std::span<const Cell> cells) override;
  void end() override { sink_.end(); }

 private:
  using Texts = std::set<std::string, std::less<>>;

  // The field's texts of the kind's deleted or live records, asked for once.
  const Texts& texts(std::map<Kind, Texts>& kept, Kind kind, const char* field, bool deleted);
  bool is_deleted(std::string_view record);
  bool is_known(Kind kind, std::string_view name);

  Session& session_;
  ListQuery query_;  // with what the rows are about behind the fields that were asked for
  RowSink& sink_;
  std::size_t asked_;
  std::vector<std::size_t> subjects_;                 // columns that say what the row is about
  std::vector<std::size_t> references_;               // … what it refers to
  std::vector<std::pair<std::size_t, Kind>> people_;  // … which users and teams, by name
  std::map<Kind, Texts> deleted_;                     // numbers
  std::map<Kind, Texts> known_;                       // names
  std::vector<Cell> cells_;
  std::int64_t left_out_ = 0;
};

}  // namespace crm::cmd
