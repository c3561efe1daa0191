// The verbs that every kind has.
#include <algorithm>

#include "base/text.h"
#include "crm/error.h"
#include "crm/records.h"
#include "modules/phone.h"
#include "records/concealment.h"
#include "records/keep_figures.h"
#include "records/merged.h"
#include "records/read_value.h"
#include "records/record_lists.h"
#include "records/record_people.h"
#include "records/rights.h"
#include "records/session_state.h"
#include "records/write_record.h"

namespace crm {
namespace {

const Field& writable_field(const KindView& view, const std::string& name) {
  const Field* field = view.find(name);
  if (field == nullptr) {
    const auto near = nearest(name, view.names());
    throw Error(ErrorCode::invalid, std::string(view.entity().label.en) + "s have no field " + quoted(name),
                near ? "did you mean " + quoted(*near) + "?"
                     : "see 'crm schema " + std::string(view.entity().name) + "'")
        .about_field(name);
  }
  if (field->is_derived() || field->access != Access::open) {
    throw Error(ErrorCode::invalid, quoted(name) + " is kept by the program", "it cannot be set by hand")
        .about_field(name);
  }
  return *field;
}

// A number that cannot be read is kept, as an import keeps it.
void note_unreadable_phone(Session& session, const Value& value) {
  const std::string* const phone = text_of(value);
  if (phone == nullptr || phone->empty() || phone_key(*phone, session.country())) return;
  session.notice("kept the phone " + quoted(*phone) + " as it is typed: it cannot be read as a number");
}

// Whose a plan may be depends on whose the record is that it is about: its own room's rules check that.
void check_new_owner(Session& session, Kind kind, const Value& owner) {
  if (kind != Kind::followup && !is_null(owner)) check_active(session, *integer_of(owner));
}

// Sets the fields in the record. The currency comes first: an amount is read in it.
void set_fields(Session& session, StoredRecord& record, std::span<const FieldText> fields) {
  const KindView& view = session.view(record.id.kind);
  const std::size_t currency_at = view.position("currency");
  const std::string currency_before =
      currency_at == KindView::npos ? std::string() : record.text(currency_at);
  for (const bool currencies : {true, false}) {
    for (const FieldText& text : fields) {
      const Field& field = writable_field(view, text.field);
      if ((field.type == FieldType::currency) != currencies) continue;
      if (field.type == FieldType::tags) {
        record.tags.clear();
        for (const std::string& tag : read_list(text.text)) record.tags.push_back(read_tag(tag));
        continue;
      }
      if (field.type == FieldType::refs) {
        for (const std::string& ref : read_list(text.text)) record.refs.push_back(read_ref(ref, "import"));
        continue;
      }
      std::string named_currency;
      ValueText value{&field, text.text, session.currency(), &named_currency};
      if (currency_at != KindView::npos && !record.text(currency_at).empty())
        value.currency = record.text(currency_at);
      Value& given = record[view.position(text.field)];
      const Value former = given;
      given = read_value(session, value);
      if (field.name == "owner" && given != former) check_new_owner(session, record.id.kind, given);
      if (field.type == FieldType::phone) note_unreadable_phone(session, given);
      if (!named_currency.empty() && currency_at != KindView::npos) record[currency_at] = named_currency;
    }
  }
  keep_figures(session, currency_before, record, [&](std::size_t position) {
    return std::any_of(fields.begin(), fields.end(),
                       [&](const FieldText& text) { return view.position(text.field) == position; });
  });
}

WriteResult edit_lists(Session& session, RecordId id, std::span<const std::string> tags, bool adding) {
  Write write(session);
  const StoredRecord before = load_record(session, id);
  StoredRecord after = before;
  for (const std::string& text : tags) {
    const std::string tag = read_tag(text);
    if (adding) {
      after.tags.push_back(tag);
    } else {
      after.tags.erase(std::remove(after.tags.begin(), after.tags.end(), tag), after.tags.end());
    }
  }
  const bool changed = update_record(session, before, after, Action::edit, Origin::command);
  write.commit();
  return {id, changed ? Written::updated : Written::unchanged};
}

}  // namespace

WriteResult add(Session& session, Kind kind, std::span<const FieldText> fields, const AddOptions& options) {
  Write write(session);
  StoredRecord record = new_record(session, kind);
  set_fields(session, record, fields);
  for (const std::string& ref : record.refs) {
    const auto holder = live_holder(session, kind, ref);
    if (!holder) continue;
    if (!may_see(session, *holder)) throw reference_taken(session, ref, *holder);
    if (options.if_exists == IfExists::skip) return {*holder, Written::skipped};
    if (options.if_exists == IfExists::fail) {
      throw Error(ErrorCode::conflict, "the reference " + quoted(ref) + " belongs to " + to_string(*holder),
                  "leave out --if-exists fail to update that record")
          .about_record(to_string(*holder));
    }
    const WriteResult result = edit(session, *holder, fields);
    write.commit();
    return result;
  }
  insert_record(session, record, Origin::command);
  write.commit();
  return {record.id, Written::added};
}

WriteResult edit(Session& session, RecordId id, std::span<const FieldText> fields,
                 std::optional<std::int64_t> if_version) {
  Write write(session);
  const StoredRecord before = load_record(session, id);
  const auto version = before.integer(session.state().shape(session, id.kind).version());
  if (if_version && version != if_version) {
    throw Error(ErrorCode::conflict,
                to_string(id) + " has version " + std::to_string(version.value_or(0)) + ", not " +
                    std::to_string(*if_version),
                "look at it again, then edit")
        .about_record(to_string(id));
  }
  StoredRecord after = before;
  set_fields(session, after, fields);
  const bool changed = update_record(session, before, after, Action::edit, Origin::command);
  write.commit();
  return {id, changed ? Written::updated : Written::unchanged};
}

WriteResult remove(Session& session, RecordId id) {
  Write write(session);
  const StoredRecord before = load_record(session, id);
  if (id.kind == Kind::user || id.kind == Kind::team) check_unused(session, before);
  StoredRecord after = before;
  after.deleted_at = now_seconds(session);
  update_record(session, before, after, Action::remove, Origin::command);
  write.commit();
  return {id, Written::updated};
}

WriteResult restore(Session& session, RecordId id) {
  Write write(session);
  const StoredRecord before = load_record(session, id, true);
  if (const auto winner = before.deleted_at ? merged_into(session, id) : std::nullopt) {
    throw Error(ErrorCode::conflict, to_string(id) + " is part of " + to_string(*winner),
                "part them with 'crm " + std::string(entity(id.kind).name) + " unmerge'")
        .about_record(to_string(id));
  }
  StoredRecord after = before;
  after.deleted_at.reset();
  const bool changed = update_record(session, before, after, Action::restore, Origin::command);
  write.commit();
  return {id, changed ? Written::updated : Written::unchanged};
}

WriteResult tag(Session& session, RecordId id, std::span<const std::string> tags) {
  return edit_lists(session, id, tags, true);
}
WriteResult untag(Session& session, RecordId id, std::span<const std::string> tags) {
  return edit_lists(session, id, tags, false);
}

}  // namespace crm
