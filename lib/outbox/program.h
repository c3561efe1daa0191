// Running another program: by argument vector, never through a shell.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

struct ProgramRun {
  std::string path;                      // absolute
  std::vector<std::string> arguments;    // after the program's name
  std::vector<std::string> environment;  // all of it: NAME=VALUE
  std::string_view input;                // its standard input, whole before it starts
  std::chrono::seconds limit{0};         // how long it may take; then it is ended
};

struct ProgramEnd {
  enum class How { exited, killed, timed_out, not_started } how = How::exited;
  int code = 0;      // exit code, signal, or why it did not start (errno)
  std::string said;  // the beginning of what it printed on both streams
};

// Waits for the end. Throws Error{io} where the system lacks what it takes to hand over the input.
ProgramEnd run_program(const ProgramRun& run);

}  // namespace crm
