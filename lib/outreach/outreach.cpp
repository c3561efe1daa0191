#include "crm/outreach.h"

#include "base/digest.h"
#include "base/text.h"
#include "crm/consent.h"
#include "crm/error.h"
#include "outbox/channel_settings.h"
#include "outbox/enqueue.h"
#include "outbox/permission.h"
#include "outbox/plain_rows.h"
#include "outreach/audience.h"
#include "outreach/letter.h"
#include "outreach/segments.h"
#include "records/read_value.h"
#include "records/rights.h"
#include "records/session_state.h"

namespace crm {
namespace {

constexpr std::size_t kDigestLength = 8;

// A web hook posts to a group of people or to a program, not to the person.
void check_channel(Session& session, const Outreach& outreach) {
  Connection& connection = *session.state().connection;
  const auto channel =
      outreach.via.empty() ? default_channel(connection) : find_channel(connection, outreach.via);
  if (!channel && !outreach.via.empty())
    throw Error(ErrorCode::not_found, "there is no channel " + quoted(outreach.via),
                "'crm outbox channel list' lists them");
  if (channel && channel->type == "webhook")
    throw Error(ErrorCode::invalid,
                "the channel " + quoted(channel->name) + " is a web hook: it reaches no customer",
                "give --channel with one that mails");
}

void check(Session& session, const Outreach& outreach) {
  if (!is_segment_name(outreach.name)) {
    throw Error(ErrorCode::usage, quoted(outreach.name) + " is no name for an outreach",
                "small letters, digits and '-': spring-2026");
  }
  if (outreach.kind != Kind::customer && outreach.kind != Kind::contact && outreach.kind != Kind::lead)
    throw Error(ErrorCode::usage, "outreach goes to customers, contacts or leads");
  if (outreach.segment.empty())
    throw Error(ErrorCode::usage, "nothing says whom it goes to",
                "give --segment with a name or an expression");
  if (!is_purpose(outreach.purpose) || outreach.purpose == kAnyContact)
    throw Error(ErrorCode::invalid, quoted(outreach.purpose) + " is no purpose", std::string(kPurposeForm));
  if (outreach.most < 1 || outreach.per_person < 1 || outreach.per_days < 1)
    throw Error(ErrorCode::usage, "a cap is at least 1");
  check_channel(session, outreach);
}

void keep(Session& session, const Outreach& outreach) {
  Write write(session);
  const Param params[] = {outreach.name,     static_cast<std::int64_t>(outreach.kind),
                          outreach.segment,  outreach.template_name,
                          outreach.purpose,  outreach.via.empty() ? Param() : Param(outreach.via),
                          outreach.most,     outreach.per_person,
                          outreach.per_days, now_seconds(session),
                          session.login()};
  session.state().connection->execute(
      "INSERT OR REPLACE INTO outreach (name, kind, segment, template, purpose, via, most, per_person, "
      "per_days, "
      "previewed_at, previewed_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
      params);
  session.state().open_change().note();
  write.commit();
}

Outreach load(Session& session, const std::string& name) {
  Outreach outreach;
  bool found = false;
  const Param params[] = {name};
  session.state().connection->each(
      "SELECT kind, segment, template, purpose, coalesce(via, ''), most, per_person, per_days FROM outreach "
      "WHERE name "
      "= $1",
      params, [&](const Row& row) {
        found = true;
        outreach.kind = static_cast<Kind>(row.integer(0));
        outreach.segment = row.text(1);
        outreach.template_name = row.text(2);
        outreach.purpose = row.text(3);
        outreach.via = row.text(4);
        outreach.most = row.integer(5);
        outreach.per_person = row.integer(6);
        outreach.per_days = row.integer(7);
      });
  if (!found) {
    throw Error(ErrorCode::not_found, "there is no outreach " + quoted(name),
                "look at it first: crm outreach preview " + name + " --segment … --template …");
  }
  outreach.name = name;
  return outreach;
}

// What would go out, and a digest of all of it.
struct Plan {
  Audience audience;
  std::vector<NewMessage> messages;
  std::string confirm;
};

Plan plan(Session& session, const Outreach& outreach) {
  Plan result;
  Letter letter(session, outreach.kind, outreach.template_name);
  result.audience = audience_of(session, outreach);
  Sha256 digest;
  const auto add = [&](const std::string& text) {
    digest.update(text);
    digest.update(std::string_view("\0", 1));
  };
  for (const std::string& text : {outreach.name, outreach.purpose, outreach.via}) add(text);
  for (const Audience::Recipient& person : result.audience.recipients) {
    MessageForm::Texts text = letter.render(person.record);
    NewMessage message{outreach_key(outreach, person.record), outreach_rule(outreach), 0,
                       std::move(text.subject), std::move(text.body)};
    message.html = std::move(text.html);
    message.via = outreach.via;
    message.recipient = person.record;
    message.address = person.address;
    message.purpose = outreach.purpose;
    message.on_doubt = OnDoubt::hold;
    add(message.key);
    add(person.address);
    add(message.subject);
    add(message.body);
    add(message.html);
    result.messages.push_back(std::move(message));
  }
  result.confirm =
      hex(digest.digest()).substr(0, kDigestLength) + '-' + std::to_string(result.messages.size());
  return result;
}

void check_sandbox(Session& session) {
  if (!is_sandbox(session)) return;
  throw Error(ErrorCode::not_permitted, "this database is a sandbox: nothing is sent to anybody",
              "'crm outbox sandbox off' makes it a real one");
}

}  // namespace

OutreachPreview preview_outreach(Session& session, const Outreach& outreach) {
  require_see_all(session, "may not write to many");
  check(session, outreach);
  Plan planned = plan(session, outreach);
  keep(session, outreach);
  OutreachPreview preview;
  preview.matched =
      static_cast<std::int64_t>(planned.audience.recipients.size() + planned.audience.left_out.size());
  for (std::size_t i = 0; i < planned.messages.size(); ++i) {
    NewMessage& from = planned.messages[i];
    const Audience::Recipient& person = planned.audience.recipients[i];
    Message message;
    message.key = std::move(from.key);
    message.rule = std::move(from.rule);
    message.person = person.name;
    message.address = person.address;
    message.subject = std::move(from.subject);
    message.body = std::move(from.body);
    message.purpose = outreach.purpose;
    preview.messages.push_back(std::move(message));
  }
  preview.left_out = std::move(planned.audience.left_out);
  preview.confirm = std::move(planned.confirm);
  return preview;
}

std::int64_t send_outreach(Session& session, const std::string& name, const std::string& confirm) {
  require_see_all(session, "may not write to many");
  check_sandbox(session);
  Write write(session);
  const Outreach outreach = load(session, name);
  check_channel(session, outreach);
  const Plan planned = plan(session, outreach);
  if (planned.confirm != confirm) {
    throw Error(ErrorCode::conflict, "what would be sent is not what " + quoted(confirm) + " stands for",
                "look at it again: crm outreach preview " + name);
  }
  for (const NewMessage& message : planned.messages)
    enqueue(*session.state().connection, message, session.state().options.now);
  session.state().open_change().note();
  write.commit();
  return static_cast<std::int64_t>(planned.messages.size());
}

Message test_outreach(Session& session, const std::string& name) {
  require_see_all(session, "may not write to many");
  check_sandbox(session);
  Write write(session);
  const Outreach outreach = load(session, name);
  Letter letter(session, outreach.kind, outreach.template_name);
  const Audience audience = audience_of(session, outreach);
  const MessageForm::Texts text =
      audience.recipients.empty() ? letter.specimen() : letter.render(audience.recipients.front().record);
  // A ledger of its own: a test is never in the way of the real message, nor of another test.
  NewMessage message{"test:" + outreach_rule(outreach) + '/' + hex(random_bytes(8)),
                     "test:" + outreach_rule(outreach), require_user(session, session.login()),
                     "[test] " + text.subject, text.body};
  message.html = text.html;
  message.via = outreach.via;
  enqueue(*session.state().connection, message, session.state().options.now);
  write.commit();
  Message shown;
  shown.key = message.key;
  shown.rule = message.rule;
  shown.person = session.login();
  shown.subject = message.subject;
  shown.body = message.body;
  return shown;
}

void list_outreach(Session& session, RowSink& sink) {
  std::string kind = "CASE h.kind";
  for (const Entity& entity : entities())
    kind +=
        " WHEN " + std::to_string(static_cast<int>(entity.kind)) + " THEN '" + std::string(entity.name) + "'";
  const std::string of_this = "FROM outbox o WHERE o.rule = 'outreach:' || h.name";
  const ShownColumn columns[] = {
      {"name", "h.name"},
      {"kind", kind + " END"},
      {"segment", "h.segment"},
      {"template", "h.template"},
      {"purpose", "h.purpose"},
      {"previewed_at", "h.previewed_at", Show::moment},
      {"previewed_by", "h.previewed_by"},
      {"messages", "(SELECT count(*) " + of_this + ")", Show::number},
      {"sent", "(SELECT count(*) " + of_this + " AND o.state = 'sent')", Show::number},
  };
  stream_rows(session, select_list(columns) + " FROM outreach h ORDER BY h.name", {}, columns, sink);
}

}  // namespace crm
