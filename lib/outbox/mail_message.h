// A message as mail: RFC 5322 and MIME (RFC 2045, 2047). Whatever the texts hold, the result has just these
// headers.
#pragma once

#include <string>
#include <string_view>

#include "crm/outbox.h"

namespace crm {

// The address as headers and mail programs take it, its domain in ASCII; before the '@' other letters may
// stand. Empty for one that no mail can go to: no e-mail address, or longer than 254, or begun with a dash.
std::string mail_address(std::string_view address);
// Whether mail can be from it, by any server: all of it is ASCII.
bool is_sender_address(std::string_view address);

// Without its angle brackets; made from what a message never changes, so a repeat has the same.
std::string message_id(const Message& message, std::string_view from);

// The whole mail, as text and as HTML, to the message's address; with List-Unsubscribe where it has a
// purpose. It must have a mail_address(), and `from` be an
// is_sender_address(). `line_end` is "\r\n", or "\n" for a local mail program.
std::string mail_text(const Message& message, std::string_view from, std::string_view line_end);

}  // namespace crm
