// One line on the terminal that says how far a long piece of work is, with rate and time left; gone at the
// end, and where SIGINT or SIGTERM ends the process.
#pragma once

#include <crm/progress.h>

#include <array>
#include <chrono>
#include <csignal>
#include <string>

#include "output/stream.h"

namespace crm::cmd {

class ProgressLine {
 public:
  // Shows nothing unless `messages` is a terminal. It must outlive the line.
  explicit ProgressLine(Stream& messages);
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // The listener to hand to the work; empty where nothing is to be shown.
  ProgressListener listener();
  // Takes the line away; the next report draws it again.
  void clear();

 private:
  void show(const Progress& progress);
  void catch_signals();
  void leave_signals();

  using Clock = std::chrono::steady_clock;
  Stream& messages_;
  Clock::time_point started_ = Clock::now();
  Clock::time_point drawn_ = started_;
  bool is_drawn_ = false;
  std::array<struct sigaction, 2> found_{};  // what the signals did before the line was drawn
};

// "12000 rows, 40 %, 3100 rows/s, 00:06 left", without rate and time before they mean anything.
std::string progress_text(const Progress& progress, std::chrono::duration<double> passed);

}  // namespace crm::cmd
