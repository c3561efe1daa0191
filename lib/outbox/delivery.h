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
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crm/outbox.h"
#include "crm/time.h"
#include "outbox/channel.h"
#include "store/connection.h"

namespace crm {

// Which messages.
struct DeliveryScope {
  std::vector<std::string> rules;      // empty: of any rule
  std::optional<std::int64_t> person;  // nothing: to anybody
  // Of those that name a channel, the ones that name this; nothing: none of them.
  std::optional<std::string> via = {};
  bool unnamed = true;       // those that name none
  bool any_channel = false;  // whatever they name
};

// The open messages, due or not, for a dry run.
std::vector<Message> open_messages(Connection& connection, const DeliveryScope& scope);

// As flush_outbox(), of the messages in the scope; which channels they name is up to `options`.
Delivery deliver(Session& session, const ChannelOptions& options, const DeliveryScope& scope,
                 MessageSink& sink);

// How a sender goes about it.
struct SenderOptions {
  std::string lease;                            // names this process (lease.h)
  std::optional<std::int64_t> per_minute = {};  // at most so many; needs a channel of the database
  std::string on_doubt = {};                    // "resend" or "hold"; empty: as each message says
  std::function<bool()> stop = {};              // asked before each message
  // Whether a message with those hours (empty: any) must not disturb people of that time zone (empty: the
  // workflow's) now. Empty: never.
  std::function<bool(const std::string& hours, const std::string& zone)> is_quiet = {};
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
  struct Taken {
    std::int64_t id = 0;
    std::int64_t attempts = 0;
    bool hold = false;  // where it is in doubt
    Message message;
  };
  struct Candidate;
  struct Open {
    std::int64_t id = 0;
    bool hold = false;
  };
  struct Step {
    std::optional<Taken> taken;
    std::chrono::milliseconds wait{0};  // for the rate limit, before there is one to take
    bool again = false;                 // the next one needs a transaction that is durable
  };

  Step next(const Taken* previous, const HandoverResult& result);
  bool must_be_durable() const;
  std::optional<Taken> take(std::int64_t id);
  Candidate look_at(std::int64_t id);
  bool is_open(const Candidate& candidate) const;
  // Whether it is still to be sent; otherwise it has been ended.
  bool is_wanted(const Candidate& candidate);
  void end(std::int64_t id, const char* state, const std::string& why);
  // It stays in the queue; its person is named where that is new.
  void hold_without_address(const Taken& taken);
  void note(const Taken& taken, const HandoverResult& result);
  void put_back(const Taken& taken, const std::string& why);
  std::chrono::milliseconds until_next_slot();
  // False where there is no time left for it, or it was stopped.
  bool rest(std::chrono::milliseconds pause);
  bool is_stopped() const { return options_.stop && options_.stop(); }

  Connection& connection_;
  Channel& channel_;
  const Clock& clock_;
  SenderOptions options_;
  std::vector<Open> open_;
  std::size_t at_ = 0;
  int unsynced_ = 0;  // transactions since the last that is on the disk
  std::chrono::steady_clock::time_point synced_at_{};
  Delivery delivery_;
};

}  // namespace crm
