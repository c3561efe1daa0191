#include "records/change_log.h"

#include <array>

namespace crm {
namespace {

void append_number(std::string& out, std::int64_t number) {
  std::array<char, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<char>((number >> (56 - 8 * i)) & 0xff);
  out.append(bytes.data(), bytes.size());
}

void append_text(std::string& out, std::string_view text) {
  append_number(out, static_cast<std::int64_t>(text.size()));
  out += text;
}

}  // namespace

void EventHash::add(const EventDigest& event) {
  thread_local std::string bytes;
  bytes.clear();
  append_number(bytes, event.kind);
  append_number(bytes, event.record);
  append_number(bytes, event.action);
  append_text(bytes, event.row_digest);
  append_text(bytes, event.old_digest);
  append_text(bytes, event.rule);
  append_number(bytes, event.acted_at.value_or(0));
  hash_.update(bytes);
  ++count_;
}

std::string EventHash::finish(std::string_view previous, std::int64_t change, const ChangeInfo& info) {
  std::string bytes;
  append_text(bytes, previous);
  append_number(bytes, change);
  append_number(bytes, info.at);
  append_number(bytes, info.acted_at);
  append_text(bytes, info.actor);
  append_text(bytes, info.program);
  append_text(bytes, info.command);
  append_text(bytes, info.reason.value_or(std::string()));
  append_number(bytes, info.undoes.value_or(0));
  append_number(bytes, count_);
  append_text(bytes, hash_.digest());
  return sha256(bytes);
}

LogEnd log_end(Connection& connection) {
  LogEnd end;
  connection.each("SELECT id, hash, (SELECT max(id) FROM event) FROM change ORDER BY id DESC LIMIT 1", {},
                  [&](const Row& row) {
                    end = {row.integer(0), row.integer(2), std::string(row.text(1))};
                  });
  return end;
}

void OpenChange::record(RecordId record, Action action, std::string_view canonical,
                        std::string_view old_values, std::string_view rule, std::int64_t acted_at) {
  const std::string salt = random_bytes(16);
  const std::string row_digest = salted_digest(canonical, salt);
  const std::string old_digest = old_values.empty() ? std::string() : salted_digest(old_values, salt);
  const auto kind = static_cast<std::int64_t>(record.kind);
  const auto act = static_cast<std::int64_t>(action);
  const std::optional<std::int64_t> own_moment =
      acted_at == info_.acted_at ? std::nullopt : std::optional(acted_at);
  const Param params[] = {number(),
                          kind,
                          record.id,
                          act,
                          Blob{salt},
                          Blob{row_digest},
                          old_values.empty() ? Param() : Param(old_values),
                          old_values.empty() ? Param() : Param(Blob{old_digest}),
                          rule.empty() ? Param() : Param(rule),
                          own_moment};
  connection_.append(
      "INSERT INTO event (change, kind, record, action, salt, row_digest, old, old_digest, rule, acted_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      params);
  hash_.add({kind, record.id, act, row_digest, old_digest, rule, own_moment});
}

LogEnd OpenChange::finish() {
  if (hash_.count() == 0 && !noted_) return former_;
  const std::int64_t count = hash_.count();
  const std::int64_t first_event = former_.event + 1;  // they are numbered without a gap
  LogEnd end{number(), former_.event + count, hash_.finish(former_.hash, number(), info_)};
  const Param params[] = {end.change,
                          info_.at,
                          info_.acted_at,
                          info_.actor,
                          info_.program,
                          info_.command,
                          info_.reason ? Param(*info_.reason) : Param(),
                          info_.undoes,
                          first_event,
                          count,
                          Blob{end.hash}};
  connection_.execute(
      "INSERT INTO change (id, at, acted_at, actor, program, command, reason, undoes, first_event, events, "
      "hash) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
      params);
  return end;
}

}  // namespace crm
