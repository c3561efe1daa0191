// Where messages are handed over: one interface for mail, files and whatever comes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "crm/channels.h"
#include "crm/outbox.h"
#include "outbox/secret.h"

namespace crm {

enum class Handover : std::uint8_t {
  sent,
  retry,    // not now: worth another try
  refused,  // never: another try would end the same way
  doubt,    // handed over, but the answer did not come: it may have arrived
};

struct HandoverResult {
  Handover outcome = Handover::sent;
  std::string reply = {};   // what the other side said
  bool line_fault = false;  // it was the line that broke or hung: one more may take as long and end likewise
};

class Channel {
 public:
  virtual ~Channel() = default;
  // As it is noted with the message.
  virtual std::string name() const = 0;
  virtual bool needs_address() const { return true; }
  // Whether a message for a customer reaches them, and nobody else.
  virtual bool reaches_person() const { return true; }
  // Returns once the other side has it, or not. The same message may come again after a crash and must then
  // be recognisable as the same. Throws Error where the channel itself is out of order, so that no message
  // would go out.
  virtual HandoverResult hand_over(const Message& message) = 0;
};

// The channel of that name that is not of the database; `sink` is what "stdout" writes to and must outlive
// it. Throws Error{usage}.
std::unique_ptr<Channel> open_channel(const ChannelOptions& options, MessageSink& sink);
// What open_channel() would throw of the name and the sender, without opening it.
void check_built_in(const ChannelOptions& options);
// A channel of the database. Throws as read_secret() and load_module().
std::unique_ptr<Channel> open_channel(const ChannelSettings& settings, const ChannelOptions& options,
                                      MessageSink& sink);
// Whether it is the name of one that needs no settings: "stdout", "sendmail", "file:DIR".
bool is_built_in_channel(std::string_view name);

// "file:DIR": a file for each message, mode 0600, in its final form (RFC 5322, lines end in CRLF) from the
// moment it appears. Its name comes from the message's key, so a repeat overwrites. The directory is made
// (0700) where it is missing.
std::unique_ptr<Channel> open_directory_channel(const std::string& directory, const std::string& from);
// "sendmail": the local mail program, run as `PROGRAM -i -f FROM -- ADDRESS`.
std::unique_ptr<Channel> open_sendmail_channel(const ChannelOptions& options);
// Mail to a server, over one line for all messages.
std::unique_ptr<Channel> open_smtp_channel(const ChannelSettings& settings, const VariableLookup& variable);
// A JSON post for each message.
std::unique_ptr<Channel> open_webhook_channel(const ChannelSettings& settings,
                                              const VariableLookup& variable);

}  // namespace crm
