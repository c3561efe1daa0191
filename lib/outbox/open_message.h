// What is read of the messages that have not ended, before one is taken for sending.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crm/outbox.h"
#include "crm/time.h"
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

// One that is open, and all that decides on whether it goes out.
struct OpenMessage {
  std::int64_t id = 0;
  Message message;
  std::string state;
  std::int64_t attempts = 0;
  Moment next_try{};
  std::string lease;
  Moment lease_until{};
  std::string on_doubt;    // "resend" or "hold"
  bool works_here = true;  // the person it is to
  bool is_digest = false;  // whose text can be made anew
  std::optional<RecordId> recipient;
  std::optional<RecordId> about;
  std::string zone;      // of the person; empty: the workflow's
  std::string hours;     // when it may disturb them; empty: always
  std::string reply;     // what was noted last
  std::string bound_to;  // the only address that it may go to; empty: whichever they have
};

// Nothing of a message that is not there.
std::optional<OpenMessage> find_open_message(Connection& connection, std::int64_t id);

struct OpenNumber {
  std::int64_t id = 0;
  std::string on_doubt;
};
// In the order they were made, due or not, but for those in doubt.
std::vector<OpenNumber> open_numbers(Connection& connection, const DeliveryScope& scope);
// The same as they would be shown in a dry run.
std::vector<Message> open_messages(Connection& connection, const DeliveryScope& scope);

}  // namespace crm
