// Databases where no file can be made beside them: on a read-only disk, in a directory of somebody else.
#pragma once

#include <string>

namespace crm {

// Whether the engine could not make its files beside the database, though the database itself can be read.
bool is_read_only_place(const std::string& path);

// Throws Error{io}, with what to do, unless the file alone is the whole database and nobody changes it while
// it is read: then the engine can do without its files, and without locks.
void check_unchanging(const std::string& path);

}  // namespace crm
