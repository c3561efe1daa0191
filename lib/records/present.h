// Stored values as they are shown: the one place that turns a value into text.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "crm/records.h"
#include "records/session_state.h"

namespace crm {

// Which columns a query selects for a list of fields, and how their values become cells.
class Presenter {
 public:
  // `moment` is the number of the parameter that holds now, for derived fields.
  Presenter(Session& session, const KindView& view, const std::vector<const Field*>& fields,
            const std::string& moment);

  const std::vector<Column>& columns() const { return columns_; }
  // The select list over the row `r`.
  const std::string& select() const { return select_; }
  // How many columns that list has.
  int width() const { return width_; }
  // The row's cells; they live until the next call.
  std::span<const Cell> cells(const Row& row);

 private:
  struct Slot {
    const Field* field;
    int column;              // of the select list
    int second = -1;         // currency beside money, kind beside a record's id
    bool concealed = false;  // the actor may not see its values
    bool named = false;      // the name of the record whose id and kind these are
  };

  Cell cell(const Slot& slot, const Row& row, std::size_t place);
  Cell name_cell(RecordId record, std::size_t place);
  Cell list_cell(std::string_view joined, std::size_t place);

  Session& session_;
  std::vector<Slot> slots_;
  std::vector<Column> columns_;
  std::string select_;
  int width_ = 0;
  std::vector<Cell> cells_;
  std::vector<std::string> texts_;  // what the cells view, one for each
  std::vector<std::vector<std::string_view>> lists_;
};

// What is shown where nobody says what.
enum class DefaultFields {
  table,              // the columns of the default table
  stored,             // all that are stored, with tags and references
  stored_with_names,  // and what the records are called that they are about
};

// The fields of the names, or those by default. Error{usage} for an unknown name, with the nearest.
std::vector<const Field*> chosen_fields(const KindView& view, std::span<const std::string> names,
                                        DefaultFields defaults);

}  // namespace crm
