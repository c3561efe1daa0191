// The program: a command line in, an exit code out.
#pragma once

#include <crm/session.h>

#include <string>
#include <vector>

#include "app/environment.h"
#include "app/settings.h"
#include "output/stream.h"

namespace crm::cmd {

// The process's entry: its arguments, standard streams and environment. Returns the exit code.
int run(int argc, const char* const* argv);

// One command line, without the program's name, within a process: of run() or of a batch, whose session it
// then shares. `settings`: what its options go over; null: that is looked up. Throws Error for whatever stops
// it.
int run_line(std::vector<std::string> line, const Environment& environment, Stream& out, Stream& messages,
             Session* shared = nullptr, const Settings* settings = nullptr);

}  // namespace crm::cmd
