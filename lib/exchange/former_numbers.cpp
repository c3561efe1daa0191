#include "exchange/former_numbers.h"

#include <vector>

#include "crm/error.h"
#include "exchange/run_log.h"
#include "records/reactor.h"

namespace crm {
namespace {

constexpr std::size_t kMostRemembered = 10'000;

std::string_view folder_of(std::string_view file) {
  const std::size_t slash = file.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : file.substr(0, slash);
}

struct Naming {
  std::int64_t run, record;
};

}  // namespace

std::optional<std::int64_t> FormerNumbers::find(RecordId former) {
  if (const auto here = find_here(former)) return here;
  if (!are_any(former.kind)) return std::nullopt;
  const std::pair key(former.kind, former.id);
  if (const auto known = found_.find(key); known != found_.end()) return known->second;
  const std::optional<std::int64_t> found = look_up(former);
  if (found_.size() >= kMostRemembered) found_.clear();
  return found_[key] = found;
}

std::optional<std::int64_t> FormerNumbers::find_here(RecordId former) {
  if (run_ == 0) return std::nullopt;
  const Param params[] = {run_, former.id, static_cast<std::int64_t>(former.kind)};
  return session_.state().connection->query_integer(
      "SELECT n.record FROM import_renumbered n JOIN import_run r ON r.id = n.run WHERE n.run = $1 AND n.old "
      "= "
      "$2 AND r.kind = $3",
      params);
}

FormerNumbers::Native FormerNumbers::is_native(const StoredRecord& row) {
  Connection& connection = *session_.state().connection;
  const KindView& view = session_.view(row.id.kind);
  const Param record[] = {row.id.id, row[view.position("created_at")]};
  if (row.id.id == 0 || !connection.exists("SELECT 1 FROM \"" + std::string(entity(row.id.kind).table) +
                                               "\" WHERE id = $1 AND created_at = $2",
                                           record))
    return Native::no;
  const Param added[] = {static_cast<std::int64_t>(row.id.kind), row.id.id,
                         static_cast<std::int64_t>(Action::add)};
  const bool imported = connection.exists(
      "SELECT 1 FROM event e JOIN import_run r ON e.id BETWEEN r.first_event AND r.last_event WHERE e.kind = "
      "$1 AND e.record = $2 AND e.action = $3 AND r.own_export = 1",
      added);
  return imported ? Native::perhaps : Native::yes;
}

bool FormerNumbers::are_any(Kind kind) {
  std::optional<bool>& any = any_[slot(kind)];
  if (!any) {
    const Param params[] = {static_cast<std::int64_t>(kind)};
    any = session_.state().connection->exists(
        "SELECT 1 FROM import_run r WHERE r.kind = $1 AND r.state = 'done' AND r.own_export = 1 AND EXISTS "
        "(SELECT 1 FROM import_renumbered n WHERE n.run = r.id) AND NOT " +
            run_is_undone_sql(),
        params);
  }
  return *any;
}

// Each import of such an export says what its rows became: another number, or the same where that was free.
std::optional<std::int64_t> FormerNumbers::look_up(RecordId former) {
  const Param params[] = {static_cast<std::int64_t>(former.kind), former.id,
                          static_cast<std::int64_t>(Action::add)};
  std::vector<Naming> of_source, of_folder, all;
  session_.state().connection->each(
      "SELECT r.id, r.file, coalesce(r.source, ''), coalesce(n.record, $2) FROM import_run r LEFT JOIN "
      "import_renumbered n ON n.run = r.id AND n.old = $2 WHERE r.kind = $1 AND r.state = 'done' AND "
      "r.own_export = 1 AND (n.record IS NOT NULL OR EXISTS (SELECT 1 FROM event e WHERE e.kind = $1 AND "
      "e.record = $2 AND e.action = $3 AND e.id BETWEEN r.first_event AND r.last_event)) AND NOT " +
          run_is_undone_sql() + " ORDER BY r.id",
      params, [&](const Row& row) {
        const Naming naming{row.integer(0), row.integer(3)};
        all.push_back(naming);
        if (folder_of(row.text(1)) == folder_of(file_)) of_folder.push_back(naming);
        if (row.text(2) == source_) of_source.push_back(naming);
      });
  const std::vector<Naming>& said = !source_.empty() ? of_source : !of_folder.empty() ? of_folder : all;
  for (const Naming& naming : said) {
    if (naming.record == said.front().record) continue;
    const std::string name = to_string(former);
    throw Error(
        ErrorCode::conflict,
        name + " of the export is " + to_string(RecordId{former.kind, said.front().record}) + " by import " +
            std::to_string(said.front().run) + ", and " + to_string(RecordId{former.kind, naming.record}) +
            " by import " + std::to_string(naming.run),
        "keep the files of each database in a folder of their own, or import all of one with the same "
        "--source");
  }
  return said.empty() ? std::nullopt : std::optional(said.front().record);
}

}  // namespace crm
