// What the commands that deliver messages share: the channel's options, and what is said of a delivery.
#pragma once

#include <crm/outbox.h>

#include <string>
#include <vector>

#include "app/context.h"
#include "parse/arguments.h"

namespace crm::cmd {

// --channel, --from and --wait.
std::vector<OptionSpec> channel_options();
// The channel that they name. The sender is, where nothing is said, the acting user at this machine.
ChannelOptions chosen_channel(Context& context, const Arguments& arguments);

// Reports what did not go out, as one error; the exit code for it.
int report_delivery(Context& context, const Delivery& delivery);
// Of the people whose address is missing; empty where there are none.
std::string without_address_line(const std::vector<std::string>& people);

}  // namespace crm::cmd
