// The delivery of the outbox: each message by the channel that it names, or all by one that was asked for.
#include <algorithm>
#include <optional>

#include "base/add_once.h"
#include "base/text.h"
#include "crm/error.h"
#include "outbox/channel_settings.h"
#include "outbox/delivery.h"
#include "outbox/lease.h"
#include "outbox/outbox_columns.h"
#include "outbox/waiting.h"
#include "records/rights.h"
#include "records/session_state.h"

namespace crm {
namespace {

constexpr const char* kSandboxKey = "sandbox";

void merge(Delivery& all, Delivery one) {
  all.sent += one.sent;
  all.waiting += one.waiting;
  std::move(one.failures.begin(), one.failures.end(), std::back_inserter(all.failures));
  for (std::string& name : one.without_address) add_once(all.without_address, std::move(name));
  all.stopped = all.stopped || one.stopped;
}

class Flush {
 public:
  Flush(Session& session, const ChannelOptions& options, const Refresh& refresh, MessageSink& sink)
      : session_(session),
        connection_(*session.state().connection),
        options_(options),
        refresh_(refresh),
        sink_(sink),
        sandbox_(is_sandbox(session)) {}

  Delivery by_built_in(const DeliveryScope& scope) {
    if (!has_open(scope)) return {};
    if (options_.name != "stdout") check_sandbox();
    const std::unique_ptr<Channel> channel = open_channel(options_, sink_);
    return send(*channel, {}, scope);
  }

  Delivery by_channel(const ChannelSettings& settings, DeliveryScope scope) {
    scope.via = settings.name;
    if (!has_open(scope)) return {};
    if (settings.type != "stdout") check_sandbox();
    const std::unique_ptr<Channel> channel = open_channel(settings, options_, sink_);
    return send(*channel, settings, scope);
  }

  // A channel that is out of order keeps none of the others back; its fault is thrown at the end.
  Delivery by_their_own(const DeliveryScope& scope) {
    Delivery all;
    std::optional<Error> fault;
    for (const std::optional<std::string>& via : open_channels(scope)) {
      if (all.stopped) break;
      try {
        merge(all, by_name(via, scope));
      } catch (const Error& error) {
        if (sandbox_ && error.code() == ErrorCode::not_permitted) throw;
        if (fault) all.failures.push_back(error.message());
        if (!fault) fault = error;
      }
    }
    if (!fault) return all;
    if (all.sent == 0 && all.failures.empty() && all.without_address.empty()) throw *fault;
    const std::string hint = fault->hint().empty() ? "" : "; " + fault->hint();
    all.failures.insert(all.failures.begin(), fault->message() + hint);
    return all;
  }

 private:
  Delivery by_name(const std::optional<std::string>& via, DeliveryScope scope) {
    const auto settings = via ? find_channel(connection_, *via) : default_channel(connection_);
    if (settings) {
      scope.unnamed = !via;
      return by_channel(*settings, scope);
    }
    if (!via) {
      throw Error(ErrorCode::usage, "where to deliver is not said",
                  "add a channel with 'crm outbox channel add', or give '--channel sendmail'");
    }
    throw Error(ErrorCode::usage, "messages wait for the channel " + quoted(*via) + ", which is not there",
                "add it with 'crm outbox channel add'");
  }

  bool has_open(const DeliveryScope& scope) {
    for (const std::optional<std::string>& via : open_channels(scope)) {
      if (via ? scope.any_channel || scope.via == via : scope.any_channel || scope.unnamed) return true;
    }
    return false;
  }

  // What the open messages of these rules name.
  std::vector<std::optional<std::string>> open_channels(const DeliveryScope& scope) {
    std::vector<std::optional<std::string>> found;
    connection_.each(std::string("SELECT DISTINCT o.via, o.rule FROM outbox o WHERE ") + kNotEnded +
                         " AND o.state <> 'doubt' ORDER BY o.via",
                     {}, [&](const Row& row) {
                       const bool of_rules = scope.rules.empty() ||
                                             std::find(scope.rules.begin(), scope.rules.end(), row.text(1)) !=
                                                 scope.rules.end();
                       std::optional<std::string> via;
                       if (!row.is_null(0)) via = row.text(0);
                       if (of_rules && (found.empty() || found.back() != via))
                         found.push_back(std::move(via));
                     });
    return found;
  }

  void check_sandbox() const {
    if (!sandbox_) return;
    throw Error(ErrorCode::not_permitted, "this database is a sandbox: nothing is sent to anybody",
                "'crm outbox sandbox off' makes it a real one");
  }

  Delivery send(Channel& channel, const ChannelSettings& settings, const DeliveryScope& scope) {
    const SystemClock clock;
    SenderOptions how;
    how.lease = lease_of_this_process();
    how.per_minute = settings.per_minute;
    how.on_doubt = settings.on_doubt;
    how.stop = options_.stop;
    how.wait = options_.wait;
    how.refresh = refresh_;
    how.pauses_end = session_.now();
    how.is_quiet = [&](const std::string& hours, const std::string& zone) {
      return disturbs(session_, settings.hours, zone, clock.now()) ||
             disturbs(session_, hours, zone, clock.now());
    };
    return Sender(connection_, channel, clock, std::move(how)).run(scope);
  }

  Session& session_;
  Connection& connection_;
  const ChannelOptions& options_;
  const Refresh& refresh_;
  MessageSink& sink_;
  bool sandbox_;
};

}  // namespace

void check_channel(Session& session, const ChannelOptions& options) {
  if (options.name.empty() || find_channel(*session.state().connection, options.name)) return;
  check_built_in(options);
}

Delivery deliver(Session& session, const ChannelOptions& options, const DeliveryScope& scope,
                 const Refresh& refresh, MessageSink& sink) {
  Connection& connection = *session.state().connection;
  const auto settings = options.name.empty() || is_built_in_channel(options.name)
                            ? std::nullopt
                            : find_channel(connection, options.name);
  check_channel(session, options);
  if (session.dry_run()) {
    DeliveryScope shown = scope;
    shown.any_channel = options.name.empty();
    if (settings) shown.via = settings->name;
    for (const Message& message : open_messages(connection, shown)) sink.message(message);
    return {};
  }
  Flush flush(session, options, refresh, sink);
  if (settings) return flush.by_channel(*settings, scope);
  return options.name.empty() ? flush.by_their_own(scope) : flush.by_built_in(scope);
}

bool is_sandbox(Session& session) {
  const auto& meta = session.state().meta;
  const auto found = meta.find(kSandboxKey);
  return found != meta.end() && found->second == "on";
}

void set_sandbox(Session& session, bool sandbox) {
  require_see_all(session, "may not manage channels");
  Write write(session);
  const Param params[] = {kSandboxKey, sandbox ? "on" : "off"};
  session.state().connection->execute(
      "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
      params);
  session.state().open_change().note();
  write.commit();
  if (!session.dry_run()) session.state().meta[kSandboxKey] = sandbox ? "on" : "off";
}

}  // namespace crm
