#include "commands/add_checked.h"

#include <crm/duplicates.h>
#include <crm/error.h>

#include <algorithm>

#include "app/report_error.h"
#include "commands/scores.h"
#include "output/row_builder.h"

namespace crm::cmd {

namespace {

// [{"record":"lead/7","score":0.973,"terms":{…}}, …]
std::string candidates_json(RecordId record, const std::vector<DuplicatePair>& found) {
  std::string json = "[";
  for (const DuplicatePair& pair : found) {
    if (json.size() > 1) json += ',';
    json += "{\"record\":\"" + to_string(pair.a == record ? pair.b : pair.a) +
            "\",\"score\":" + decimal(pair.score, 3) + ",\"terms\":" + terms_json(pair) + '}';
  }
  return json + ']';
}

}  // namespace

bool is_compared(Kind kind) {
  return kind == Kind::customer || kind == Kind::contact || kind == Kind::lead;
}

WriteResult add_checked(Session& session, Kind kind, const std::vector<FieldText>& fields,
                        const AddOptions& options, bool allow_duplicate) {
  const WriteResult result = add(session, kind, fields, options);
  if (allow_duplicate || result.written != Written::added || !is_compared(kind)) return result;
  const std::vector<DuplicatePair> found = duplicates_of(session, result.record);
  if (found.empty()) return result;
  std::string list;
  constexpr std::size_t kMost = 5;
  for (std::size_t i = 0; i < std::min(found.size(), kMost); ++i) {
    const RecordId other = found[i].a == result.record ? found[i].b : found[i].a;
    list += (list.empty() ? "" : ", ") + to_string(other) + " (" + decimal(found[i].score, 3) + ")";
  }
  Error refused(ErrorCode::conflict,
                "this " + std::string(entity(kind).label.en) + " is likely there already: " + list,
                "look at it with 'crm " + std::string(entity(kind).name) +
                    " show', or add it all the same with --allow-duplicate");
  refused.about_record(to_string(found.front().a == result.record ? found.front().b : found.front().a));
  throw DetailedError(refused, "candidates", candidates_json(result.record, found));
}

}  // namespace crm::cmd
