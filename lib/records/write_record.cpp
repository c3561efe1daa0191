#include "records/write_record.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "crm/error.h"
#include "records/amount_order.h"
#include "records/concealment.h"
#include "records/put_record.h"
#include "records/read_value.h"
#include "records/record_lists.h"
#include "records/record_people.h"
#include "records/record_words.h"
#include "records/rights.h"
#include "records/validate.h"

namespace crm {
namespace {

// What a change brings with it is the workflow's doing, not the user's.
template <typename Act>
void hear_reactors(Session& session, Act act) {
  const WorkflowRights rights(session);
  for (Reactor* reactor : reactors()) act(*reactor);
}

void index_new(Session& session, const StoredRecord& record) {
  thread_local std::string values;
  values.clear();
  const auto& words = record_words(session, record.id.kind);
  words->pack(record, values);
  session.state().connection->index_new(search_key(record.id), words, values);
}

void reindex(Session& session, const StoredRecord& before, const StoredRecord& after) {
  if (session.state().connection->index_is_emptied()) return;
  const RecordWords& words = *record_words(session, after.id.kind);
  if (before.deleted_at.has_value() == after.deleted_at.has_value() && !words.differ(before, after)) return;
  const auto words_of = [&words](const StoredRecord& record) {
    return record.deleted_at ? std::string() : words.words_of(record);
  };
  session.state().connection->reindex(search_key(after.id), words_of(before), words_of(after));
}

void take_out_of_index(Session& session, const StoredRecord& record) {
  if (session.state().connection->index_is_emptied()) return;
  session.state().connection->reindex(search_key(record.id),
                                      record_words(session, record.id.kind)->words_of(record), {});
}

void append_json_value(std::string& out, const Value& value) {
  if (const auto* integer = integer_of(value)) {
    out += std::to_string(*integer);
  } else if (const auto* text = text_of(value)) {
    append_json_string(out, *text);
  } else {
    out += "null";
  }
}

void append_json_list(std::string& out, const std::vector<std::string>& list) {
  out += '[';
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i > 0) out += ',';
    append_json_string(out, list[i]);
  }
  out += ']';
}

// updated_at and version change with every write and do not count.
bool differs(const TableShape& shape, const StoredRecord& before, const StoredRecord& after) {
  const auto& fields = shape.view().fields();
  for (std::size_t i = 1; i < fields.size(); ++i) {
    if (fields[i]->is_stored() && i != shape.updated_at() && i != shape.version() &&
        before.values[i] != after.values[i])
      return true;
  }
  return before.deleted_at != after.deleted_at || before.tags != after.tags || before.refs != after.refs;
}

// The old values of what differs, as a JSON object; "" where nothing does but updated_at and version: these
// are kept with the others, so that an undo puts back the row as it was.
std::string old_values(const TableShape& shape, const StoredRecord& before, const StoredRecord& after) {
  if (!differs(shape, before, after)) return {};
  std::string json = "{";
  const auto begin = [&json](std::string_view name) {
    if (json.size() > 1) json += ',';
    append_json_string(json, name);
    json += ':';
  };
  const auto& fields = shape.view().fields();
  for (std::size_t i = 1; i < fields.size(); ++i) {
    if (!fields[i]->is_stored() || before.values[i] == after.values[i]) continue;
    begin(fields[i]->name);
    append_json_value(json, before.values[i]);
  }
  if (before.deleted_at != after.deleted_at) {
    begin("deleted_at");
    json += before.deleted_at ? std::to_string(*before.deleted_at) : "null";
  }
  if (before.tags != after.tags) {
    begin("tags");
    append_json_list(json, before.tags);
  }
  if (before.refs != after.refs) {
    begin("ref");
    append_json_list(json, before.refs);
  }
  return json + '}';
}

// The same of a record that goes with its references, and is otherwise as it was.
std::string values_before_removal(const std::vector<std::string>& refs) {
  std::string json = R"({"deleted_at":null)";
  if (!refs.empty()) {
    json += R"(,"ref":)";
    append_json_list(json, refs);
  }
  return json + '}';
}

// Whoever is shown a value masked, and gives the mask back, has left it as it is.
void keep_masked(Session& session, const StoredRecord& before, StoredRecord& after) {
  const auto& fields = session.view(after.id.kind).fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Field& field = *fields[i];
    if (!field.is_stored() || before[i] == after[i] || reveals(session, field)) continue;
    if (after.text(i) == shown_text(session, field, std::string(before.text(i)))) after[i] = before[i];
  }
}

void set_initial_values(Session& session, StoredRecord& record) {
  const auto& fields = session.view(record.id.kind).fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i]->initial.empty() || !is_null(record[i])) continue;
    record[i] = read_value(session, {fields[i], fields[i]->initial, session.currency(), nullptr});
  }
}

void forget_names(Session& session, Kind kind) {
  if (kind == Kind::user || kind == Kind::team) session.state().forget_people();
}

}  // namespace

std::optional<StoredRecord> find_record(Session& session, RecordId id, bool deleted_too) {
  std::optional<StoredRecord>& at_hand = session.state().at_hand;
  const bool writing = session.state().write_depth > 0 && session.state().connection->in_transaction();
  if (writing && at_hand && at_hand->id == id)
    return deleted_too || !at_hand->deleted_at ? at_hand : std::nullopt;
  const TableShape& shape = session.state().shape(session, id.kind);
  Connection& connection = *session.state().connection;
  std::optional<StoredRecord> record;
  const Param params[] = {id.id};
  connection.each(shape.select_by_id(), params, [&](const Row& row) { shape.read(row, record.emplace()); });
  if (!record || (record->deleted_at && !deleted_too)) return std::nullopt;
  load_lists(connection, *record);
  if (writing) at_hand = record;
  return record;
}

StoredRecord load_record(Session& session, RecordId id, bool deleted_too) {
  auto record = find_record(session, id, deleted_too);
  // What one may not see is not there, whatever the reason.
  const bool visible = may_see(session, id);
  if (record && visible) return std::move(*record);
  const std::string name = to_string(id);
  if (!deleted_too && visible && find_record(session, id, true)) {
    throw Error(ErrorCode::not_found, name + " is deleted",
                "bring it back with 'crm " + std::string(entity(id.kind).name) + " restore " +
                    std::to_string(id.id) + "'")
        .about_record(name);
  }
  throw Error(ErrorCode::not_found, "there is no " + name,
              "list what there is with 'crm " + std::string(entity(id.kind).name) + " list'")
      .about_record(name);
}

StoredRecord new_record(Session& session, Kind kind) {
  StoredRecord record;
  record.id.kind = kind;
  record.values.resize(session.view(kind).fields().size());
  return record;
}

namespace {

void give_number(Session::State& state, StoredRecord& record) {
  if (record.id.id == 0) {
    record.id.id = state.new_id(record.id.kind);
  } else {  // an import keeps the numbers of an export
    std::int64_t& next = state.next_id[static_cast<std::size_t>(record.id.kind)];
    if (next != 0) next = std::max(next, record.id.id + 1);
  }
  record.values[0] = record.id.id;
}

// The row, its lists, its event and its search text. `claimed`: the references are written already.
void write_row(Session& session, const TableShape& shape, const StoredRecord& record, bool claimed) {
  Session::State& state = session.state();
  note_decimal_places(session, shape, record);
  shape.insert(*state.connection, record, session.country());
  if (!claimed || !record.tags.empty()) write_lists(session, record.id, nullptr, record, claimed);
  thread_local std::string canonical;
  canonical.clear();
  shape.canonical(record, canonical);
  state.open_change().record(record.id, Action::add, canonical, {}, state.rule, now_seconds(session));
  if (shape.view().entity().searchable && !record.deleted_at) index_new(session, record);
  forget_names(session, record.id.kind);
}

void write_new(Session& session, StoredRecord& record, Origin origin, bool claimed) {
  Session::State& state = session.state();
  const TableShape& shape = state.shape(session, record.id.kind);
  if (is_null(record[shape.created_at()])) record[shape.created_at()] = now_seconds(session);
  if (is_null(record[shape.updated_at()])) record[shape.updated_at()] = now_seconds(session);
  if (is_null(record[shape.version()])) record[shape.version()] = std::int64_t{1};
  set_initial_values(session, record);
  RecordChange change{Action::add, origin, nullptr, record};
  check_may_write(session, nullptr, record);
  if (origin == Origin::imported) check_may_state(session, record);
  hear_reactors(session, [&](Reactor& reactor) { reactor.before(session, change); });
  check_record(session, record, nullptr, origin);
  write_row(session, shape, record, claimed);
  // What a command adds is looked at again: by rules, and for duplicates.
  if (shape.view().entity().searchable && origin != Origin::imported) state.at_hand = record;
  hear_reactors(session, [&](Reactor& reactor) { reactor.after(session, change); });
}

}  // namespace

void insert_record(Session& session, StoredRecord& record, Origin origin) {
  give_number(session.state(), record);
  sort_lists(record);
  write_new(session, record, origin, false);
}

void put_record(Session& session, StoredRecord& record) {
  const TableShape& shape = session.state().shape(session, record.id.kind);
  sort_lists(record);
  give_number(session.state(), record);
  if (is_null(record[shape.version()])) record[shape.version()] = std::int64_t{1};
  write_row(session, shape, record, false);
  hear_reactors(session, [&](Reactor& reactor) { reactor.put_back(session, record.id); });
}

std::optional<RecordId> insert_unless_referred(Session& session, StoredRecord& record, Origin origin) {
  Session::State& state = session.state();
  const std::int64_t given = record.id.id;
  sort_lists(record);
  for (const std::string& ref : record.refs) {
    if (record.refs.size() == 1) break;  // claiming it finds its holder too
    if (const auto holder = live_holder(session, record.id.kind, ref)) return holder;
  }
  give_number(state, record);
  for (const std::string& ref : record.refs) {
    const auto holder = claim_ref(session, record.id, ref);
    if (!holder) continue;
    std::int64_t& next = state.next_id[static_cast<std::size_t>(record.id.kind)];
    if (given == 0 && next == record.id.id + 1) --next;
    record.id.id = given;
    return holder;
  }
  write_new(session, record, origin, true);
  return std::nullopt;
}

bool update_record(Session& session, const StoredRecord& before, StoredRecord& after, Action action,
                   Origin origin, UpdatedAt updated_at) {
  Session::State& state = session.state();
  const TableShape& shape = state.shape(session, after.id.kind);
  sort_lists(after);
  if (origin == Origin::command || origin == Origin::imported) keep_masked(session, before, after);
  if (origin != Origin::undo && !differs(shape, before, after)) return false;
  if (origin != Origin::renaming) check_may_write(session, &before, after);
  if (action == Action::restore) check_people_there(session, before, after);
  if (origin == Origin::imported) {
    check_may_state(session, before);
    check_may_state(session, after);
  }
  RecordChange change{action, origin, &before, after};
  const bool heard = origin != Origin::undo && origin != Origin::renaming;
  if (heard) {
    hear_reactors(session, [&](Reactor& reactor) { reactor.before(session, change); });
    if (action != Action::remove) check_record(session, after, &before, origin);
  }
  if (origin != Origin::undo) {
    if (updated_at == UpdatedAt::now) after[shape.updated_at()] = now_seconds(session);
    after[shape.version()] = before.integer(shape.version()).value_or(0) + 1;
  }
  note_decimal_places(session, shape, after);
  shape.update(*state.connection, before, after, session.country());
  write_lists(session, after.id, &before, after);
  thread_local std::string canonical;
  canonical.clear();
  shape.canonical(after, canonical);
  state.open_change().record(after.id, action, canonical, old_values(shape, before, after), state.rule,
                             now_seconds(session));
  if (shape.view().entity().searchable) reindex(session, before, after);
  state.at_hand = after;
  forget_names(session, after.id.kind);
  hear_reactors(session, [&](Reactor& reactor) {
    reactor.after(session, change);
    if (origin == Origin::undo) reactor.put_back(session, after.id);
  });
  return true;
}

void take_out(Session& session, std::span<StoredRecord> records) {
  Session::State& state = session.state();
  const Kind kind = records.front().id.kind;
  const TableShape& shape = state.shape(session, kind);
  const std::int64_t now = now_seconds(session);
  const auto [first, last] = std::minmax(records.front().id.id, records.back().id.id);
  state.at_hand.reset();
  std::vector<std::vector<std::string>> refs;  // that they had
  refs.reserve(records.size());
  std::string canonical;
  bool had_refs = false;
  for (StoredRecord& record : records) {
    check_may_write(session, &record, record);
    if (shape.view().entity().searchable) take_out_of_index(session, record);
    refs.push_back(std::exchange(record.refs, {}));
    had_refs = had_refs || !refs.back().empty();
    record.deleted_at = now;
    canonical.clear();
    shape.canonical(record, canonical);
    state.open_change().record(record.id, Action::remove, canonical, values_before_removal(refs.back()),
                               state.rule, now);
  }
  shape.remove(*state.connection, first, last, now);
  if (had_refs) {
    const Param range[] = {static_cast<std::int64_t>(kind), first, last};
    state.connection->execute("DELETE FROM external_ref WHERE kind = $1 AND record BETWEEN $2 AND $3", range);
  }
  StoredRecord former;  // of one after the other, in the same memory
  for (std::size_t i = 0; i < records.size(); ++i) {
    former = records[i];
    former.refs = std::move(refs[i]);
    former.deleted_at.reset();
    hear_reactors(session, [&](Reactor& reactor) {
      reactor.after(session, {Action::remove, Origin::undo, &former, records[i]});
    });
  }
  hear_reactors(session, [&](Reactor& reactor) { reactor.taken_out(session, records); });
}

}  // namespace crm
