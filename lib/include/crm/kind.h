// The kinds of records and their fields, as data. Everything that is the same for all kinds (options,
// columns, JSON keys, CSV headings, import mapping, completion, schema) is made from these tables.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crm/export.h"

namespace crm {

// The numbers are stored: never reuse one.
enum class Kind : std::uint8_t {
  user = 1,
  team = 2,
  customer = 3,
  contact = 4,
  lead = 5,
  followup = 6,
  stage_change = 7,
  consent = 8,
};

// One record: "lead/42".
struct RecordId {
  Kind kind{};
  std::int64_t id = 0;
  friend bool operator==(const RecordId&, const RecordId&) = default;
};

enum class FieldType : std::uint8_t {
  text,
  note,  // long text, several lines
  integer,
  boolean,    // stored 0/1
  money,      // stored in minor units; the currency is the record's `currency`
  currency,   // ISO 4217 code
  date,       // YYYY-MM-DD
  moment,     // Unix seconds, UTC
  duration,   // seconds; only derived fields
  choice,     // one of `choices`; stored by its name
  stage,      // a stage of the active workflow; stored by its name
  phone,      // as typed; its E.164 form is in the column NAME_key
  email,      // as typed; its folded form is in the column NAME_key
  reference,  // to a record of kind `target`; stored as its id
  record,     // to a record of any kind; stored as NAME_kind and NAME_id
  tags,       // the record's tags; in the table `tag`
  refs,       // the record's external references SOURCE/KEY; in the table `external_ref`
};

// Who may set a field.
enum class Access : std::uint8_t {
  open,      // add, edit and import
  imported,  // import only: moments that the program otherwise sets itself
  closed,    // set by the program alone
};

struct Label {
  std::string_view en;
  std::string_view zh;
};

struct Choice {
  std::string_view name;
  Label label;
  std::string_view aliases = {};  // further words that mean it, separated by '|'
};

// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in the order in which a kind is written down
struct Field {
  std::string_view name;  // what users type; also JSON key and CSV heading
  FieldType type = FieldType::text;
  Label label;
  Label help = {};
  std::string_view aliases = {};  // further headings an import takes for it, separated by '|'
  Access access = Access::open;
  bool required = false;
  bool searchable = false;  // its text is in the search text
  bool sensitive = false;   // masked, left out of the change log's command line and of the search text
  bool listed = false;      // a column of the default table
  Kind target{};            // of a reference
  std::span<const Choice> choices = {};
  // A derived field is an SQL expression over the row `r`; `:now` stands for the moment of the command.
  std::string_view derived = {};
  std::string_view column = {};   // empty: the name
  bool custom = false;            // defined by the workflow file
  std::string_view initial = {};  // what a new record has where nothing is said, as text
  std::string_view mask =
      {};  // how a sensitive value is shown to those who may not see it; empty: nothing of it
  std::string_view check = {};  // what a text must be, such as cn-id-card; empty: anything of the type
  bool deadline = false;        // a day typed without a time of day means its end
  // A derived field that is the name of the record in this field of type record: looked up for the rows that
  // are shown, where the acting user may see it. `derived` is for conditions and orders.
  std::string_view name_of = {};

  constexpr std::string_view column_name() const { return column.empty() ? name : column; }
  constexpr bool is_derived() const { return !derived.empty(); }
  // Whether the value stands in the record's own row.
  constexpr bool is_stored() const {
    return !is_derived() && type != FieldType::tags && type != FieldType::refs;
  }
};

// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in the order in which a kind is written down
struct Entity {
  Kind kind{};
  std::string_view name;   // "lead", "stage-change": the word on the command line
  std::string_view table;  // "lead", "stage_change"
  std::string_view alias;  // "fu", "account"; may be empty
  Label label;
  Label plural;
  std::span<const Field> fields;
  bool has_stages = false;
  bool searchable = true;
};

// All kinds, in the order of their numbers.
CRM_API std::span<const Entity> entities();
CRM_API const Entity& entity(Kind kind);
// By name, table name or alias; nothing for another word.
CRM_API const Entity* find_entity(std::string_view word);

// "lead/42".
CRM_API std::string to_string(RecordId record);
// "lead/42" with a known kind and a positive number; nothing otherwise.
CRM_API std::optional<RecordId> parse_record_id(std::string_view text);

// A kind as it is at run time: the descriptor's fields and, behind them, the workflow's custom ones.
class CRM_API KindView {
 public:
  // The custom fields must outlive it.
  KindView(const Entity& entity, std::span<const Field* const> custom_fields);

  const Entity& entity() const { return *entity_; }
  Kind kind() const { return entity_->kind; }
  const std::vector<const Field*>& fields() const { return fields_; }
  // By name; nothing where there is none. Position in fields(), or npos.
  const Field* find(std::string_view name) const;
  std::size_t position(std::string_view name) const;
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
  // By name, label or alias of any language, as a heading of a file would write it (case, spaces, _ and - do
  // not count).
  const Field* find_heading(std::string_view heading) const;
  std::vector<std::string> names() const;

 private:
  const Entity* entity_;
  std::vector<const Field*> fields_;
};

}  // namespace crm
