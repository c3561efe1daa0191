#include "base/add_once.h"
#include "base/text.h"
#include "crm/error.h"
#include "crm/records.h"
#include "exchange/cell_reader.h"
#include "records/read_value.h"

namespace crm {

Value CellReader::read_user(const Field& field, std::string_view text) {
  if (const auto user = find_user(session_, text)) {
    note_if_left(field, *user);
    return *user;
  }
  if (text.find_first_of("/;") == std::string_view::npos) {
    if (const auto user = find_by_ref(Kind::user, text)) {
      note_if_left(field, *user);
      return *user;
    }
  }
  switch (options_.on_unknown_user) {
    case UnknownUser::empty:
      return {};
    case UnknownUser::skip:
      throw SkipRow{"there is no user " + quoted(text)};
    case UnknownUser::create: {
      const FieldText name[] = {{"name", std::string(text)}};
      const std::int64_t id = add(session_, Kind::user, name).record.id;
      made_users_.emplace_back(text);
      return id;
    }
    case UnknownUser::fail:
      break;
  }
  const auto near = nearest(text, complete_names(session_, Kind::user, {}, 5000));
  throw Error(ErrorCode::invalid, "there is no user " + quoted(text),
              near ? "did you mean " + quoted(*near) + "?"
                   : "add the user, make all with --create-missing owner, or say what else to do with "
                     "--on-unknown-owner")
      .about_field(std::string(field.name));
}

// Files of history name people who have left. What they did stays theirs; whose a record is now is another
// thing.
void CellReader::note_if_left(const Field& field, std::int64_t user) {
  if (field.name != "owner" || kind_ == Kind::followup) return;
  const Param params[] = {user};
  if (session_.state().connection->exists("SELECT 1 FROM user WHERE id = $1 AND active = 0", params))
    add_once(left_users_, session_.state().name_of(Kind::user, user));
}

}  // namespace crm
