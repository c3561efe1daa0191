#include <algorithm>
#include <optional>

#include "base/add_once.h"
#include "base/text.h"
#include "crm/error.h"
#include "crm/merge.h"
#include "records/merged.h"
#include "records/rights.h"
#include "records/undone.h"
#include "records/write_record.h"

namespace crm {
namespace {

struct Part {
  std::int64_t place = 0;
  RecordId record;
  std::string field;
  Value old, now;
};

// Gives back what one merge set.
class Parting {
 public:
  Parting(Session& session, RecordId loser) : session_(session), connection_(*session.state().connection) {
    result_.loser = loser;
    const Param params[] = {static_cast<std::int64_t>(loser.kind), loser.id};
    connection_.each("SELECT m.id, m.winner FROM merge m WHERE m.kind = $1 AND m.loser = $2 AND NOT " +
                         is_undone_sql("m.change", "m.unmerged_by") + " ORDER BY m.id DESC LIMIT 1",
                     params, [&](const Row& row) {
                       merge_ = row.integer(0);
                       result_.winner = {loser.kind, row.integer(1)};
                     });
    if (merge_ == 0)
      throw Error(ErrorCode::not_found, to_string(loser) + " is part of no other record",
                  "see 'crm " + std::string(entity(loser.kind).name) + " history'");
  }

  UnmergeResult run() {
    // What is part of the winner may itself be part of a third by now.
    holder_ = merged_into(session_, result_.winner).value_or(result_.winner);
    const Param params[] = {merge_};
    std::vector<Part> parts;
    connection_.each(
        "SELECT id, kind, record, field, old, new FROM merge_part WHERE merge = $1 ORDER BY kind, record, id "
        "DESC",
        params, [&](const Row& row) {
          parts.push_back({row.integer(0),
                           {static_cast<Kind>(row.integer(1)), row.integer(2)},
                           std::string(row.text(3)),
                           row.value(4),
                           row.value(5)});
        });
    // References are unique: they leave the winner before they come back.
    std::stable_partition(parts.begin(), parts.end(),
                          [&](const Part& part) { return part.record != result_.loser; });
    for (std::size_t begin = 0; begin < parts.size();) {
      std::size_t end = begin;
      while (end < parts.size() && parts[end].record == parts[begin].record) ++end;
      give_back(parts[begin].record, {parts.data() + begin, end - begin});
      begin = end;
    }
    if (holder_ != result_.winner) name_passed_on(parts);
    const Param by[] = {merge_, session_.state().open_change().number()};
    connection_.execute("UPDATE merge SET unmerged_by = $2 WHERE id = $1", by);
    return std::move(result_);
  }

 private:
  void keep(RecordId record, const std::string& field) {
    result_.kept.push_back(to_string(record) + ": " + field + " was changed since");
  }

  // A later merge took some of it on to a third record, which gives it back when the winner leaves that.
  void name_passed_on(const std::vector<Part>& parts) {
    const auto holder = find_record(session_, holder_);
    if (!holder || !may_see(session_, holder_)) return;
    const auto has = [&](const Part& part) {
      if (part.field == "updated_at" || part.field == "version" || is_null(part.now)) return false;
      const std::string* text = text_of(part.now);
      const auto is_in = [&](const std::vector<std::string>& list) {
        return text != nullptr && std::find(list.begin(), list.end(), *text) != list.end();
      };
      if (part.field == "tags") return is_in(holder->tags);
      if (part.field == "ref") return is_in(holder->refs);
      const std::size_t position = session_.view(holder_.kind).position(part.field);
      if (position == KindView::npos) return false;
      if (part.field == "note" && text != nullptr)
        return ('\n' + holder->text(position) + '\n').find('\n' + *text + '\n') != std::string::npos;
      return (*holder)[position] == part.now;
    };
    std::vector<std::string> fields;
    for (const Part& part : parts) {
      if (part.record == result_.winner && has(part)) add_once(fields, part.field);
    }
    for (const std::string& field : fields)
      result_.passed_on.push_back(to_string(holder_) + ": " + field + " came from it by way of " +
                                  to_string(result_.winner));
  }

  void give_back(RecordId id, std::span<const Part> parts) {
    const StoredRecord before = load_record(session_, id, true);
    StoredRecord after = before;
    std::vector<std::string> refs;
    bool times = true;
    for (const Part& part : parts) {
      if (part.field == "deleted_at") {
        after.deleted_at.reset();
      } else if (part.field == "updated_at" || part.field == "version") {
        times = give_back_time(after, part) && times;
      } else if (part.field == "tags" || part.field == "ref") {
        give_back_item(after, part, refs);
      } else if (part.field == "note") {
        give_back_note(after, part);
      } else {
        give_back_value(after, part);
      }
    }
    if (!refs.empty()) take_from_holder(refs, after);
    if (before.values == after.values && before.deleted_at == after.deleted_at && before.tags == after.tags &&
        before.refs == after.refs)
      return;
    ++result_.records;
    const bool is_one_of_both = id == result_.loser || id == result_.winner;
    if (is_one_of_both && !times) make_newer(before, after);
    update_record(session_, before, after,
                  before.deleted_at && !after.deleted_at ? Action::restore : Action::edit,
                  times || is_one_of_both ? Origin::undo : Origin::renaming);
  }

  void make_newer(const StoredRecord& before, StoredRecord& after) {
    const TableShape& shape = session_.state().shape(session_, after.id.kind);
    after[shape.updated_at()] = now_seconds(session_);
    after[shape.version()] = before.integer(shape.version()).value_or(0) + 1;
  }

  // A record that only merges have touched since is as it was to the second. Where a later one did, that
  // gives the older time back: moments can be equal, versions never are, and tell which one it was.
  bool give_back_time(StoredRecord& record, const Part& part) {
    if (part.field == "version") later_version_ = place_of_later(record, part);
    const auto position = session_.view(record.id.kind).position(part.field);
    if (!later_version_) {
      if (record[position] != part.now) return false;
      record[position] = part.old;
      return true;
    }
    const Param params[] = {*later_version_, part.old, part.field};
    return connection_.execute(
               "UPDATE merge_part SET old = $2 WHERE id = (SELECT max(p.id) FROM merge_part p JOIN "
               "merge_part v "
               "ON v.merge = p.merge AND v.kind = p.kind AND v.record = p.record WHERE v.id = $1 AND p.field "
               "= "
               "$3 AND p.id <= $1)",
               params) > 0;
  }

  // The part of a later merge that went on from the version which this one made; nothing where the record has
  // that version.
  std::optional<std::int64_t> place_of_later(const StoredRecord& record, const Part& part) {
    if (record[session_.view(record.id.kind).position(part.field)] == part.now) return std::nullopt;
    const Param params[] = {part.place,     static_cast<std::int64_t>(part.record.kind),
                            part.record.id, part.field,
                            part.now,       merge_};
    return connection_.query_integer(
        "SELECT p.id FROM merge_part p JOIN merge m ON m.id = p.merge WHERE p.kind = $2 AND p.record = $3 "
        "AND "
        "p.field = $4 AND p.id > $1 AND p.old = $5 AND m.id <> $6 AND NOT " +
            is_undone_sql("m.change", "m.unmerged_by") + " ORDER BY p.id LIMIT 1",
        params);
  }

  void give_back_value(StoredRecord& record, const Part& part) {
    const std::size_t position = session_.view(record.id.kind).position(part.field);
    if (position == KindView::npos) return;
    if (record[position] != part.now && record[position] != made_by_later_merges(part)) {
      keep(record.id, part.field);
      return;
    }
    record[position] = part.old;
    forget_later(part);
  }

  // Takes out the lines that the merge added: the last that name the loser, since a later merge may have
  // brought older ones along, or the first of all, which became the note of a winner without one.
  void give_back_note(StoredRecord& record, const Part& part) {
    const std::size_t position = session_.view(record.id.kind).position(part.field);
    const std::string& added = *text_of(part.now);
    std::string text = '\n' + record.text(position) + '\n';
    const std::string lines = '\n' + added + '\n';
    const bool named = added.starts_with(to_string(result_.loser) + ':');
    const std::size_t at = named ? text.rfind(lines) : text.find(lines);
    if (at == std::string::npos || (at > 0 && !named)) {
      keep(record.id, part.field);
      return;
    }
    text.erase(at, added.size() + 1);
    record[position] = text.size() > 1 ? Value(text.substr(1, text.size() - 2)) : Value();
  }

  // What later merges made of the value that this one set: they took it on to whom they kept.
  Value made_by_later_merges(const Part& part) {
    const Param params[] = {part.place, static_cast<std::int64_t>(part.record.kind), part.record.id,
                            part.field, merge_};
    Value value = part.now;
    connection_.each(
        "SELECT p.old, p.new FROM merge_part p JOIN merge m ON m.id = p.merge WHERE p.kind = $2 AND p.record "
        "= "
        "$3 AND p.field = $4 AND p.id > $1 AND m.id <> $5 AND NOT " +
            is_undone_sql("m.change", "m.unmerged_by") + " ORDER BY p.id",
        params, [&](const Row& row) {
          if (row.value(0) == value) value = row.value(1);
        });
    return value;
  }

  // What later merges did with a value that is no longer there is not theirs to give back.
  void forget_later(const Part& part) {
    const Param params[] = {static_cast<std::int64_t>(part.record.kind), part.record.id, part.field,
                            part.place};
    connection_.execute(
        "DELETE FROM merge_part WHERE kind = $1 AND record = $2 AND field = $3 AND id > $4 AND merge IN "
        "(SELECT id FROM merge WHERE unmerged_by IS NULL)",
        params);
  }

  void forget_later_ref(const Part& part, const std::string& ref) {
    const Param params[] = {static_cast<std::int64_t>(part.record.kind), ref, part.place, merge_};
    connection_.execute(
        "DELETE FROM merge_part WHERE kind = $1 AND field = 'ref' AND (old = $2 OR new = $2) AND id > $3 AND "
        "merge <> $4 AND merge IN "
        "(SELECT id FROM merge WHERE unmerged_by IS NULL)",
        params);
  }

  void give_back_item(StoredRecord& record, const Part& part, std::vector<std::string>& refs) {
    auto& list = part.field == "tags" ? record.tags : record.refs;
    if (const std::string* brought = text_of(part.now)) {
      list.erase(std::remove(list.begin(), list.end(), *brought), list.end());
    } else if (const std::string* own = text_of(part.old)) {
      refs.push_back(*own);
      forget_later_ref(part, *own);
    }
  }

  // The loser's references back to it, wherever a later merge took them; not one that somebody gave away.
  void take_from_holder(const std::vector<std::string>& refs, StoredRecord& loser) {
    if (holder_ != result_.winner) {
      const StoredRecord before = load_record(session_, holder_, true);
      StoredRecord after = before;
      for (const std::string& ref : refs)
        after.refs.erase(std::remove(after.refs.begin(), after.refs.end(), ref), after.refs.end());
      update_record(session_, before, after, Action::edit, Origin::undo);
    }
    for (const std::string& ref : refs) {
      const std::size_t slash = ref.find('/');
      const Param params[] = {static_cast<std::int64_t>(loser.id.kind),
                              std::string_view(ref).substr(0, slash),
                              std::string_view(ref).substr(slash + 1)};
      const auto other = connection_.query_integer(
          "SELECT record FROM external_ref WHERE kind = $1 AND source = $2 AND key = $3", params);
      if (other && find_record(session_, {loser.id.kind, *other})) {
        // Not where a merge that was undone gave it back to its owner.
        const Param owner[] = {static_cast<std::int64_t>(loser.id.kind), *other};
        if (!connection_.exists("SELECT 1 FROM merge WHERE kind = $1 AND loser = $2", owner))
          keep({loser.id.kind, *other}, "its reference " + ref);
      } else {
        loser.refs.push_back(ref);
      }
    }
  }

  Session& session_;
  Connection& connection_;
  std::int64_t merge_ = 0;
  RecordId holder_;
  std::optional<std::int64_t> later_version_;  // of the record at hand, see give_back_time()
  UnmergeResult result_;
};

}  // namespace

UnmergeResult unmerge(Session& session, RecordId loser) {
  Write write(session);
  UnmergeResult result = Parting(session, loser).run();
  write.commit();
  return result;
}

}  // namespace crm
