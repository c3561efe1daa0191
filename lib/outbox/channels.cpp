#include "crm/channels.h"

#include "base/digest.h"
#include "base/text.h"
#include "crm/error.h"
#include "outbox/channel.h"
#include "outbox/channel_settings.h"
#include "outbox/mail_message.h"
#include "outbox/outbox_columns.h"
#include "outbox/plain_rows.h"
#include "records/rights.h"
#include "records/session_state.h"

namespace crm {
namespace {

[[noreturn]] void throw_unknown(Connection& connection, const std::string& name) {
  std::vector<std::string> names;
  for (const ChannelSettings& channel : all_channels(connection)) names.push_back(channel.name);
  const auto near = nearest(name, names);
  throw Error(ErrorCode::not_found, "there is no channel " + quoted(name),
              near ? "did you mean " + quoted(*near) + "?" : "'crm outbox channel list' lists them");
}

// Of a web hook's own address only the place: what follows may be a key.
constexpr const char* kShownTarget =
    "CASE WHEN type = 'webhook' AND target LIKE 'http%://_%/_%' THEN substr(target, 1, 8 + "
    "instr(substr(target, 9) || '/', '/') - 1) || '/***' ELSE nullif(target, '') END";

void require(Connection& connection, const std::string& name) {
  if (!find_channel(connection, name)) throw_unknown(connection, name);
}

}  // namespace

void add_channel(Session& session, ChannelSettings settings) {
  require_see_all(session, "may not manage channels");
  complete_settings(settings);
  Write write(session);
  Connection& connection = *session.state().connection;
  if (find_channel(connection, settings.name)) {
    throw Error(ErrorCode::conflict, "there is a channel " + quoted(settings.name),
                "remove it first: crm outbox channel remove " + settings.name);
  }
  settings.is_default = settings.is_default || !default_channel(connection);
  if (settings.is_default) connection.execute("UPDATE channel SET is_default = 0", {});
  const auto given = [](const std::string& text) { return text.empty() ? Param() : Param(text); };
  const Param params[] = {settings.name,
                          settings.type,
                          settings.target,
                          given(settings.sender),
                          given(settings.tls),
                          given(settings.login),
                          given(settings.password),
                          given(settings.authority),
                          given(settings.format),
                          given(settings.secret),
                          settings.answer_within,
                          settings.per_minute,
                          given(settings.on_doubt),
                          given(settings.hours),
                          settings.is_default ? 1 : 0};
  connection.execute(
      "INSERT INTO channel (name, type, target, sender, tls, login, password, authority, format, secret, "
      "answer_within, per_minute, on_doubt, hours, is_default) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
      "$10, $11, "
      "$12, $13, $14, $15)",
      params);
  session.state().open_change().note();
  write.commit();
}

void remove_channel(Session& session, const std::string& name) {
  require_see_all(session, "may not manage channels");
  Write write(session);
  Connection& connection = *session.state().connection;
  require(connection, name);
  const Param params[] = {name};
  connection.execute("DELETE FROM channel WHERE name = $1", params);
  session.state().open_change().note();
  write.commit();
}

void list_channels(Session& session, RowSink& sink) {
  const ShownColumn columns[] = {
      {"name", "c.name"},
      {"type", "c.type"},
      {"target", kShownTarget},
      {"sender", "c.sender"},
      {"default", "CASE WHEN c.is_default = 1 THEN 'yes' END"},
      {"waiting",
       std::string("(SELECT count(*) FROM outbox o WHERE ") + kNotEnded +
           " AND o.state <> 'doubt' AND (o.via = c.name OR (o.via IS NULL AND c.is_default = 1)))",
       Show::number},
  };
  stream_rows(session, select_list(columns) + " FROM channel c ORDER BY c.name", {}, columns, sink);
}

void show_channel(Session& session, const std::string& name, RowSink& sink) {
  require(*session.state().connection, name);
  const ShownColumn columns[] = {
      {"name", "name"},
      {"type", "type"},
      {"target", kShownTarget},
      {"sender", "sender"},
      {"tls", "tls"},
      {"user", "login"},
      {"password", "password"},
      {"authority", "authority"},
      {"format", "format"},
      {"secret", "secret"},
      {"answer_within", "answer_within", Show::number},
      {"per_minute", "per_minute", Show::number},
      {"on_doubt", "on_doubt"},
      {"hours", "hours"},
      {"default", "CASE WHEN is_default = 1 THEN 'yes' END"},
  };
  const Param params[] = {name};
  stream_rows(session, select_list(columns) + " FROM channel WHERE name = $1", params, columns, sink);
}

std::string test_channel(Session& session, const ChannelOptions& options, const std::string& address,
                         MessageSink& sink) {
  Connection& connection = *session.state().connection;
  const auto settings = find_channel(connection, options.name);
  if (!settings) throw_unknown(connection, options.name);
  if (is_sandbox(session) && settings->type != "stdout") {
    throw Error(ErrorCode::not_permitted, "this database is a sandbox: nothing is sent to anybody",
                "'crm outbox sandbox off' makes it a real one");
  }
  const std::unique_ptr<Channel> channel = open_channel(*settings, options, sink);
  if (channel->needs_address() && mail_address(address).empty()) {
    throw Error(
        ErrorCode::usage,
        address.empty() ? "nobody is named to send the test to" : quoted(address) + " is no e-mail address",
        "give '--to ADDRESS', or yourself an address with 'crm user edit'");
  }
  Message message;
  message.key = "test/" + options.name + '/' + hex(random_bytes(8));
  message.rule = "test";
  message.address = channel->needs_address() ? address : std::string();
  message.subject = "Test of the channel " + options.name;
  message.body = "This channel works.\n";
  message.made_at = session.state().options.now;
  const HandoverResult result = channel->hand_over(message);
  if (result.outcome != Handover::sent)
    throw Error(ErrorCode::io, "the test did not go out: " + result.reply);
  return result.reply;
}

}  // namespace crm
