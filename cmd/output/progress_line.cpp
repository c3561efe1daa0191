#include "output/progress_line.h"

#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <string_view>

namespace crm::cmd {
namespace {

// Work that is done by then shows nothing.
constexpr std::chrono::milliseconds kPatience{700};
constexpr std::chrono::milliseconds kBetweenDrawings{100};
constexpr std::string_view kEraseLine = "\r\x1b[K";

constexpr std::array<int, 2> kEndingSignals = {SIGINT, SIGTERM};

// What the signal does otherwise is in force again by now (SA_RESETHAND): it ends the process.
extern "C" void erase_line_and_end(int signal) {
  if (::write(STDERR_FILENO, kEraseLine.data(), kEraseLine.size()) < 0) ::_exit(128 + signal);
  ::raise(signal);
}

std::string two_digits(std::int64_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

std::string clock_text(double seconds) {
  const auto whole = std::llround(seconds);
  const std::string minutes = two_digits(whole / 60 % 60) + ':' + two_digits(whole % 60);
  return whole < 3600 ? minutes : std::to_string(whole / 3600) + ':' + minutes;
}

}  // namespace

std::string progress_text(const Progress& progress, std::chrono::duration<double> passed) {
  std::string text = std::to_string(progress.rows) + (progress.rows == 1 ? " row" : " rows");
  if (progress.part > 0) text += ", " + std::to_string(static_cast<int>(progress.part * 100)) + " %";
  if (passed.count() <= 0) return text;
  text += ", " +
          std::to_string(static_cast<std::int64_t>(static_cast<double>(progress.rows) / passed.count())) +
          " rows/s";
  if (progress.part > 0)
    text += ", " + clock_text(passed.count() * (1 - progress.part) / progress.part) + " left";
  return text;
}

ProgressLine::ProgressLine(Stream& messages) : messages_(messages) {}

ProgressListener ProgressLine::listener() {
  if (!messages_.is_terminal()) return {};
  return [this](const Progress& progress) { show(progress); };
}

void ProgressLine::show(const Progress& progress) {
  const Clock::time_point now = Clock::now();
  if (now - started_ < kPatience || (is_drawn_ && now - drawn_ < kBetweenDrawings)) return;
  if (!is_drawn_) catch_signals();
  drawn_ = now;
  is_drawn_ = true;
  messages_.write(kEraseLine);
  messages_.write(progress_text(progress, now - started_));
  messages_.flush();
}

void ProgressLine::clear() {
  if (!is_drawn_) return;
  is_drawn_ = false;
  messages_.write(kEraseLine);
  messages_.flush();
  leave_signals();
}

// One that is ignored, or that another part of the program waits for, stays so.
void ProgressLine::catch_signals() {
  struct sigaction action {};
  action.sa_handler = erase_line_and_end;
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_NODEFER | SA_RESTART;
  for (std::size_t i = 0; i < kEndingSignals.size(); ++i) {
    ::sigaction(kEndingSignals[i], nullptr, &found_[i]);
    if (found_[i].sa_handler == SIG_DFL) ::sigaction(kEndingSignals[i], &action, nullptr);
  }
}

void ProgressLine::leave_signals() {
  for (std::size_t i = 0; i < kEndingSignals.size(); ++i) ::sigaction(kEndingSignals[i], &found_[i], nullptr);
}

}  // namespace crm::cmd
