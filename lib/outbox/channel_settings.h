// The channels of the database: found by name, and what their settings mean.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crm/channels.h"
#include "modules/curl/interface.h"
#include "store/connection.h"

namespace crm {

std::optional<ChannelSettings> find_channel(Connection& connection, std::string_view name);
// By name.
std::vector<ChannelSettings> all_channels(Connection& connection);
// The one for messages that name none.
std::optional<ChannelSettings> default_channel(Connection& connection);

// Fills in what follows from the rest; Error{usage} for what does not fit together.
void complete_settings(ChannelSettings& settings);
// The server that the settings of a mail channel name; without login and password.
MailServer mail_server(const ChannelSettings& settings);

// Whether what is written to that address (http or https) stays on this machine.
bool is_loopback_url(std::string_view url);

bool is_mail_channel(const ChannelSettings& settings);

}  // namespace crm
