#include "records/record_people.h"

#include <vector>

#include "base/joined.h"
#include "base/text.h"
#include "crm/error.h"
#include "entity/descriptors.h"
#include "records/session_state.h"
#include "records/write_record.h"

namespace crm {
namespace {

bool names_a_person(const Field& field) {
  return field.type == FieldType::reference && field.is_stored() &&
         (field.target == Kind::user || field.target == Kind::team);
}

}  // namespace

bool is_history(Kind kind) {
  return kind == Kind::stage_change || kind == Kind::consent;
}

void check_unused(Session& session, const StoredRecord& record) {
  std::vector<std::string> uses;
  for (const Entity& kind : entities()) {
    if (is_history(kind.kind)) continue;
    for (const Field* field : session.view(kind.kind).fields()) {
      if (!names_a_person(*field) || field->target != record.id.kind) continue;
      const Param params[] = {record.id.id};
      const auto count = session.state().connection->query_integer(
          "SELECT count(*) FROM \"" + std::string(kind.table) + "\" WHERE \"" +
              std::string(field->column_name()) + "\" = $1 AND deleted_at IS NULL",
          params);
      if (count.value_or(0) == 0) continue;
      uses.push_back(std::to_string(*count) + ' ' +
                     std::string(*count == 1 ? kind.label.en : kind.plural.en) + " as " +
                     std::string(field->name));
    }
  }
  if (uses.empty()) return;
  const std::string name = record.text(session.state().shape(session, record.id.kind).name());
  const bool is_user = record.id.kind == Kind::user;
  throw Error(
      ErrorCode::conflict,
      std::string(is_user ? "the user " : "the team ") + quoted(name) + " is named by " + joined(uses, ", "),
      is_user ? "'crm user deactivate " + name + "' keeps the name; 'crm user transfer " + name +
                    " --to USER' hands over what is open"
              : "give those another team first")
      .about_record(to_string(record.id));
}

void check_people_there(Session& session, const StoredRecord& before, const StoredRecord& after) {
  if (is_history(after.id.kind) || after.deleted_at) return;
  const auto& fields = session.view(after.id.kind).fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto id = names_a_person(*fields[i]) ? after.integer(i) : std::nullopt;
    if (!id || (!before.deleted_at && before[i] == after[i])) continue;
    const RecordId person{fields[i]->target, *id};
    const auto named = find_record(session, person, true);
    if (!named || !named->deleted_at) continue;
    const std::string kind(entity(person.kind).name);
    throw Error(ErrorCode::conflict,
                to_string(after.id) + " would name the " + kind + ' ' +
                    quoted(named->text(session.state().shape(session, person.kind).name())) + " as " +
                    std::string(fields[i]->name) + ", which is deleted",
                "bring that one back first with 'crm " + kind + " restore " + std::to_string(person.id) + "'")
        .about_record(to_string(after.id));
  }
}

void check_active(Session& session, std::int64_t user) {
  const StoredRecord record = load_record(session, {Kind::user, user});
  if (record.integer(field<Kind::user>("active")).value_or(1) == 0) {
    throw Error(ErrorCode::invalid, quoted(record.text(field<Kind::user>("name"))) + " is no longer active",
                "choose somebody else")
        .about_field("owner");
  }
}

}  // namespace crm
