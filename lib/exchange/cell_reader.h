// The cells of an imported row as values of the record's fields.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "crm/session.h"
#include "crm/value.h"
#include "exchange/column_plan.h"
#include "exchange/column_survey.h"
#include "exchange/former_numbers.h"
#include "records/session_state.h"

namespace crm {

// A day and a time of day, as two cells have them, in one text.
std::string text_of_moment(std::string_view day, std::string_view time);

class CellReader {
 public:
  // All of them, and the process, must outlive it. The survey is asked when a cell can be read in two ways.
  CellReader(Session& session, Kind kind, const ImportOptions& options, const ColumnSurvey& survey);

  // From now on records are named by the numbers of another database; whether rows of the file may get other
  // numbers than they have there.
  void follow(FormerNumbers& numbers, bool renumbers_rows) {
    numbers_ = &numbers;
    renumbers_rows_ = renumbers_rows;
  }
  // The record that the text names by its number in another database.
  std::optional<RecordId> followed(const ColumnTarget& target, std::string_view text) const;
  bool renumbers_rows() const { return renumbers_rows_; }
  // The text, which is not empty, as the target's field has it; absent for a user who is not there under
  // UnknownUser::empty. Throws Error that names the field.
  Value read(const ColumnTarget& target, std::string_view text);
  // The same for an amount in the currency; one that names another says so in named_currency(). `is_number`:
  // as InputField has it.
  Value read_amount(const ColumnTarget& target, std::string_view text, std::string_view currency,
                    bool is_number);
  // The record of that name, where the row also has a reference that is nobody's: one that is made for the
  // name gets it, and one that has another of the same source is another.
  Value read_referred(const ColumnTarget& target, std::string_view name, std::string_view ref);
  // The record of a reference that nobody has, and no other column names: made, called by the reference,
  // where that is asked for, else Error{invalid}.
  Value require_referred(const ColumnTarget& target, std::string_view ref);
  // Whether a reference's record is there.
  bool can_refer(const ColumnTarget& target, std::string_view text);
  // The one record that is called so, by name, e-mail address or phone.
  std::optional<std::int64_t> find_named(const ColumnTarget& target, std::string_view text);
  // The record that a field of type record names; nothing where it is not there.
  std::optional<RecordId> find_record(const ColumnTarget& target, std::string_view text);
  const std::string& named_currency() const { return named_currency_; }
  std::int64_t read_moment(const ColumnTarget& target, std::string_view text);
  // SOURCE/KEY of a cell, a bare key getting the options' source.
  std::string read_ref(std::string_view text) const;

  // A row with this under UnknownUser::skip is passed over.
  struct SkipRow {
    std::string reason;
  };

  // How many phones could not be read, and the first of them.
  std::int64_t unreadable_phones() const { return unreadable_phones_; }
  const std::vector<std::string>& unreadable_examples() const { return unreadable_examples_; }
  // Birthdays without a year, which are no dates.
  std::int64_t dates_without_year() const { return dates_without_year_; }
  // Addresses within an Exchange server, which no mail from elsewhere reaches.
  std::int64_t exchange_addresses() const { return exchange_addresses_; }
  // Columns in which some dates can only have the day first and others only the month: one of each.
  struct MixedDates {
    std::string day_first, month_first;
  };
  std::vector<MixedDates> mixed_dates() const;
  // Users that were made for names that were not there.
  const std::vector<std::string>& made_users() const { return made_users_; }
  // Owners of the rows' records who are no longer active.
  const std::vector<std::string>& left_users() const { return left_users_; }
  // How many records of other kinds were made for names that were not there.
  const std::map<Kind, std::int64_t>& made_records() const { return made_records_; }
  // The row, with what was made for it, stays.
  void keep();
  // It does not, nor does what was made for it.
  void take_back();
  // What was looked up inside a step that is undone is not to be believed.
  void forget();

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  using Known = std::unordered_map<std::string, Value, Hash, std::equal_to<>>;

  Value read_known(const ColumnTarget& target, std::string_view text);
  Value look_up(const ColumnTarget& target, std::string_view text);
  Value read_user(const Field& field, std::string_view text);
  void note_if_left(const Field& field, std::int64_t user);
  Value read_stage(const Field& field, std::string_view text);
  Value read_reference(const ColumnTarget& target, std::string_view text);
  std::int64_t read_unlikely_name(const Field& field, std::string_view text);
  std::vector<std::int64_t> find_called(Kind kind, std::string_view text);
  std::int64_t make_named(Kind kind, std::string_view name, std::string_view ref = {});
  bool is_made(Kind kind) const;
  bool has_ref_of_source(RecordId record) const;
  bool exists(RecordId record);
  // The record that the file calls that.
  RecordId here(RecordId record);
  std::optional<std::int64_t> find_by_ref(Kind kind, std::string_view text);
  std::optional<RecordId> find_by_name(Kind kind, const Field& field, std::string_view text);
  std::int64_t require_by_ref(Kind kind, const Field& field, std::string_view text);
  Value read_record(const ColumnTarget& target, std::string_view text);
  Value read_phone(const Field& field, std::string_view text);
  Value read_date(const ColumnTarget& target, std::string_view text);
  template <typename Reading>
  void check_reading(const Reading& reading, const ColumnTarget& target, std::string_view text) const;
  DecimalMark decimal_mark(const ColumnTarget& target, std::string_view text, std::string_view currency);
  DateOrder order_of(std::size_t column);
  void note_date_order(std::size_t column, std::string_view text);

  Session& session_;
  Kind kind_;
  const ImportOptions& options_;
  const ColumnSurvey& survey_;
  std::string country_;
  FormerNumbers* numbers_ = nullptr;
  bool renumbers_rows_ = false;
  std::map<std::size_t, DateOrder> date_orders_;
  std::map<std::size_t, ColumnSurvey::DecimalMarks> decimal_marks_;
  std::map<std::size_t, MixedDates> dates_read_;  // without a known order
  std::array<std::string, kKindSlots> by_ref_sql_;
  std::unordered_map<const Field*, Known> known_;  // of fields with few different values
  std::string named_currency_;
  std::int64_t unreadable_phones_ = 0;
  std::vector<std::string> unreadable_examples_;
  std::int64_t dates_without_year_ = 0;
  std::int64_t exchange_addresses_ = 0;
  std::vector<std::string> made_users_;
  std::size_t kept_users_ = 0;  // of made_users_
  std::vector<std::string> left_users_;
  std::map<Kind, std::int64_t> made_records_;
  std::map<Kind, std::int64_t> kept_records_;  // of made_records_
};

}  // namespace crm
