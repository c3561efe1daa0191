// The delivery of open messages: each is taken by a lease, handed over, and what came of it noted.
//
// Taking and noting are transactions of their own, so the other side is never waited for under a lock, and a
// sender that is killed leaves its message leased: the next one sees that the process is gone and sends the
// message again, with the same Message-ID, or holds it where the message says so. Noting what came of one
// message and taking the next is one transaction. Whether its recipient may be written to is asked in the
// transaction that takes it.
//
// Such a transaction outlasts the sender's death at once, but reaches the disk together with some others: a
// loss of power may send the last messages again, with the same Message-ID. One that takes a message which is
// to be held in doubt is on the disk before that is handed over.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crm/outbox.h"
#include "crm/time.h"
#include "outbox/channel.h"
#include "outbox/open_message.h"
#include "store/connection.h"

namespace crm {

using Refresh = std::function<void(std::int64_t id)>;

// Error{usage} for a name that no channel has, or a sender that is none. Nothing is opened.
void check_channel(Session& session, const ChannelOptions& options);

// As flush_outbox(), of the messages in the scope; which channels they name is up to `options`. `refresh`:
// see SenderOptions.
Delivery deliver(Session& session, const ChannelOptions& options, const DeliveryScope& scope,
                 const Refresh& refresh, MessageSink& sink);

// How a sender goes about it.
struct SenderOptions {
  std::string lease;                            // names this process (lease.h)
  std::optional<std::int64_t> per_minute = {};  // at most so many; needs a channel of the database
  std::string on_doubt = {};                    // "resend" or "hold"; empty: as each message says
  std::function<bool()> stop = {};              // asked before each message
  // Whether a message with those hours (empty: any) must not disturb people of that time zone (empty: the
  // workflow's) now. Empty: never.
  std::function<bool(const std::string& hours, const std::string& zone)> is_quiet = {};
  // Asked before a digest is taken, in the transaction that takes it: makes its text anew, or cancels it,
  // where what it says is no longer so. Empty: never.
  Refresh refresh = {};
  std::chrono::milliseconds wait{0};  // how long to wait in all for the rate limit
  Moment pauses_end =
      Moment::min();  // pauses after failed tries that end by then are over, whatever the clock says
};

class Sender {
 public:
  // `clock` is the system's, never --now. Connection, channel and clock must outlive the sender.
  Sender(Connection& connection, Channel& channel, const Clock& clock, SenderOptions options);

  // Every message that is open and due when it begins, each at most once. Throws what the channel throws; the
  // message at hand then waits in the queue again. Outside a transaction.
  Delivery run(const DeliveryScope& scope);

 private:
  struct Step {
    std::optional<OpenMessage> taken;
    std::chrono::milliseconds wait{0};  // for the rate limit, before there is one to take
    bool again = false;                 // the next one needs a transaction that is durable
  };

  Step next(const OpenMessage* previous, const HandoverResult& result);
  bool must_be_durable() const;
  // Whether it is held where it is in doubt.
  bool is_held(const std::string& on_doubt) const;
  std::optional<OpenMessage> take(std::int64_t id);
  bool is_open(const OpenMessage& open) const;
  // Whether it is still to be sent; otherwise it has been ended.
  bool is_wanted(const OpenMessage& open);
  // Whether it can be handed over here and now; otherwise it waits, or has been ended.
  bool is_deliverable(const OpenMessage& open);
  void end(std::int64_t id, const char* state, const std::string& why);
  // It stays in the queue; its person is named where that is new.
  void hold_without_address(const OpenMessage& open);
  void note(const OpenMessage& taken, const HandoverResult& result);
  void put_back(const OpenMessage& taken, const std::string& why);
  std::chrono::milliseconds until_next_slot();
  // False where there is no time left for it, or it was stopped.
  bool rest(std::chrono::milliseconds pause);
  bool is_stopped() const { return options_.stop && options_.stop(); }

  Connection& connection_;
  Channel& channel_;
  const Clock& clock_;
  SenderOptions options_;
  std::vector<OpenNumber> open_;
  std::size_t at_ = 0;
  int unsynced_ = 0;  // transactions since the last that is on the disk
  std::chrono::steady_clock::time_point synced_at_{};
  Delivery delivery_;
};

}  // namespace crm
