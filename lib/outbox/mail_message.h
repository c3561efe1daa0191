// A message as mail: RFC 5322 and MIME (RFC 2045, 2047). Whatever the texts hold, the result has just these
// headers.
#pragma once

#include <string>
#include <string_view>

#include "crm/outbox.h"

namespace crm {

// Whether a header and a mail program can take it: an e-mail address of visible ASCII, at most 254 long, that
// begins with no dash.
bool is_mail_address(std::string_view address);

// Without its angle brackets; made from what a message never changes, so a repeat has the same.
std::string message_id(const Message& message, std::string_view from);

// The whole mail, as text and as HTML, to the message's address; with List-Unsubscribe where it has a
// purpose. Both addresses must be is_mail_address(). `line_end` is "\r\n", or "\n" for a local mail program.
std::string mail_text(const Message& message, std::string_view from, std::string_view line_end);

}  // namespace crm
