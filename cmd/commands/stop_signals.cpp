#include "commands/stop_signals.h"

#include <array>
#include <csignal>
#include <utility>

namespace crm::cmd {
namespace {

constexpr std::array<int, 2> kSignals = {SIGTERM, SIGINT};

volatile std::sig_atomic_t received = 0;

extern "C" void receive(int signal) {
  received = signal;
}

}  // namespace

StopSignals::StopSignals() {
  struct sigaction action {};
  action.sa_handler = receive;
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART;
  for (const int signal : kSignals) ::sigaction(signal, &action, nullptr);
}

StopSignals::~StopSignals() {
  for (const int signal : kSignals) std::signal(signal, SIG_DFL);
}

bool StopSignals::came() const {
  return received != 0;
}

void StopSignals::end_by_them(Context& context) {
  if (!came()) return;
  context.out().flush();
  context.messages().flush();
  const int signal = received;
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

ChannelOptions stoppable(ChannelOptions options, const StopSignals& signals) {
  options.stop = [&signals] { return signals.came(); };
  return options;
}

}  // namespace crm::cmd
