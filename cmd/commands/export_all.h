// All that a database holds, as files.
#pragma once

#include <string>

namespace crm::cmd {

class Context;

// Makes the directory and writes into it a CSV file for each kind, rest.jsonl with what these leave out
// (deleted records, merges, segments), the workflow file in force, and rebuild.sh, which makes the database
// again. Of a user who does not see everything there is no rest.jsonl, and it says that this is a part.
// Throws Error{conflict} where the directory is there and not empty, Error{io}. What it was interrupted at is
// left incomplete, without a rebuild.sh.
int export_all(Context& context, const std::string& directory);

}  // namespace crm::cmd
