// What an import of many rows spares the database.
#include <algorithm>

#include "entity/descriptors.h"
#include "exchange/import_run.h"
#include "records/record_lists.h"

namespace crm {
namespace {

constexpr std::int64_t kFewRows = 1000;  // reading them costs nothing

}  // namespace

bool ImportRun::has_at_most(std::string_view table, std::int64_t rows) const {
  const Param params[] = {rows};
  return !session_.state().connection->exists(
      "SELECT 1 FROM \"" + std::string(table) + "\" LIMIT 1 OFFSET $1", params);
}

void ImportRun::prepare_for_many() {
  if (has_at_most("external_ref", kFewRows))
    session_.state().new_refs = std::make_unique<NewRefs>(*session_.state().connection);
  // Rows of an empty table are indexed faster all at once, unless the index must find earlier rows of the
  // file, a rule looks at records, or a row that is left out would take down an index that was made again.
  // Events and references come in the order of their indexes.
  const bool by_moment = kind_ == Kind::stage_change || kind_ == Kind::followup || kind_ == Kind::consent;
  if (options_.keep_going || options_.run_rules ||
      (by_moment && plan_.find(ColumnTarget::Part::ref) == nullptr))
    return;
  const std::string_view table = entity(kind_).table;
  if (!has_at_most(table, 0)) return;
  std::vector<std::string> unnamed;
  for (const Field& field : entity(kind_).fields) {
    if (field.type == FieldType::reference && plan_.find_field(field.name) == nullptr)
      unnamed.emplace_back(field.name);
  }
  session_.state().connection->suspend_indexes(table, unnamed);
}

// To read all references there are pays where as many rows come as this is quicker than to look each one up.
void ImportRun::note_refs_of_many() {
  constexpr double kRefsReadMeanwhile = 20;
  auto& refs = session_.state().new_refs;
  const double part = source_.part_read();
  if (refs || part <= 0) return;
  const double rows_to_come = static_cast<double>(result_.rows) * (1 / part - 1);
  Connection& connection = *session_.state().connection;
  const auto count = connection.query_integer("SELECT count(*) FROM external_ref").value_or(0);
  if (static_cast<double>(count) < rows_to_come * kRefsReadMeanwhile)
    refs = std::make_unique<NewRefs>(connection);
}

// Only where a row has nothing to do with any but those of its own reference.
void ImportRun::let_repeated_wait() {
  if (kind_ != Kind::customer && kind_ != Kind::contact && kind_ != Kind::lead) return;
  if (options_.keep_going || options_.run_rules || !session_.state().new_refs) return;
  if (numbers_ || rebuilding_ || former_) return;
  repeated_wait_ = std::none_of(plan_.targets.begin(), plan_.targets.end(), [&](const ColumnTarget& target) {
    return target.part == ColumnTarget::Part::next_at || target.part == ColumnTarget::Part::stage_change ||
           (target.field != nullptr && target.field->type == FieldType::record) ||
           (target.field != nullptr && target.field->type == FieldType::reference &&
            target.field->target == kind_);
  });
}

bool ImportRun::is_repeated() const {
  const std::vector<std::string>& refs = row_.record.refs;
  return !session_.state().new_refs || std::any_of(refs.begin(), refs.end(), [&](const std::string& ref) {
    return may_have_holder(session_, kind_, ref);
  });
}

// One with several references may bring new ones, which a row behind it can have. A new row that is taken for
// a repeated one gets its number later than those behind it: that must be next to never.
bool ImportRun::may_wait() const {
  const auto& refs = session_.state().new_refs;
  return refs && refs->is_sharp() && row_.record.refs.size() == 1 && !row_.unknown_ref &&
         matcher_.is_by_ref_alone(row_);
}

}  // namespace crm
