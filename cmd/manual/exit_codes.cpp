#include "manual/exit_codes.h"

#include <array>

namespace crm::cmd {

std::span<const ExitCode> exit_codes() {
  static constexpr std::array<ExitCode, 16> kCodes{{
      {0, "done; a list that is empty too"},
      {1, "it failed for a reason that is none of these"},
      {2, "usage: unknown command, option or value"},
      {3, "not found: the record, file or database is not there"},
      {4, "invalid: a field, a rule of the process, a malformed file or expression"},
      {5, "not permitted to this user"},
      {6, "conflict: a duplicate, there already, changed meanwhile"},
      {7, "partly done: some rows were rejected and are reported"},
      {8, "waits for an approval: recorded, not done"},
      {9, "a check found something: doctor, verify, quality, workflow test"},
      {74, "input or output failed; nothing was changed, unless the message says so"},
      {75, "the database is busy or a lease is held: try again"},
      {78, "the database is of another schema version: nothing was touched"},
      {130, "ended by SIGINT (Ctrl-C), as a shell shows it: what was not yet done is not done"},
      {141, "ended because nobody reads what it prints (SIGPIPE)"},
      {143, "ended by SIGTERM, as by SIGINT"},
  }};
  return kCodes;
}

}  // namespace crm::cmd
