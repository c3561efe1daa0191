#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "crm/records.h"
#include "unit/scratch_database.h"

namespace crm {
namespace {

TEST_SUITE("records/doctor") {
  TEST_CASE("a file that others can read and a directory that others can write to are told of") {
    const ScratchDatabase database;
    const auto session = database.open();
    CHECK(doctor(*session).empty());
    const std::string directory = std::filesystem::path(database.path()).parent_path().string();
    REQUIRE(::chmod(directory.c_str(), 0777) == 0);
    REQUIRE(::chmod(database.path().c_str(), 0644) == 0);
    const auto problems = doctor(*session);
    REQUIRE(problems.size() == 2);
    CHECK(problems[0] == "'" + database.path() + "' can be read by others: chmod 600 it");
    CHECK(problems[1] == "others can write to '" + directory + "', where the database is: chmod go-w it");
    REQUIRE(::chmod(directory.c_str(), 0755) == 0);
    CHECK(doctor(*session).size() == 1);
  }
}

}  // namespace
}  // namespace crm
