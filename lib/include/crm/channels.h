// Channels: the mail servers, web hooks and directories that messages go by, kept in the database by name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crm/export.h"
#include "crm/outbox.h"
#include "crm/session.h"
#include "crm/table.h"

namespace crm {

// A secret is never here, only where it is kept: "file:PATH" (absolute, of mode 0400 or 0600),
// "credential:NAME" (of systemd), "env:NAME" or "fd:N".
struct ChannelSettings {
  std::string name;  // [a-z][a-z0-9-]*
  std::string type;  // smtp, webhook, sendmail, directory, stdout
  std::string target =
      {};  // smtp: "smtp://HOST:PORT"; webhook: URL, or where it is kept; directory: absolute path
  std::string sender = {};          // e-mail address, for all kinds of mail
  std::string tls = {};             // smtp: none, starttls, tls; empty: as the URL and the host suggest
  std::string login = {};           // smtp: the account
  std::string password = {};        // smtp: where its password is kept
  std::string authority = {};       // absolute path of the certificates to trust; empty: the system's
  std::string format = {};          // webhook: see webhook_formats()
  std::string secret = {};          // webhook: where the key of its signature is kept
  std::int64_t answer_within = 45;  // seconds that the other side may take; at most 50
  std::optional<std::int64_t> per_minute = {};  // at most so many messages
  std::string on_doubt = {};  // "resend" or "hold", whatever the message says; empty: as it says
  std::string hours = {};     // "09:00-18:00", or "calendar" (the workflow's open hours): it carries messages
                              // only then, by the recipient's clock; empty: always
  bool is_default = false;    // the messages that name no channel go here; the first one does anyway
};

CRM_API std::vector<std::string> webhook_formats();

// Error{conflict} where there is one of that name, Error{usage} for settings that do not fit together or
// would send a secret in the clear.
CRM_API void add_channel(Session& session, ChannelSettings settings);
// Error{not_found}. Messages that name it wait.
CRM_API void remove_channel(Session& session, const std::string& name);
// name, type, target, sender, default, waiting (messages).
CRM_API void list_channels(Session& session, RowSink& sink);
// All settings of one; of a URL that holds a secret only where it is kept.
CRM_API void show_channel(Session& session, const std::string& name, RowSink& sink);

// Hands a test message over, past the outbox: to the address, or to the web hook. Returns what the other side
// said. Throws Error{io} where it did not take it, Error{not_permitted} in a sandbox.
CRM_API std::string test_channel(Session& session, const ChannelOptions& channel, const std::string& address,
                                 MessageSink& sink);

}  // namespace crm
