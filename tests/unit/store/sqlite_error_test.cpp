// What SQLite's faults are called.
#include "store/sqlite/sqlite_error.h"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <filesystem>

TEST_CASE("a disk that is full need not be the database's") {
  const std::filesystem::path folder = std::filesystem::temp_directory_path();
  const bool plenty = std::filesystem::space(folder).available >= 100'000'000;
  const crm::Error error = crm::sqlite_error(nullptr, SQLITE_FULL, folder / "some.db");
  CHECK(error.code() == crm::ErrorCode::io);
  CHECK((error.message().find("or for temporary files") != std::string::npos) == plenty);
  CHECK((error.hint().find("TMPDIR") != std::string::npos) == plenty);
}
