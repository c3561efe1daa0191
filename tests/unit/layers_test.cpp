// Holds the `uses:` column of ARCHITECTURE.md against the includes of the sources.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include <vector>
#include "unit/source_directory.h"

namespace {

namespace fs = std::filesystem;

const fs::path kRoot = crm::test::source_directory();

std::string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// Room → rooms it may use, as the picture in ARCHITECTURE.md says.
std::map<std::string, std::set<std::string>> rooms() {
  std::map<std::string, std::set<std::string>> table;
  const std::string text = read(kRoot / "ARCHITECTURE.md");
  const std::regex line(R"(\n  ([a-z/]+)/ .*uses: ([^\n]+))");
  for (std::sregex_iterator match(text.begin(), text.end(), line), end; match != end; ++match) {
    std::set<std::string>& uses = table[(*match)[1]];
    std::istringstream names((*match)[2]);
    for (std::string name; std::getline(names >> std::ws, name, ',');) {
      if (name != "-") uses.insert(name);
    }
  }
  return table;
}

std::vector<std::string> includes(const fs::path& path) {
  std::vector<std::string> found;
  const std::string text = read(path);
  const std::regex include(R"re(#include [<"]([^>"]+)[>"])re");
  for (std::sregex_iterator match(text.begin(), text.end(), include), end; match != end; ++match)
    found.push_back((*match)[1]);
  return found;
}

std::vector<fs::path> sources(const fs::path& folder, bool deep) {
  std::vector<fs::path> found;
  const auto take = [&](const fs::path& path) {
    if (path.extension() == ".h" || path.extension() == ".cpp") found.push_back(path);
  };
  if (deep) {
    for (const auto& entry : fs::recursive_directory_iterator(folder)) take(entry.path());
  } else {
    for (const auto& entry : fs::directory_iterator(folder)) take(entry.path());
  }
  return found;
}

// The library's headers that only one place may include.
const std::map<std::string, std::string> kHome = {
    {"sqlite3.h", "lib/store/sqlite"},   {"SQLiteCpp/", "lib/store/sqlite"},
    {"yaml-cpp/", "lib/modules/yaml"},   {"phonenumbers/", "lib/modules/phone"},
    {"curl/curl.h", "lib/modules/curl"}, {"CLI/", "cmd/parse"},
    {"tao/pegtl", "lib/filter"},
};

}  // namespace

TEST_CASE("the picture names every room of the library") {
  const auto table = rooms();
  for (const auto& entry : fs::directory_iterator(kRoot / "lib")) {
    const std::string name = entry.path().filename();
    if (!entry.is_directory() || name == "include" || sources(entry.path(), false).empty()) continue;
    CHECK_MESSAGE(table.count(name) == 1, name, " is not in ARCHITECTURE.md");
  }
}

TEST_CASE("a room includes only what the picture lets it use") {
  const auto table = rooms();
  REQUIRE(table.size() > 10);
  for (const auto& [room, uses] : table) {
    if (!fs::exists(kRoot / "lib" / room)) continue;
    for (const fs::path& path : sources(kRoot / "lib" / room, room == "modules")) {
      for (const std::string& include : includes(path)) {
        const std::string from = fs::path(include).parent_path();
        if (table.count(from) == 0 || from == room || (room == "modules" && from.rfind("modules", 0) == 0))
          continue;
        CHECK_MESSAGE(uses.count(from) == 1, path.string(), " includes ", include);
      }
    }
  }
}

TEST_CASE("the program includes only public headers and its own") {
  const auto table = rooms();
  for (const fs::path& path : sources(kRoot / "cmd", true)) {
    for (const std::string& include : includes(path)) {
      CHECK_MESSAGE(table.count(fs::path(include).parent_path()) == 0, path.string(), " includes ", include);
    }
  }
}

TEST_CASE("a heavy or engine-bound header stays in its room") {
  for (const char* top : {"lib", "cmd"}) {
    for (const fs::path& path : sources(kRoot / top, true)) {
      const std::string place = fs::relative(path, kRoot);
      for (const std::string& include : includes(path)) {
        for (const auto& [prefix, home] : kHome) {
          if (include.rfind(prefix, 0) == 0)
            CHECK_MESSAGE(place.rfind(home, 0) == 0, place, " includes ", include);
        }
      }
    }
  }
}
