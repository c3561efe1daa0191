// The delivery of open messages: each is taken by a lease, handed over, and what came of it noted.
//
// Taking and noting are transactions of their own, so the other side is never waited for under a lock, and a
// sender that is killed leaves its message leased: the next one sees that the process is gone and sends the
// message again, with the same Message-ID. Noting what came of one message and taking the next is one
// transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
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
};

// The open messages, due or not, for a dry run.
std::vector<Message> open_messages(Connection& connection, const DeliveryScope& scope);

// As flush_outbox(), of the messages in the scope.
Delivery deliver(Session& session, const ChannelOptions& options, const DeliveryScope& scope,
                 MessageSink& sink);

class Sender {
 public:
  // `clock` is the system's, never --now. `lease` names this process (lease.h). All must outlive the sender.
  Sender(Connection& connection, Channel& channel, const Clock& clock, std::string lease);

  // Every message that is open and due when it begins, each at most once. Throws what the channel throws; the
  // message at hand then waits in the queue again. Outside a transaction.
  Delivery run(const DeliveryScope& scope);

 private:
  struct Taken {
    std::int64_t id = 0;
    std::int64_t attempts = 0;
    Message message;
  };

  std::optional<Taken> next(const Taken* previous, const HandoverResult& result);
  std::optional<Taken> take(std::int64_t id);
  bool is_open(const Row& row) const;
  void note(const Taken& taken, const HandoverResult& result);
  void put_back(const Taken& taken);

  Connection& connection_;
  Channel& channel_;
  const Clock& clock_;
  std::string lease_;
  std::vector<std::int64_t> open_;
  std::size_t at_ = 0;
  Delivery delivery_;
};

}  // namespace crm
