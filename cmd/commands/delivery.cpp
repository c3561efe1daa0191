#include "commands/delivery.h"

#include <crm/error.h>
#include <crm/text.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "app/report_error.h"

namespace crm::cmd {
namespace {

// Where mail servers put it, for a PATH as short as cron's.
constexpr const char* kUsualPath = "/usr/sbin:/usr/lib";
constexpr const char* kDefaultPath = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";

// The program's path among absolute directories; empty where none has it.
std::string find_program(const std::string& path, const std::string& name) {
  std::size_t begin = 0;
  while (begin <= path.size()) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    std::string file = path.substr(begin, end - begin) + '/' + name;
    if (file.front() == '/' && end > begin && ::access(file.c_str(), X_OK) == 0) return file;
    begin = end + 1;
  }
  return {};
}

std::string default_sender(const Environment& environment) {
  std::string name = environment.login();
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '+';
  });
  if (!plain || name.empty()) name = "crm";
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0 || host[0] == '\0') return name + "@localhost";
  return name + '@' + host.data();
}

// What a mail program may need of ours; nothing else of it, so no secret, gets there.
std::vector<std::string> environment_of_child(const Environment& environment, const std::string& path) {
  std::vector<std::string> variables = {"PATH=" + path};
  for (const char* name : {"HOME", "USER", "LOGNAME", "TZ"}) {
    if (const auto value = environment.find(name)) variables.push_back(std::string(name) + '=' + *value);
  }
  return variables;
}

}  // namespace

std::vector<OptionSpec> channel_options() {
  return {
      {.name = "channel",
       .help =
           "where to deliver: a channel of 'crm outbox channel list', or 'stdout', 'file:DIR' (a mail file "
           "for each message), 'sendmail'",
       .value = "CHANNEL",
       .type = ValueType::text},
      {.name = "from",
       .help = "the sender's address, for 'file:DIR' and 'sendmail'; default: you at this machine",
       .value = "ADDRESS",
       .type = ValueType::text},
      {.name = "wait",
       .help = "how long to wait for a busy database and for a channel's rate limit; 0: not at all",
       .value = "SECONDS",
       .type = ValueType::count}};
}

ChannelOptions chosen_channel(Context& context, const Arguments& arguments) {
  const Environment& environment = context.environment();
  // A core file or a debugger's look must not show what the channels' secrets are.
  ::prctl(PR_SET_DUMPABLE, 0);
  const std::string path = environment.find("PATH").value_or(kDefaultPath);
  ChannelOptions options;
  options.name = arguments.text("channel").value_or("");
  options.from = arguments.text("from").value_or(default_sender(environment));
  options.sendmail = find_program(path + ':' + kUsualPath, "sendmail");
  options.environment = environment_of_child(environment, path);
  options.variable = [&environment](const std::string& name) { return environment.look_up(name); };
  if (const auto seconds = arguments.integer("wait")) {
    options.wait = std::chrono::seconds(*seconds);
    context.wait_at_most(options.wait);
  }
  return options;
}

int report_delivery(Context& context, const Delivery& delivery) {
  std::vector<std::string> failures = delivery.failures;
  if (const std::string held = without_address_line(delivery.without_address); !held.empty())
    failures.push_back(held);
  if (delivery.waiting > 0 && context.settings().verbose) {
    context.say(std::to_string(delivery.waiting) +
                (delivery.waiting == 1 ? " message waits" : " messages wait") +
                " for an hour that disturbs nobody");
  }
  if (failures.empty()) return 0;
  if (context.settings().verbose) {
    for (std::size_t i = 1; i < failures.size(); ++i) context.say(failures[i]);
  }
  // Cron mails what is said: one line, however many they are.
  const std::size_t more = failures.size() - 1;
  std::string text = failures.front();
  if (more > 0) text += "; and " + std::to_string(more) + (more == 1 ? " other" : " others");
  const auto format = context.settings().format;
  report_error(context.messages(),
               Error(ErrorCode::partly_done, std::move(text), more > 0 ? "see 'crm outbox list'" : ""),
               format == Format::json || format == Format::jsonl);
  return static_cast<int>(ErrorCode::partly_done);
}

std::string without_address_line(const std::vector<std::string>& people) {
  return people.empty() ? "" : "no e-mail address: " + listed(people) + "; their messages stay open";
}

}  // namespace crm::cmd
